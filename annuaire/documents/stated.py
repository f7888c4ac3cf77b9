"""A lot as a document states it, and what may be its title."""

import re
from dataclasses import dataclass

from annuaire.clauses.lot_titles import TITLE_LIMIT
from annuaire.documents.amounts import Amount, without_amounts

_LEADERS = re.compile(r"\s*(?:\.\s?|…\s?|_){3,}.*$")  # « …………… 12 » of a table of contents
_NO_TITLE = re.compile(
    r"^[\d\s.,]*\s*(?:heures?|h\b|€|euros?|%|ans?\b|mois|jours?|points?|etp)|^\W*$", re.IGNORECASE
)
_HOURS = re.compile(r"\s*[:–-]\s*\d[\d\s.,]*(?:h\b|heures).*$", re.IGNORECASE)
_LEAST_LETTERS = 3
LONGEST_LINE = 1_000  # characters of a line in which a lot is sought


@dataclass(frozen=True, slots=True)
class StatedLot:
    """The words that state the lot are `text[start:end]`."""

    number: str
    title: str
    start: int
    end: int
    amount: Amount | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the document and the offset of its beginning."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def lines_of(text: str) -> list[Line]:
    """The lines of a text, with their offsets."""
    lines: list[Line] = []
    at = 0
    for line in text.split("\n"):
        lines.append(Line(at, line[:LONGEST_LINE]))
        at += len(line) + 1
    return lines


def without_leaders(text: str) -> str:
    """A line of a table of contents without its dots and page number."""
    return _LEADERS.sub("", text)


def is_no_title(text: str) -> bool:
    """Whether a cell only tells a quantity, an amount or nothing."""
    return bool(_NO_TITLE.match(text))


def shown_title(text: str) -> str:
    """A title cleaned of its amount, hours and marks; empty when there is none."""
    title = _HOURS.sub("", without_amounts(without_leaders(text))).strip(" \t:;,.-–—|")
    if sum(c.isalpha() for c in title) < _LEAST_LETTERS or is_no_title(title):
        return ""
    return title[:TITLE_LIMIT]
