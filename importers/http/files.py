"""Files downloaded to disk: resumed after a cut, checked against what the publisher states.

Beside `name` stand `name.part` (what came so far), `name.part.json` (of which version) and, once
complete, `name.json` (what it is, for the next time). Killed at any point and called again, the
result is that of one clean download: a part is only continued when it is of the same version.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from importers.http.client import BLOCK, Client
from importers.http.door import Answer
from importers.http.errors import OnlineError, Passing, TooSlow, WrongContent

OnBytes = Callable[[int, int | None], None]  # bytes had so far, bytes in all when known


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a file before it comes: its size in bytes and its checksum when stated
    ("sha1" or "sha256", in hexadecimal), the size that it may never pass, and how a file of its
    kind begins (one of `starts`)."""

    max_bytes: int
    size: int | None = None
    algorithm: str | None = None
    checksum: str | None = None
    starts: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A complete file; `fresh` is false when the one kept from before is still current."""

    path: Path
    fresh: bool


@dataclass(slots=True)
class _Notes:
    """Of which version the bytes on disk are."""

    url: str
    checksum: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None  # of the complete file

    @property
    def validator(self) -> str | None:
        """What proves a version byte for byte (RFC 9110, 13.1.5): never a weak ETag."""
        if self.etag:
            return None if self.etag.startswith("W/") else self.etag
        return self.last_modified


def download(
    client: Client,
    url: str,
    target: Path,
    wanted: Wanted,
    on_bytes: OnBytes = lambda _done, _total: None,
) -> Downloaded:
    """Bring the file at `url` to `target`, whose folder is made. Raises OnlineError.

    Nothing is asked when the file kept from before has the stated checksum; the service is asked
    whether it changed when no checksum is stated.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if wanted.checksum and target.is_file() and _digest(target, wanted) == wanted.checksum:
        return Downloaded(target, fresh=False)
    transfer = _Transfer(client, url, target, wanted, on_bytes)
    try:
        fresh = client.retrying(transfer.attempt)
    except OSError as error:
        raise OnlineError(
            f"{target.name} ne peut pas être écrit dans {target.parent} ({error.strerror}) : "
            "libérez de la place ou vérifiez les droits, puis relancez."
        ) from error
    return Downloaded(target, fresh)


