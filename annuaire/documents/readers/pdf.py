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
    left = limits.characters
    filled = pdf.get_formtype() != raw.FORMTYPE_NONE
    for number in range(len(pdf)):
        text, drawn = _page(pdf, number, filled=filled)
        left -= len(text)
        if left < 0:
            raise Refused("too_long")
        if drawn and not any(c.isalnum() for c in text):
            blind.append(number + 1)
        pages.append(text)
    if not any(c.isalnum() for page in pages for c in page):
        raise Refused("images" if blind else "no_text")
    _refuse_garbled(pages)
    text, starts = mended(pages)
    return DocumentText("pdf", text, "page", starts, blind=tuple(blind))


def _page(pdf: pypdfium2.PdfDocument, number: int, *, filled: bool) -> tuple[str, bool]:
    """The text of a page, with what was typed in its fields, and whether anything is drawn."""
    try:
        if filled:
            _write_fields(pdf[number])
        page = pdf[number]
    except pypdfium2.PdfiumError:
        return "", True  # damaged: said with those that hold no text
    with closing(page), closing(page.get_textpage()) as shown:
        return _kept(shown.get_text_range()), raw.FPDFPage_CountObjects(page) > 0


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
