"""Texts that people type into requests and answers."""

from typing import Final

from annuaire.structures.report_form import visible

_SPACES: Final = str.maketrans(dict.fromkeys("\u00a0\u202f\u2007\u2009\t", " "))


def lines(text: str) -> str:
    """A text of several lines without what cannot be seen; spaces that do not break, as French
    typing puts them, are spaces."""
    return visible(text.translate(_SPACES))


def one_line(text: str) -> str:
    """The same on one line."""
    return " ".join(lines(text).split())
