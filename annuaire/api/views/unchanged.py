"""What a reader already has, told without working it out again.

A fingerprint is made from the answer itself (`answering`). This remembers, in each process, which
fingerprint an address had at which version of the data: while that version lasts, the answer to
« If-None-Match » is known before anything is searched. A version that nobody can tell (Meilisearch)
is never remembered.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final, cast, get_args

from flask import Response, current_app, request
from werkzeug.http import unquote_etag

from annuaire.asking import today
from annuaire.db import data_version
from annuaire.extensions import engine, session
from search.engine import IndexName

MOST: Final = 4_000  # addresses remembered by a process; some 500 bytes each
#: What changes with the hour, and not with the data alone.
TIMED: Final = frozenset({"api.stats", "api.changes_structures", "api.changes_contracts"})
VERSION: Final = "annuaire.data_version"  # of the request
REPEATED: Final = ("ETag", "Cache-Control", "Vary", "Link", "Content-Type")


@dataclass(frozen=True, slots=True)
class _Known:
    version: str
    headers: tuple[tuple[str, str], ...]


class Remembered:
    """Fingerprints by address, the least used forgotten first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def get(self, key: str, version: str) -> _Known | None:
        """What is known of an address at this very version."""
        with self._lock:
            found = self._known.get(key)
            if found is None or found.version != version:
                return None
            self._known.move_to_end(key)
            return found

    def keep(self, key: str, known: _Known) -> None:
        """Remember what an address answered."""
        with self._lock:
            self._known[key] = known
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)


def already_had() -> Response | None:
    """The answer 304 to a reader who has what this address would answer; None when that is not
    known. Runs before the view."""
    if request.method not in {"GET", "HEAD"} or request.endpoint in TIMED:
        return None
    version = _version()
    if version is None:
        return None
    request.environ[VERSION] = version
    if not request.if_none_match:
        return None
    known = _remembered().get(_key(), version)
    if known is None:
        return None
    etag, _weak = unquote_etag(dict(known.headers)["ETag"])
    if not (etag and request.if_none_match.contains_weak(etag)):
        return None
    return Response(status=304, headers=list(known.headers))


def remember(response: Response) -> None:
    """Remember the fingerprint of what was just answered. Runs last, on what leaves."""
    version = request.environ.get(VERSION)
    if version is None or response.status_code != 200 or "ETag" not in response.headers:
        return
    headers = [(name, response.headers[name]) for name in REPEATED if name in response.headers]
    _remembered().keep(_key(), _Known(version, tuple(headers)))


def _key() -> str:
    """What an answer depends on, beside the data."""
    asked = (request.headers.get(name, "") for name in ("Accept", "Accept-Encoding"))
    return "\n".join((request.full_path, *asked))


def _version() -> str | None:
    """The version of the data and of the day, of which the answers speak."""
    versions = [engine().version(name) for name in get_args(IndexName)]
    if None in versions:
        return None
    return f"{today()} {data_version(session())} {versions}"


def _remembered() -> Remembered:
    """What this application remembers: each has its own data."""
    found = current_app.extensions.setdefault("annuaire.remembered", Remembered())
    return cast(Remembered, found)
