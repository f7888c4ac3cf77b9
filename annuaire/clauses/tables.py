"""Tables of lots and hours that lost their lines: « Lot Désignation Heures 1 Gros œuvre 350
2 VRD 120 »; folded text."""

import re
from dataclasses import dataclass

from annuaire.clauses import numbers
from annuaire.clauses.lots import clean_number, sort_key

_HEADER = re.compile(
    r"\blots?\b(?![^.\d]{0,80}\blots?\b)[^.\d]{0,80}\bheures?\b[^.\d]{0,60}"
    r"|\bheures?\b[^.;\d]{0,60}\b(?:par|de chaque|selon les) lots?\b[^.;\d]{0,40}"
    r"|\blots?\b[^.;\d]{0,40}:(?=\s*(?:n\s?°\s?)?\d{1,2}\s?[-:.)]\s?[a-z])"
    r"|\b(?:heures?|volumes?)\b[^.;\d]{0,40}?:"
    r"(?=\s*(?:n\s?°\s?)?(?:(?:\d{1,2}|[a-h]|[ivx]{1,4})\s?[:=]|[a-h]\s\d[\d ]*\s?(?:h\b|heures?)))"
)
_HOURS = rf"(?P<n>{numbers.IN_DIGITS})\s*(?:h\b|heures?\b)?(?!\s?(?:%|€|euros?|m2|mois|ans?\b))"
_ROW = re.compile(
    r"[^\w]*(?:lot\s)?(?:n\s?°\s?)?(?:(?P<lot>\d{1,2})(?![\d,.]\d)\s*[-:.)|;]*\s*"
    r"(?P<title>[a-z][^\d;|]{1,60}?)\s*[-:=|;(.]*\s*|(?P<only>\d{1,2}|[a-h]|[ivx]{1,4})\s?[:=]\s?|(?P<letter>[a-h])\s)"
    rf"(?:{_HOURS}|(?P<none>neant|sans objet|non concerne))(?=\W|$)"
)
_BEFORE = 80  # characters before it where the first column's name may stand
_REACH = 300  # characters after a clause within which its table begins


@dataclass(frozen=True, slots=True)
class Row:
    """A lot's hours, and where the figure stands; no hours for « néant »."""

    lot: str
    hours: float
    start: int
    end: int


def rows(folded: str, start: int, end: int) -> list[Row]:
    """The rows of the table that a clause between two offsets announces: two at least, of lots
    in rising order, right after their heading. Rows that say « lot » are read as sentences."""
    header = _HEADER.search(folded, max(0, start - _BEFORE), end + _REACH)
    if header is None or header.end() <= start:
        return []
    found: list[Row] = []
    position, last = header.end(), (-1, "")
    while (match := _ROW.match(folded, position)) is not None:
        lot = clean_number(match["lot"] or match["only"] or match["letter"])
        if lot is None or sort_key(lot) <= last:
            break
        last, position = sort_key(lot), match.end()
        hours = numbers.parse(match["n"]) if match["n"] else 0
        begin = match.start("n") if match["n"] else match.start("none")
        found.append(Row(lot, hours or 0, begin, position))
    return [row for row in found if row.hours >= 1] if len(found) > 1 else []