class _Transfer:
    """One file on its way; each attempt starts from what is on disk."""

    def __init__(
        self, client: Client, url: str, target: Path, wanted: Wanted, on_bytes: OnBytes
    ) -> None:
        self.client, self.url, self.target, self.wanted = client, url, target, wanted
        self.on_bytes = on_bytes
        self.part = target.with_name(target.name + ".part")
        self.host = urlsplit(url).hostname or ""

    def attempt(self) -> bool:
        """Go on from the part, or start; false when the kept file is still current."""
        had, headers = self._state()
        with self.client.answer(self.url, {"Accept-Encoding": "identity", **headers}) as (_, got):
            if got.status == 304:
                return False
            if got.status in (206, 416) and not self._continues(got, had):
                self._drop()
                raise Passing(f"{self.host} ne permet pas de reprendre le téléchargement")
            if got.status != 416:  # 416: there is no rest, all had come before the kill
                self._receive(got, had if got.status == 206 else self._begin(got))
        self._finish()
        return True

    def _state(self) -> tuple[int, dict[str, str]]:
        """Bytes that are worth keeping, and the headers that ask for the rest, or for news."""
        notes = _read_notes(self.part)
        if notes and (notes.url, notes.checksum) == (self.url, self.wanted.checksum):
            had = self.part.stat().st_size if self.part.is_file() else 0
            if had and notes.validator:
                return had, {"Range": f"bytes={had}-", "If-Range": notes.validator}
        kept = _read_notes(self.target)
        if kept and kept.url == self.url and not self.wanted.checksum and self._intact(kept):
            if kept.etag:
                return 0, {"If-None-Match": kept.etag}
            if kept.last_modified:
                return 0, {"If-Modified-Since": kept.last_modified}
        return 0, {}

    def _intact(self, kept: _Notes) -> bool:
        return self.target.is_file() and _sha256(self.target) == kept.sha256

    def _continues(self, got: Answer, had: int) -> bool:
        """Whether the answer is the rest of the very version that the part is of: from the byte
        that we have (206), or none since we have all (416)."""
        notes, etag = _read_notes(self.part), got.headers.get("ETag")
        form = r"bytes \*/(\d+)" if got.status == 416 else r"bytes (\d+)-\d+/(?:\d+|\*)"
        span = re.fullmatch(form, got.headers.get("Content-Range", ""))
        same = notes is not None and etag in (None, notes.etag)
        return had > 0 and same and span is not None and int(span[1]) == had

    def _begin(self, got: Answer) -> int:
        """A first byte: the part is emptied before its notes change, never the other way round."""
        self.part.write_bytes(b"")
        notes = _Notes(
            url=self.url,
            checksum=self.wanted.checksum,
            etag=got.headers.get("ETag"),
            last_modified=got.headers.get("Last-Modified"),
        )
        _write_notes(self.part, notes)
        return 0

    def _receive(self, got: Answer, had: int) -> None:
        if got.headers.get("Content-Type", "").lower().startswith("text/html"):
            raise self._refused("une page web est venue à la place du fichier")
        rest = _length(got)
        total = self.wanted.size or (had + rest if rest is not None else None)
        limit = self.wanted.size or self.wanted.max_bytes
        if rest is not None and had + rest > limit:
            raise self._refused(f"{had + rest} octets sont annoncés, {limit} au plus attendus")
        start = had
        with self.part.open("ab") as file:
            try:
                for block in self.client.blocks(got, decode=False):
                    had += file.write(block)
                    if had > limit:
                        raise self._refused(f"plus de {limit} octets sont venus")
                    self.on_bytes(had, total)
            except Passing as cut:
                cut.progressed = had - start >= BLOCK and not isinstance(cut, TooSlow)
                raise

    def _finish(self) -> None:
        """Check the whole, give it its name, note what it is."""
        size = self.part.stat().st_size
        if self.wanted.size is not None and size != self.wanted.size:
            raise self._refused(f"{size} octets sont venus, {self.wanted.size} étaient annoncés")
        if self.wanted.checksum and _digest(self.part, self.wanted) != self.wanted.checksum:
            raise self._refused(f"son empreinte {self.wanted.algorithm} n'est pas celle annoncée")
        if not size:
            raise self._refused("il est vide")
        if self.wanted.starts and not _begins(self.part, self.wanted.starts):
            raise self._refused("son contenu n'est pas du type attendu")
        notes = _read_notes(self.part) or _Notes(self.url)
        notes.sha256 = _sha256(self.part)
        self.part.replace(self.target)
        _write_notes(self.target, notes)
        _notes_path(self.part).unlink(missing_ok=True)

    def _refused(self, why: str) -> WrongContent:
        """The part is of no use: it goes, the file of before stays."""
        self._drop()
        return WrongContent(
            f"Le fichier reçu de {self.host} est refusé : {why}. Rien n'a été lu ; relancez plus "
            "tard, et prévenez le producteur si cela dure."
        )

    def _drop(self) -> None:
        self.part.unlink(missing_ok=True)
        _notes_path(self.part).unlink(missing_ok=True)


def _length(got: Answer) -> int | None:
    value = got.headers.get("Content-Length", "")
    return int(value) if value.isascii() and value.isdigit() else None


def _begins(path: Path, starts: tuple[bytes, ...]) -> bool:
    with path.open("rb") as file:
        return file.read(16).startswith(starts)


def _digest(path: Path, wanted: Wanted) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, wanted.algorithm or "sha256").hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _notes_path(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _write_notes(path: Path, notes: _Notes) -> None:
    draft = path.with_name(path.name + ".json.new")
    draft.write_text(json.dumps(asdict(notes)), encoding="utf-8")
    draft.replace(_notes_path(path))


def _read_notes(path: Path) -> _Notes | None:
    """The notes of a file; None when there are none that can be read: the file is then not
    trusted."""
    try:
        found: Mapping[str, Any] = json.loads(_notes_path(path).read_text(encoding="utf-8"))
        return _Notes(**found)
    except (OSError, ValueError, TypeError):
        return None
