"""Documents in their real formats, made for a test: PDF by reportlab, DOCX by python-docx, ODT by
odfdo, and those that no honest program writes."""

import io
import zipfile
import zlib
from collections.abc import Sequence

import docx
import odfdo
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
Table = Sequence[Sequence[str]]


def pdf(*pages: Sequence[str], password: str | None = None) -> bytes:
    """A PDF with the lines of each page; under a password, when one is given."""
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(password) if password else None)
    for lines in pages:
        for number, line in enumerate(lines):
            canvas.drawString(60, 800 - 15 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def scanned_pdf(*pages: str | None, whole: bool = False) -> bytes:
    """A PDF with a picture on its pages, or whose `whole` pages are pictures; those with words hold
    them as text, and None is an empty page."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for words in pages:
        if words is not None:
            size = (595, 842) if whole else (200, 200)
            canvas.drawImage(ImageReader(_picture()), 0, 0, *size)
            for at in range(0, len(words), 90):
                canvas.drawString(60, 800 - at / 6, words[at : at + 90])
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def form_pdf(words: str, typed: str) -> bytes:
    """A PDF with words, and a field in which something was typed."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(60, 800, words)
    canvas.acroForm.textfield(name="field", value=typed, x=60, y=760, width=500)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _picture() -> io.BytesIO:
    header = b"P6 2 2 255 "
    return io.BytesIO(header + bytes(range(12)))


def word(*paragraphs: str, table: Table = (), xml: str = "") -> bytes:
    """A DOCX of paragraphs, then a table; `xml` is put as it is at the end of the body."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        grid = document.add_table(len(table), len(table[0]))
        for row, texts in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    if not xml:
        return out.getvalue()
    return edited(out.getvalue(), "word/document.xml", "<w:sectPr", f"{xml}<w:sectPr")


def open_text(*paragraphs: str, table: Table = (), xml: str = "") -> bytes:
    """An ODT of paragraphs, then a table; `xml` is put as it is at the end of the body."""
    document = odfdo.Document("text")
    document.body.clear()
    for text in paragraphs:
        document.body.append(odfdo.Paragraph(text))
    if table:
        grid = odfdo.Table("Lots")
        for texts in table:
            row = odfdo.Row()
            row.set_values(list(texts))
            grid.append_row(row)
        document.body.append(grid)
    out = io.BytesIO()
    document.save(out)
    if not xml:
        return out.getvalue()
    return edited(out.getvalue(), "content.xml", "</office:text>", f"{xml}</office:text>")


def rtf(*paragraphs: str) -> bytes:
    """An RTF as word processors write it, accents escaped."""
    body = "\\par\n".join(
        "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in text) for text in paragraphs
    )
    return f"{{\\rtf1\\ansi\\ansicpg1252 {body}\\par}}".encode("ascii")


def edited(data: bytes, part: str, old: str, new: str) -> bytes:
    """The same archive with a text of one part replaced, once."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode(), 1)
            target.writestr(info, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def archive(**parts: bytes) -> bytes:
    """A zip of parts; `__` in a name stands for `/`, `_xml` at its end for `.xml`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def bomb(megabytes: int) -> bytes:
    """A DOCX one part of which unpacks to so many megabytes, while it tells a few bytes."""
    honest = word("Lot n° 1 : nettoyage")
    out = io.BytesIO(honest)
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target,
        target.open("word/media/image1.xml", "w") as part,
    ):
        for _ in range(megabytes):
            part.write(b"0" * (1 << 20))
    return out.getvalue()


def raw_pdf(*objects: str, stream: bytes = b"") -> bytes:
    """A PDF of objects as they are written, numbered from 1; the first is the catalogue. `stream`
    becomes the last object, compressed."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    bodies = [body.encode("latin-1") for body in objects]
    if stream:
        packed = zlib.compress(stream, 9)
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
        bodies.append(head + packed + b"\nendstream")
    for number, body in enumerate(bodies, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode())
    for place in places:
        out.write(f"{place:010d} 00000 n \n".encode())
    out.write(
        f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    )
    return out.getvalue()
