"""ODT, by odfdo. Deleted text (tracked changes) and comments are not read."""

import io
from collections.abc import Iterator

from odfdo import Document
from odfdo.element import Element

from annuaire.documents.cleaning import clean
from annuaire.documents.limits import Limits
from annuaire.documents.paging import BREAK, of_flow
from annuaire.documents.refusals import Refused
from annuaire.documents.text import DocumentText

_PARAGRAPHS = ("text:p", "text:h")
_UNREAD = frozenset(("text:tracked-changes", "office:annotation", "text:note-citation", "svg:desc"))
_ROW = "table:table-row"
_CELLS = ("table:table-cell", "table:covered-table-cell")
_MOST_SPACES = 100  # that one element may stand for


def read(data: bytes, _limits: Limits) -> DocumentText:
    """The text paragraph by paragraph, a row of a table in one line. Raises Refused."""
    body = Document(io.BytesIO(data)).body
    if body is None:
        raise Refused("broken")
    return of_flow("odt", list(_blocks(body)))


def _blocks(element: Element) -> Iterator[str]:
    for child in element.children:
        tag = child.tag
        if tag in _PARAGRAPHS:
            yield clean(_text(child))
        elif tag == _ROW:
            yield "\t".join(_cell(cell) for cell in child.children if cell.tag in _CELLS)
        elif tag == "text:soft-page-break":
            yield BREAK
        elif tag not in _UNREAD:
            yield from _blocks(child)


def _cell(cell: Element) -> str:
    return " ".join(_blocks(cell)).replace("\t", " ").strip()


def _text(element: Element) -> str:
    """What an element says, its tail left out."""
    parts = [element.text]
    for child in element.children:
        parts += [_inside(child), child.tail or ""]
    return "".join(parts)


def _inside(child: Element) -> str:
    tag = child.tag
    if tag in _UNREAD:
        return ""
    if tag == "text:s":
        count = str(child.get_attribute("text:c") or "1")
        return " " * min(_MOST_SPACES, int(count) if count.isdigit() else 1)
    if tag == "text:tab":
        return " "
    if tag == "text:line-break":
        return "\n"
    if tag == "text:soft-page-break":
        return BREAK
    if tag in _PARAGRAPHS:  # of a note or a text box
        return f"\n{_text(child)}\n"
    return _text(child)
