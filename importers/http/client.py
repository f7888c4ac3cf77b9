"""Requests for one source: redirects followed within its hosts, patient, bounded."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

import orjson
from urllib3.exceptions import DecodeError, HTTPError, InvalidHeader
from urllib3.util import Retry

from importers.http.door import Access, Answer, Door
from importers.http.errors import (
    ForbiddenAddress,
    HttpStatus,
    Passing,
    Paused,
    TooSlow,
    Unreachable,
    WrongContent,
)
from importers.http.network import Network

T = TypeVar("T")

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
ASKED_FOR = {304: ("If-None-Match", "If-Modified-Since"), 416: ("Range",)}
#: What may follow a redirect to another host; a token may not.
HARMLESS = frozenset(
    {"Accept", "Accept-Encoding", "Range", "If-Range", "If-None-Match", "If-Modified-Since"}
)
MAX_REDIRECTS = 5
MAX_WAIT = 300.0  # seconds that a service may ask us to wait; past that, come back later
MAX_PAUSE = 60.0  # seconds between two attempts when the service says nothing
BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Page:
    """A text and the address that it was finally read at."""

    url: str
    text: str


class Client:
    """A client for one source; closes its connections at the end of a `with`.

    Raises OnlineError in its kinds, never an error of a library.
    """

    def __init__(
        self,
        access: Access,
        user_agent: str,
        network: Network | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.access = access
        self._sleep, self._clock = sleep, clock
        self._door = Door(access, user_agent, network or Network(), sleep, clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()

    def get_json(
        self,
        url: str,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The JSON at an address. `headers` (a token) do not follow to another host."""
        full = f"{url}?{urlencode(params)}" if params else url
        asked = {"Accept": "application/json", **(headers or {})}
        _, data = self.retrying(lambda: self._whole(full, asked))
        return _json(url, data)

    def post_json(self, url: str, question: Mapping[str, Any]) -> Any:
        """The JSON that answers a question asked as JSON: for services that are only read so, and
        may be asked twice."""
        asked = {"Accept": "application/json", "Content-Type": "application/json"}
        body = orjson.dumps(question)
        _, data = self.retrying(lambda: self._whole(url, asked, body))
        return _json(url, data)

    def get_page(self, url: str) -> Page:
        """The text (UTF-8) of a web page."""
        final, data = self.retrying(lambda: self._whole(url, {"Accept": "text/html"}))
        return Page(final, data.decode("utf-8", "replace"))

    def retrying(self, attempt: Callable[[], T]) -> T:
        """The result of `attempt`, tried again after passing failures, each time later.

        Attempts are counted since the last that brought much. Raises Unreachable after the last,
        Paused when the service asks for more patience than we have.
        """
        failures = 0
        while True:
            try:
                return attempt()
            except Passing as failure:
                failures = 1 if failure.progressed else failures + 1
                wait = failure.wait
                if wait is not None and wait > MAX_WAIT:
                    raise Paused(
                        f"{_sentence(failure.reason)} ; le service demande d'attendre "
                        f"{wait / 60:.0f} minutes. Relancez la commande après ce délai."
                    ) from failure
                if failures >= self.access.attempts:
                    raise Unreachable(
                        f"{_sentence(failure.reason)}, après {failures} essais. Relancez la "
                        "commande plus tard : ce qui est déjà téléchargé est gardé."
                    ) from failure
                self._sleep(wait if wait is not None else min(MAX_PAUSE, 2.0**failures))

    @contextmanager
    def answer(
        self, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Iterator[tuple[str, Answer]]:
        """One answer, redirects followed, its body not read yet, with its final address; a request
        that has a body follows none.

        Raises HttpStatus, Passing, ForbiddenAddress. 2xx is given, and 304 or 416 to a request
        that asked for news or for a part.
        """
        asked = dict(headers)
        for _ in range(MAX_REDIRECTS + 1):
            host, path = self._door.checked(url)
            response = self._door.send(host, path, asked, body)
            try:
                location = response.get_redirect_location()
                if not location:
                    _check_status(host, path, response, asked)
                    yield url, response
                    return
            finally:
                # Closed, never emptied: a body that nobody wants may have no end.
                if not response.closed:
                    response.close()
            if body is not None:
                raise WrongContent(f"{host} redirige la question posée à {path[:200]}.")
            url = _joined(url, location)
            if urlsplit(url).hostname != host:
                asked = {name: value for name, value in asked.items() if name in HARMLESS}
        raise WrongContent(f"{host} redirige sans fin ({MAX_REDIRECTS} fois) pour {path[:200]}.")

    def blocks(self, response: Answer, *, decode: bool) -> Iterator[bytes]:
        """The body as it comes, not longer than `max_seconds`; raises Passing when it is cut."""
        until = self._clock() + self.access.max_seconds
        try:
            while block := response.read1(BLOCK, decode_content=decode):
                yield block
                if self._clock() > until:
                    raise TooSlow("le service répond trop lentement")
        except DecodeError as error:
            raise Passing("la réponse est abîmée") from error
        except HTTPError as error:
            raise Passing("la connexion a été coupée pendant la réponse") from error

    def _whole(
        self, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> tuple[str, bytes]:
        data = bytearray()
        with self.answer(url, {"Accept-Encoding": "gzip", **headers}, body) as (final, response):
            for block in self.blocks(response, decode=True):
                data += block
                if len(data) > self.access.max_answer:
                    raise WrongContent(
                        f"{urlsplit(final).hostname} : la réponse dépasse "
                        f"{self.access.max_answer // 10**6} Mo, la lecture s'arrête."
                    )
        return final, bytes(data)


def _json(url: str, data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        host = urlsplit(url).hostname
        raise WrongContent(f"{host} n'a pas répondu en JSON : {_start(data)}") from None


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise ForbiddenAddress(f"L'adresse « {location[:200]} » est mal formée.") from None


def _check_status(host: str, path: str, response: Answer, asked: Mapping[str, str]) -> None:
    status = response.status
    if 200 <= status < 300 or any(name in asked for name in ASKED_FOR.get(status, ())):
        return
    if status in PASSING:
        raise Passing(f"{host} a répondu {status}", _asked_wait(response))
    raise HttpStatus(host, path, status)


def _asked_wait(response: Answer) -> float | None:
    """Seconds of the header Retry-After, a number or a date."""
    try:
        return Retry().get_retry_after(response)
    except InvalidHeader:
        return None


def _start(data: bytes) -> str:
    """The beginning of an answer that is not what it should be, for a message."""
    text = " ".join(data[:400].decode("utf-8", "replace").split())
    return f"« {text[:120]} »." if text else "la réponse est vide."


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:]
