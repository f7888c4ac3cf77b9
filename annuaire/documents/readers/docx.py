"""DOCX, by docx2python: body with its content controls, text boxes and accepted insertions, then
notes, headers and footers. Deleted text and comments are not read."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from docx2python.docx_reader import DocxReader, File

from annuaire.documents.cleaning import clean
from annuaire.documents.limits import Limits
from annuaire.documents.paging import BREAK, of_flow
from annuaire.documents.text import DocumentText

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
#: What the library leaves out, and the text that we put in its place.
_REPLACED = {"noBreakHyphen": "-", "lastRenderedPageBreak": BREAK}
_LEFT_OUT = re.compile(rb"<w:(noBreakHyphen|lastRenderedPageBreak)\s*/>")
_AFTER_BODY = ("footnotes", "endnotes", "header", "footer")


def read(data: bytes, _limits: Limits) -> DocumentText:
    """The text paragraph by paragraph, a row of a table in one line."""
    with DocxReader(_prepared(data), duplicate_merged_cells=False) as reader:
        body = list(_all(reader.files_of_type("officeDocument")))
        beside = dict.fromkeys(
            line for type_ in _AFTER_BODY for line in _all(reader.files_of_type(type_))
        )  # the same header stands in each section
    return of_flow("docx", [*body, *(line.replace(BREAK, "") for line in beside)])


def _prepared(data: bytes) -> io.BytesIO:
    """The same archive with text in place of what the library would leave out: it joins the runs
    of a paragraph as soon as it opens a part, so this comes before."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.infolist():
            if part.filename.lower().endswith((".xml", ".rels")):
                target.writestr(part.filename, _LEFT_OUT.sub(_text, source.read(part)))
    out.seek(0)
    return out


def _text(found: re.Match[bytes]) -> bytes:
    return f"<w:t>{_REPLACED[found[1].decode()]}</w:t>".encode()


def _all(files: Iterable[File]) -> Iterator[str]:
    for file in files:
        for copy in list(file.root_element.iter(_FALLBACK)):  # the same text, for older programs
            copy.getparent().remove(copy)
        for table in file.get_text():
            yield from _table(table)


def _table(rows: list[list[list[list[str]]]]) -> Iterator[str]:
    """The lines of a table of the library, which also holds the paragraphs outside tables."""
    for cells in rows:
        if len(rows) == 1 and len(cells) == 1:
            yield from (_line(runs) for runs in cells[0])
        else:
            yield "\t".join(" ".join(_line(runs) for runs in cell).strip() for cell in cells)


def _line(runs: list[str]) -> str:
    return clean("".join(runs)).replace("\t", " ")
