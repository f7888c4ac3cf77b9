"""Opening what people call a text file: plain, gzip or zip, in whatever encoding, of any size.

Nothing here trusts a file's name. Lines are split by hand, in bytes, so that a line of two
gigabytes, a zip bomb or a truncated archive costs no memory and is told apart from good rows.
"""

import codecs
import gzip
import lzma
import re
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast

from importers.rows import UnreadableFile

CHUNK = 1 << 16
SNIFFED = 4096
MAX_LINE = 1_000_000  # bytes; a longer line is refused, the next ones are read
MAX_COLUMNS = 2_000  # of a table; the widest directory has 128
MAX_SKIPPED = 64_000_000  # bytes of one line thrown away before the whole file is refused
BOMB_BYTES = 100_000_000  # below that, any compression ratio is harmless
BOMB_RATIO = 200  # public CSV files compress 3 to 30 times

_FOREIGN = (
    (b"\x89PNG", "une image PNG"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"GIF8", "une image GIF"),
    (b"%PDF", "un document PDF"),
    (b"\xd0\xcf\x11\xe0", "un ancien classeur Excel (.xls)"),
    (b"BZh", "une archive bzip2"),
    (b"\xfd7zXZ", "une archive xz"),
    (b"7z\xbc\xaf", "une archive 7z"),
    (b"Rar!", "une archive RAR"),
    (b"(\xb5/\xfd", "une archive zstd"),
    (b"PAR1", "un fichier Parquet"),
    (b"SQLite format 3", "une base SQLite"),
    (b"PK\x03\x04", "une archive zip dans une archive"),
    (b"\x1f\x8b", "une archive gzip dans une archive"),
)
_HTML = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml\b", re.IGNORECASE)

# UTF-8 sequences that French text really has; anything else in a broken line is cp1252.
_UTF8_FRENCH = re.compile(
    rb"[\x00-\x7f]+|\xc2[\xa0-\xbf]|\xc3[\x80-\xbf]|\xc5[\x92\x93\xb8]|\xe2\x80[\x90-\xbf]"
    rb"|\xe2\x82\xac|[\x80-\xff]"
)
#: What reading an archive raises where it is damaged, or locked.
BROKEN = (
    EOFError,  # it ends before what it announces
    OSError,  # damaged gzip or bzip2, an offset outside the file
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    ValueError,  # a name or a text that is not the UTF it says; an offset past any file's end
    RuntimeError,  # a password; NotImplementedError, which is one: a method that zipfile lacks
)


@dataclass(frozen=True, slots=True)
class Line:
    """A physical line: `number` from 1, `data` without its end; `skipped` bytes were thrown
    away when it was longer than the limit (`data` is then its beginning)."""

    number: int
    data: bytes
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Beginnings:
    """The lines that are wanted, besides the first: those whose first `size` bytes are listed."""

    size: int
    listed: frozenset[bytes]


def iter_lines(
    path: Path, max_line: int = MAX_LINE, only: Beginnings | None = None
) -> Generator[Line, None, None]:
    """The lines of a text file, as bytes in UTF-8 or in an 8-bit encoding, streamed.

    With `only`, the other lines are passed over, undecoded and quickly. Raises UnreadableFile for
    what is not text at once, and on the way for a truncated archive, a zip bomb or an endless
    line; the lines given before stand.
    """
    with ExitStack() as stack:
        stream = _open(path, stack)
        yield from _split(path, stream, max_line, only)


def decode(data: bytes) -> tuple[str, bool]:
    """The line as text, and whether it was wholly UTF-8.

    A line that is not UTF-8 is read as Windows-1252, except for its sequences that can only be
    UTF-8: a file pasted from both is read right. Raises UnicodeDecodeError for the five bytes
    that neither knows.
    """
    try:
        return data.decode("utf-8"), True
    except UnicodeDecodeError:
        parts = (m.group() for m in _UTF8_FRENCH.finditer(data))
        return "".join(p.decode("utf-8" if len(p) > 1 else "cp1252") for p in parts), False


class _Readable(Protocol):
    def read1(self, size: int, /) -> bytes: ...


def _open(path: Path, stack: ExitStack, *, xml: bool = False) -> "_Stream":
    try:
        raw = stack.enter_context(path.open("rb"))
        size = path.stat().st_size
    except OSError as e:
        raise UnreadableFile(f"{path.name} : le fichier ne peut pas être ouvert.") from e
    magic = raw.read(4)
    raw.seek(0)
    if magic.startswith(b"\x1f\x8b"):
        stream = _Stream(path, gzip.GzipFile(fileobj=raw), size)
    elif magic.startswith(b"PK\x03\x04"):
        stream = _Stream(path, _zip_member(path, raw, stack), size)
    else:
        stream = _Stream(path, raw, size, compressed=False)
    head = stream.peek()
    if head or not stream.broken:  # what breaks before its first byte is truncated, not empty
        _check_text(path, head, xml=xml)
    return stream


def _zip_member(path: Path, raw: IO[bytes], stack: ExitStack) -> zipfile.ZipExtFile:
    try:
        archive = stack.enter_context(zipfile.ZipFile(raw))
        names = archive.namelist()
        if "[Content_Types].xml" in names or "mimetype" in names:
            raise UnreadableFile(
                f"{path.name} : c'est un classeur (XLSX ou ODS), pas un CSV. "
                "Enregistrez la feuille au format CSV UTF-8."
            )
        members = [n for n in names if not n.endswith("/") and not n.startswith("__MACOSX")]
        if len(members) != 1:
            raise UnreadableFile(
                f"{path.name} : l'archive zip contient {len(members)} fichiers au lieu d'un seul."
            )
        return stack.enter_context(cast(zipfile.ZipExtFile, archive.open(members[0])))
    except BROKEN as e:
        raise UnreadableFile(
            f"{path.name} : l'archive zip est abîmée ou protégée par un mot de passe."
        ) from e


