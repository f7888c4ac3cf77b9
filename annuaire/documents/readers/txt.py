"""Bare or pasted text, line by line, as it is."""

from annuaire.documents.cleaning import clean, decoded
from annuaire.documents.limits import Limits
from annuaire.documents.text import DocumentText, of_parts


def read(data: bytes, _limits: Limits) -> DocumentText:
    """The lines, blank ones kept."""
    text = clean(decoded(data)).strip("\n")
    return of_parts("txt", "ligne", [line.rstrip() for line in text.split("\n")])
