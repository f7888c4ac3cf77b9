"""HTML, by inscriptis: what a browser without style would show."""

import re

import inscriptis

from annuaire.documents.cleaning import clean, decoded
from annuaire.documents.limits import Limits
from annuaire.documents.text import DocumentText, of_parts

_COLUMNS = re.compile(r"(?<=\S) {2,}(?=\S)")


def read(data: bytes, _limits: Limits) -> DocumentText:
    """The text paragraph by paragraph, a row of a table in one line."""
    lines = clean(inscriptis.get_text(decoded(data))).split("\n")
    shown = (_COLUMNS.sub("\t", line.strip()) for line in lines)
    return of_parts("html", "paragraphe", [line for line in shown if line])
