"""What a file is, by its content; its name counts for nothing."""

import io
import lzma
import re
import zipfile
import zlib

from annuaire.documents.limits import MB, Limits
from annuaire.documents.refusals import Refused
from annuaire.documents.text import Kind

_HEAD = 1024  # bytes within which a PDF says what it is (ISO 32000, annex H of its readers)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF")
_ARCHIVES = (b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_PROGRAMS = (b"\x7fELF", b"\xca\xfe\xba\xbe", b"SQLite format 3", b"%!PS")
_NO_DOCUMENT = ((_PICTURES, "picture"), (_ARCHIVES, "archive"), (_PROGRAMS, "unknown"))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_OLD_WORD = "WordDocument".encode("utf-16-le")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE_DECLARATION = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PARTS = 5_000  # files in a document; more is no document
_CODE = ("/Module1.xml", ".py", ".bsh", ".js")  # what the macros of an ODT are written in
_ODT_MEDIA = b"application/vnd.oasis.opendocument.text"
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\r\f\x0b\x1b")
#: What zipfile raises for an archive that is damaged or that it cannot unpack.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,  # damaged bzip2
    EOFError,  # a part that ends before its size
    ValueError,  # a part said to stand before the file; a name that is not the UTF-8 it says
    NotImplementedError,  # a version, a method or a cipher that it does not know
)
_STRAY = 0.02  # share of control characters that a text may hold by accident
_FEW_STRAY = 3


def kind_of(data: bytes, limits: Limits) -> Kind:
    """The kind of a document that may be read. Raises Refused."""
    head = data[:_HEAD]
    if not data.strip():
        raise Refused("empty")
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"PK"):
        return _of_archive(data, limits)
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(_OLE):
        raise Refused(_of_compound(data))
    for marks, code in _NO_DOCUMENT:
        if head.startswith(marks):
            raise Refused(code)
    return _of_letters(head)


def _of_letters(head: bytes) -> Kind:
    if _HTML.search(head):
        return "html"
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    stray = len(head) - len(head.translate(None, _CONTROLS))
    is_binary = not wide and stray > max(_FEW_STRAY, _STRAY * len(head))
    # The tags of other XML are no text.
    if is_binary or head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml"):
        raise Refused("unknown")
    return "txt"


def _of_compound(data: bytes) -> str:
    """Why a Microsoft compound file is refused: it is no DOCX, or one under a password."""
    if _ENCRYPTED_OFFICE in data:
        return "password"
    return "old_word" if _OLD_WORD in data else "workbook"


def _of_archive(data: bytes, limits: Limits) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _of_parts(archive, limits)
    except _BROKEN as error:
        raise Refused("broken") from error
    except RuntimeError as error:  # what zipfile says of a part under a password
        raise Refused("password") from error


def _of_parts(archive: zipfile.ZipFile, limits: Limits) -> Kind:
    parts = {part.filename: part for part in archive.infolist()}
    if len(archive.infolist()) > _PARTS:
        raise Refused("unpacked")
    _check_unpacked(archive, limits)
    if "[Content_Types].xml" in parts:
        types = archive.read("[Content_Types].xml")
        if b"macroEnabled" in types or any("vbaproject" in name.lower() for name in parts):
            raise Refused("macros")
        if b"wordprocessingml" not in types:
            raise Refused("workbook")
        return "docx"
    if "mimetype" in parts:
        media = archive.read("mimetype").strip()
        if not media.startswith(_ODT_MEDIA):
            raise Refused("workbook" if b"opendocument" in media else "archive")
        if b"encryption-data" in _manifest(archive, parts):
            raise Refused("password")
        if any(name.startswith(("Basic/", "Scripts/")) and name.endswith(_CODE) for name in parts):
            raise Refused("macros")
        return "odt"
    raise Refused("archive")


def _manifest(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> bytes:
    name = "META-INF/manifest.xml"
    return archive.read(name) if name in parts else b""


def _check_unpacked(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Unpack every part once, piece by piece: what it says of its size may be a lie. Raises
    Refused past the limit, and for an XML part that declares a document type or entities."""
    left = limits.unpacked_mb * MB
    for part in archive.infolist():
        is_xml = part.filename.lower().endswith((".xml", ".rels"))
        with archive.open(part) as stream:
            tail = b""
            while piece := stream.read(MB):
                left -= len(piece)
                if left < 0:
                    raise Refused("unpacked")
                if is_xml and _declares(tail + piece):
                    raise Refused("entities")
                tail = piece[-64:]


def _declares(piece: bytes) -> bool:
    if b"\0" in piece:  # UTF-16
        both = (piece.decode(name, "ignore") for name in ("utf-16-le", "utf-16-be"))
        return any(_WIDE_DECLARATION.search(text) for text in both)
    return _DECLARATION.search(piece) is not None
