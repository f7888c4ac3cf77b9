"""PDF, by PDFium: the reader of Chromium. Images are not read."""

from contextlib import closing

import pypdfium2
from pypdfium2 import raw

from annuaire.documents.cleaning import clean
from annuaire.documents.limits import Limits
from annuaire.documents.mending import mended
from annuaire.documents.refusals import Refused
from annuaire.documents.text import DocumentText

_STRANGE = 0.2  # share of letters of no alphabet from which a text cannot be read
_ENOUGH_WORDS = 400
_STAMP = 250  # signs that a stamp or a page number adds to the picture of a page
_PAGE = 0.6  # share of a page from which a picture is the page itself
_COMMON = frozenset(
    ("de", "la", "le", "les", "des", "du", "et", "en", "à", "est", "the", "of", "and", "der", "und")
)


def read(data: bytes, limits: Limits) -> DocumentText:
    """The text page by page. Raises Refused."""
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        password = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        raise Refused("password" if password else "broken") from error
    if len(pdf) > limits.pages:
        raise Refused("too_long")
    pages: list[str] = []
    blind: list[int] = []
    readable = False
    left = limits.characters
    filled = pdf.get_formtype() != raw.FORMTYPE_NONE
    for number in range(len(pdf)):
        text, picture = _page(pdf, number, filled=filled)
        left -= len(text)
        if left < 0:
            raise Refused("too_long")
        if picture:
            blind.append(number + 1)
        elif any(c.isalnum() for c in text):
            readable = True
        pages.append(text)
    if not readable:
        raise Refused("images" if blind else "no_text")
    _refuse_garbled(pages)
    text, starts = mended(pages)
    return DocumentText("pdf", text, "page", starts, blind=tuple(blind))


def _page(pdf: pypdfium2.PdfDocument, number: int, *, filled: bool) -> tuple[str, bool]:
    """The text of a page, with what was typed in its fields, and whether it is a picture: of what
    is drawn, nothing can be read, or no more than a stamp."""
    try:
        if filled:
            _write_fields(pdf[number])
        page = pdf[number]
    except pypdfium2.PdfiumError:
        return "", True  # damaged: said with those that hold no text
    with closing(page), closing(page.get_textpage()) as shown:
        text = _kept(shown.get_text_range())
        if any(c.isalnum() for c in text):
            return text, len(text) <= _STAMP and _covered(page)
        return text, raw.FPDFPage_CountObjects(page) > 0


def _covered(page: pypdfium2.PdfPage) -> bool:
    """Whether a picture covers a page, or several do together, as of a scanner that cuts it."""
    width, height = page.get_size()
    pictures = page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3)
    try:
        corners = [picture.get_bounds() for picture in pictures]
    except pypdfium2.PdfiumError:
        return False
    area = sum((right - left) * (top - bottom) for left, bottom, right, top in corners)
    return bool(area > _PAGE * width * height)


def _write_fields(page: pypdfium2.PdfPage) -> None:
    """Make what is typed in the fields of a form part of its page, as on paper."""
    with closing(page):
        raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)


def _kept(text: str) -> str:
    """Cleaned but for the mark of a word that PDFium joined."""
    return "\ufffe".join(clean(piece) for piece in text.split("\ufffe"))


def _refuse_garbled(pages: list[str]) -> None:
    text = " ".join(pages)
    seen = [c for c in text if not c.isspace()]
    strange = sum("\ue000" <= c <= "\uf8ff" or c == "\ufffd" for c in seen)
    if strange > _STRANGE * len(seen):
        raise Refused("garbled")
    words = text.lower().split()
    if len(words) > _ENOUGH_WORDS and _COMMON.isdisjoint(words):
        raise Refused("garbled")
