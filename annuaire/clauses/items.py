"""Lots and hours listed one after the other in a text whose clause gives no figure beside it, the
last resort when nothing nearer tells them; folded text."""

import re

from annuaire.clauses import numbers
from annuaire.clauses.ledger import Row
from annuaire.clauses.lot_numbers import clean_number, sort_key

_NUMBER = rf"(?P<n>{numbers.IN_DIGITS}|neant|sans objet)\s?(?:h\b|heures?\b)?"
_ENDS = r"(?=\s*(?:mini\w*\s*)?(?:[;,/)|]|\.(?!\d)|$|[-*•]\s|et\b|\(|\d{1,2}\s[a-z]))"
_TITLE = r"(?P<title>(?:\([^()\d]{1,60}\)|\(?[a-z][^\d:;,()|]{1,60}?))?"
# « 02 gros-œuvre 630 », « lot n° 1 - 1 120 ; », « le 2 (faux plafonds, 40 heures) »
_LOT_FIRST = re.compile(
    r"(?:\blots?\s?)?(?:\bn\s?°\s?|\bno\s?)?(?<![\d,.])(?P<lot>\d{1,2}|(?<=lot )[a-h]\b)"
    rf"\s?[-:.)=]*\s*{_TITLE}\s?[-:=,(]*\s?(?<![\d,.]){_NUMBER}{_ENDS}"
)
# « 150 pour le lot hydrocurage (lot 1) ; 90 pour le lot espaces verts (lot 3) »
_HOURS_FIRST = re.compile(
    rf"(?<![\d,.]){_NUMBER}\s(?:pour|sur|au|dans|au titre d[ue])\s[^.;:\d]{{1,60}}?\(?lot\s"
    r"(?:n\s?°\s?)?(?P<lot>\d{1,2})\b"
)
_ANNOUNCED = re.compile(r"\bheures?\b|\bhrs\b|\bnb h\b")
_NEAR = 240  # characters around a list within which « heures » stands
_GAP = re.compile(r"[\s,;:.*•()|/-]{0,6}(?:\bet\b\s?(?:le\s|au\s)?)?(?:le\s)?")
_FEWEST_HOURS = 7


def rows(folded: str) -> list[Row]:
    """The rows of the first list of lots with their hours: two at least, each right after the
    other, in rising order of lots, near the word « heures »; none else."""
    for pattern in (_LOT_FIRST, _HOURS_FIRST):
        run: list[Row] = []
        end = 0
        for match in pattern.finditer(folded):
            lot = clean_number(match["lot"])
            follows = run and _GAP.fullmatch(folded, end, match.start())
            if lot is None or not follows or sort_key(lot) <= sort_key(run[-1].lot):
                if _is_list(folded, run):
                    return run
                run = []
            if lot is not None:
                hours = numbers.parse(match["n"]) if match["n"][0].isdigit() else 0.0
                run.append(Row(lot, hours or 0.0, match.start("n"), match.end("n")))
            end = match.end()
        if _is_list(folded, run):
            return run
    return []


def _is_list(folded: str, run: list[Row]) -> bool:
    if len(run) < 2 or any(0 < row.hours < _FEWEST_HOURS for row in run):
        return False
    around = max(0, run[0].start - _NEAR), run[-1].end + _NEAR
    return _ANNOUNCED.search(folded, *around) is not None
