"""Documents that come one by one: a file, a folder of them, or a zip, which is never unpacked."""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, TypeVar

from importers.files.fields import Warnings
from importers.files.lines import BOMB_BYTES, BOMB_RATIO, BROKEN
from importers.rows import InvalidRow, Row, SkipRow, UnreadableFile

MAX_DOCUMENT: Final = 20_000_000  # bytes; the longest notices of TED have about five million
_ZIP: Final = b"PK\x03\x04"

RecordT = TypeVar("RecordT")


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its rank from 1, its name, its bytes; or why it is refused."""

    rank: int
    name: str
    data: bytes = b""
    refusal: InvalidRow | None = None


def read_documents(
    path: Path, transform: Callable[[bytes, str, Warnings], RecordT]
) -> Iterator[Row[RecordT]]:
    """What `transform` makes of the bytes and the name of each document; one that it refuses
    (InvalidRow) or passes over (SkipRow) costs nothing to the others. Raises UnreadableFile as
    `iter_documents` does."""
    for document in iter_documents(path):
        warnings: Warnings = []
        try:
            if document.refusal:
                raise document.refusal
            record = transform(document.data, document.name, warnings)
        except InvalidRow as refusal:
            why = _told_of(document, path, refusal)
            yield Row(document.rank, warnings=tuple(warnings), refusal=why)
        except SkipRow:
            yield Row(document.rank)
        else:
            yield Row(document.rank, record, tuple(warnings))


def _told_of(document: Document, path: Path, refusal: InvalidRow) -> InvalidRow:
    """The refusal of a document, that names it where it is one of many."""
    if document.refusal or document.name == path.name:
        return refusal
    said = f"{document.name[-120:]} : {refusal}"
    return InvalidRow(refusal.field, refusal.code, said)


def holds_documents(path: Path, suffix: str = ".xml") -> bool:
    """Whether this is a folder, a zip with such documents, or a document that begins as XML."""
    if path.is_dir():
        return True
    with path.open("rb") as file:
        head = file.read(512)
    if not head.startswith(_ZIP):
        return head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").startswith(b"<")
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.lower().endswith(suffix) for name in archive.namelist())
    except BROKEN:
        return False


def iter_documents(path: Path, suffix: str = ".xml") -> Iterator[Document]:
    """The documents of a file, of a folder and those below it, or of a zip, each read alone, in the
    order of their names. Raises UnreadableFile for a zip that is broken or a bomb."""
    if path.is_dir():
        yield from _of_folder(path, suffix)
        return
    with path.open("rb") as file:
        zipped = file.read(4) == _ZIP
    if zipped:
        yield from _of_zip(path, suffix)
        return
    with path.open("rb") as file:
        yield _read(1, path.name, file)


def _of_folder(path: Path, suffix: str) -> Iterator[Document]:
    names = sorted(p for p in path.rglob(f"*{suffix}") if p.is_file() and not p.is_symlink())
    if not names:
        raise UnreadableFile(f"{path.name} : ce dossier ne contient aucun fichier {suffix}.")
    for rank, name in enumerate(names, 1):
        shown = name.relative_to(path).as_posix()
        try:
            with name.open("rb") as file:
                yield _read(rank, shown, file)
        except OSError:
            yield Document(rank, shown, refusal=_refused(shown, "il ne peut pas être ouvert."))


def _of_zip(path: Path, suffix: str) -> Iterator[Document]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(
                (m for m in archive.infolist() if m.filename.lower().endswith(suffix)),
                key=lambda member: member.filename,
            )
            room = max(BOMB_BYTES, BOMB_RATIO * path.stat().st_size)
            for rank, member in enumerate(members, 1):
                document = _of_member(archive, member, rank)
                room -= len(document.data)
                if room < 0:
                    raise UnreadableFile(
                        f"{path.name} : ce zip contient bien plus que sa taille ne le laisse "
                        "attendre, la lecture s'arrête."
                    )
                yield document
    except BROKEN as error:
        raise UnreadableFile(
            f"{path.name} : ce zip est tronqué ou abîmé. Téléchargez-le à nouveau."
        ) from error


def _of_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, rank: int) -> Document:
    try:
        with archive.open(member) as file:
            return _read(rank, member.filename, file)
    except BROKEN:
        why = "il est chiffré ou abîmé."
        return Document(rank, member.filename, refusal=_refused(member.filename, why))


def _read(rank: int, name: str, file: IO[bytes]) -> Document:
    data = file.read(MAX_DOCUMENT + 1)
    if len(data) > MAX_DOCUMENT:
        why = f"il dépasse {MAX_DOCUMENT // 10**6} Mo."
        return Document(rank, name, refusal=_refused(name, why))
    return Document(rank, name, data)


def _refused(name: str, why: str) -> InvalidRow:
    return InvalidRow("", "document", f"{name[-120:]} : {why}")