def _check_text(path: Path, head: bytes, *, xml: bool) -> None:
    """Refuses what is surely not text, saying what it is; and XML where it is not awaited."""
    if not head.strip():
        raise UnreadableFile(f"{path.name} : le fichier est vide.")
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise UnreadableFile(f"{path.name} : c'est {what}, pas un fichier texte.")
    if _HTML.match(head):
        raise UnreadableFile(
            f"{path.name} : c'est une page web (HTML), sans doute un message d'erreur du site "
            "de téléchargement. Téléchargez le fichier à nouveau."
        )
    if not xml and _XML.match(head):
        raise UnreadableFile(f"{path.name} : c'est un fichier XML, un autre format est attendu.")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return
    sample = head[:SNIFFED]
    controls = sum(1 for b in sample if b < 9 or 13 < b < 32)
    if controls > 8 and controls * 10 > len(sample):
        nuls = sample.count(0)
        what = (
            "le texte semble être en UTF-16 sans marque d'ordre ; enregistrez-le en UTF-8"
            if nuls * 10 > len(sample) * 3 and nuls * 10 > controls * 9
            else "ce n'est pas un fichier texte"
        )
        raise UnreadableFile(f"{path.name} : {what}.")


class _Stream:
    """Chunks of bytes in their order, what comes out counted against the size on disk."""

    def __init__(self, path: Path, source: _Readable, size: int, compressed: bool = True) -> None:
        self._head = b""
        self._failure: BaseException | None = None
        self._path = path
        self._source = source
        self._limit = max(BOMB_BYTES, BOMB_RATIO * size) if compressed else None
        self._given = 0

    def peek(self) -> bytes:
        """The beginning, kept for `chunks`; what breaks in it will be raised there."""
        try:
            while len(self._head) < SNIFFED and (chunk := self._read()):
                self._head += chunk
        except BROKEN as e:
            self._failure = e
        return self._head

    @property
    def broken(self) -> bool:
        """Whether the beginning could not be read whole."""
        return self._failure is not None

    def chunks(self) -> Iterator[bytes]:
        """Every chunk; marked UTF-16 becomes UTF-8. Raises BROKEN on a broken archive."""
        if not self._head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            yield self._head.removeprefix(codecs.BOM_UTF8)
            yield from self._rest()
            return
        decoder = codecs.getincrementaldecoder("utf-16")()
        yield decoder.decode(self._head).encode("utf-8")
        for chunk in self._rest():
            yield decoder.decode(chunk).encode("utf-8")
        yield decoder.decode(b"", final=True).encode("utf-8")

    def _rest(self) -> Iterator[bytes]:
        if self._failure:
            raise self._failure
        while chunk := self._read():
            yield chunk

    def _read(self) -> bytes:
        chunk = self._source.read1(CHUNK)
        self._given += len(chunk)
        if self._limit is not None and self._given > self._limit:
            raise UnreadableFile(
                f"{self._path.name} : l'archive gonfle plus de {BOMB_RATIO} fois en se "
                "décompressant, elle est refusée par prudence."
            )
        return chunk


def _split(path: Path, stream: _Stream, max_line: int, only: Beginnings | None) -> Iterator[Line]:
    number, rest, skipped = 1, b"", 0
    end = b""
    try:
        for chunk in stream.chunks():
            end = end or _end_of_line(chunk)
            *whole, last = chunk.split(end)
            if whole:
                whole[0] = rest + whole[0]
                for index, piece in _wanted(whole, only, first=number == 1):
                    lost = 0 if index else skipped
                    size = len(piece)
                    yield Line(number + index, piece[:max_line], lost + max(0, size - max_line))
                number, rest, skipped = number + len(whole), b"", 0
            rest += last
            if len(rest) > max_line:
                skipped += len(rest) - max_line
                rest = rest[:max_line]
            if skipped > MAX_SKIPPED:
                raise UnreadableFile(
                    f"{path.name}, ligne {number} : la ligne dépasse {MAX_SKIPPED // 10**6} Mo, "
                    "la lecture s'arrête là."
                )
    except BROKEN as e:
        raise UnreadableFile(
            f"{path.name}, ligne {number} : le fichier est tronqué ou abîmé à partir d'ici ; "
            "les lignes précédentes ont été lues. Téléchargez le fichier à nouveau."
        ) from e
    if rest and [*_wanted([rest], only, first=number == 1)]:
        yield Line(number, rest, skipped)


def _wanted(
    pieces: list[bytes], only: Beginnings | None, *, first: bool
) -> Iterable[tuple[int, bytes]]:
    """The pieces that are wanted, with their rank; `first`: the file's first line is among them."""
    if only is None:
        return enumerate(pieces)
    size, listed = only.size, only.listed
    found = [(i, piece) for i, piece in enumerate(pieces) if piece[:size] in listed]
    return [(0, pieces[0]), *(one for one in found if one[0])] if first else found


def _end_of_line(beginning: bytes) -> bytes:
    """What ends the lines of a file: a carriage return alone where its beginning has no other, as
    the « CSV (Macintosh) » of spreadsheets."""
    return b"\r" if b"\r" in beginning and b"\n" not in beginning else b"\n"
