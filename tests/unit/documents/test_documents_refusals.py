"""What is not read, with the reason and what to do; hostile files end a helper, never the site."""

import io
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore

import pytest

from annuaire.documents import apart
from annuaire.documents.apart import Busy, analysis_of, analysis_of_bytes
from annuaire.documents.extracting import extract
from annuaire.documents.limits import Limits
from annuaire.documents.refusals import REASONS, DocumentRefusedError, Refused
from tests.factories import documents as made

LIMITS = Limits()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ENTITY = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
MACROS = made.edited(
    made.word("x"), "[Content_Types].xml", "document.main+xml", "document.macroEnabled.main+xml"
)
LOCKED = made.edited(
    made.open_text("x"), "META-INF/manifest.xml", "<manifest:file-entry",
    "<manifest:encryption-data/><manifest:file-entry",
)  # fmt: skip


def damaged(method: int) -> bytes:
    """A document whose first part is damaged, packed in one of the ways of a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("[Content_Types].xml", "".join(f"<part{n}/>" for n in range(200)))
    data = bytearray(out.getvalue())
    data[80:110] = b"\xff" * 30
    return bytes(data)


DECLARED = made.edited(made.word("x"), "word/document.xml", "<w:document", ENTITY + "<w:document")
ODT_DECLARED = made.edited(
    made.open_text("x"), "content.xml", "<office:document", ENTITY + "<office:document"
)

REFUSED = {
    "empty": b"",
    "empty blanks": b" \n\t\r\n",
    "no_text": b"-- *** --",
    "no_text pdf": made.pdf([]),
    "no_text docx": made.word(),
    "images": made.scanned_pdf("", ""),
    "images stamped": made.scanned_pdf(
        "Envoyé en préfecture le 12/03/2026 - ID : 059-215903501-20260312-2026_41-DE",
        "2 / 2",
        whole=True,
    ),
    "images stamped, before an empty page": made.scanned_pdf("1 / 2", None, whole=True),
    "password pdf": made.pdf(["secret"], password="ouvrir"),  # noqa: S106 - of the test's file
    "password office": OLE + "EncryptedPackage".encode("utf-16-le"),
    "password odt": LOCKED,
    "old_word": OLE + "WordDocument".encode("utf-16-le"),
    "workbook old": OLE + "Workbook".encode("utf-16-le"),
    "workbook": made.archive(**{"[Content_Types]_xml": b"spreadsheetml"}),
    "workbook ods": made.archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
    "archive": made.archive(**{"lisez-moi.txt": b"bonjour"}),
    "archive rar": b"Rar!\x1a\x07\x00" + bytes(20),
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(20),
    "picture jpeg": b"\xff\xd8\xff\xe0" + bytes(20),
    "unknown program": b"\x7fELF" + bytes(60),
    "unknown bytes": bytes(range(256)) * 4,
    "unknown xml": b'<?xml version="1.0"?><office:document>Lot 1</office:document>',
    "broken pdf": b"%PDF-1.7\n" + b"\x00garbage" * 30,
    "broken zip": made.word("x")[:-40],
    "broken zip, stored": damaged(zipfile.ZIP_STORED),
    "broken zip, deflated": damaged(zipfile.ZIP_DEFLATED),
    "broken zip, bzip2": damaged(zipfile.ZIP_BZIP2),
    "broken zip, lzma": damaged(zipfile.ZIP_LZMA),
    "macros": MACROS,
    "entities": DECLARED,
    "entities odt": ODT_DECLARED,
    "too_long": made.pdf(*[["page"]] * 501),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(Refused) as caught:
        extract(REFUSED[name], LIMITS)
    assert caught.value.code == name.partition(" ")[0]
    assert DocumentRefusedError(caught.value.code, LIMITS).message.endswith(".")


def test_every_reason_is_a_sentence_with_what_to_do() -> None:
    told = [DocumentRefusedError(code, LIMITS).message for code in REASONS]
    assert all(len(message) > 40 and "{" not in message for message in told)


def test_the_name_of_a_file_counts_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "consultation.docx"
    path.write_bytes(made.pdf(["Lot n° 1 : nettoyage des bureaux"]))
    with path.open("rb") as file:
        assert analysis_of(file, LIMITS).document.kind == "pdf"


def nested(depth: int) -> bytes:
    return made.word("x", xml="<w:ins>" * depth + "</w:ins>" * depth)


def nested_html(depth: int) -> bytes:
    return b"<html><body>" + b"<div>" * depth + b"Lot 1 : nettoyage" + b"</div>" * depth


CATALOGUE = "<< /Type /Catalog /Pages 2 0 R >>"
PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>"
TREE = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
HOSTILE = {
    "pages that hold themselves": made.raw_pdf(
        CATALOGUE, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"
    ),
    "a count of a thousand million pages": made.raw_pdf(
        CATALOGUE, "<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>", PAGE
    ),
    "arrays in arrays": made.raw_pdf(CATALOGUE, TREE, "[" * 50_000 + "]" * 50_000),
    "a stream that packs a thousandfold": made.raw_pdf(
        CATALOGUE, TREE, PAGE, stream=b"q " * (1 << 20)
    ),
    "elements in elements": nested(60_000),
    "pages of a site in one another": nested_html(200_000),
    "braces in braces": b"{\\rtf1 " + b"{" * 200_000 + b"}" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gives_an_answer_or_a_refusal(name: str) -> None:
    limits = Limits(seconds=8)
    with suppress(DocumentRefusedError):
        assert len(analysis_of_bytes(HOSTILE[name], limits).document.text) <= limits.characters


def test_a_helper_that_meets_its_limits_says_so() -> None:
    text = b"Le marche comporte une clause d'insertion de 12 heures.\n" * 30_000
    with pytest.raises(DocumentRefusedError) as slow:
        analysis_of_bytes(text, Limits(seconds=1, memory_mb=200))
    assert slow.value.code == "too_heavy"
    with pytest.raises(DocumentRefusedError) as large:
        analysis_of_bytes(text, Limits(size_mb=1))
    assert large.value.code == "too_large"
    with pytest.raises(DocumentRefusedError) as long:
        analysis_of_bytes(text, Limits(characters=1_000))
    assert long.value.code == "too_long"


def test_when_too_many_are_read_one_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    full = BoundedSemaphore(1)
    monkeypatch.setattr(apart, "_PLACES", full)
    monkeypatch.setattr(apart, "WAIT", 0.01)
    with full, pytest.raises(Busy, match="renvoyez-le dans"):
        analysis_of_bytes(b"Lot 1 : nettoyage", LIMITS)
    assert analysis_of_bytes(b"Lot 1 : nettoyage", LIMITS).lots


def test_nothing_of_a_document_stays_on_the_disk(tmp_path: Path) -> None:
    code = (
        "import sys; from annuaire.documents.apart import analysis_of_bytes as a;"
        "from annuaire.documents.limits import Limits;"
        "a(sys.stdin.buffer.read(), Limits())"
    )
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", code],
        input=made.word("Lot n° 1 : nettoyage"),
        env={"TMPDIR": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_a_zip_that_lies_on_its_sizes_is_measured_as_it_unpacks() -> None:
    data = bytearray(made.bomb(6))
    with pytest.raises(Refused) as honest:
        extract(bytes(data), Limits(unpacked_mb=5))
    assert honest.value.code == "unpacked"
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        told = archive.getinfo("word/media/image1.xml").file_size
    data = data.replace(told.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with pytest.raises(Refused) as caught:
        extract(bytes(data), Limits(unpacked_mb=5))
    assert caught.value.code in ("unpacked", "broken")
