"""Lists and tables that give lots, trades, tranches or years their hours, one row after another,
with or without « lot » and « heures » in each row; folded text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from annuaire.clauses import numbers
from annuaire.clauses.figures import LARGEST
from annuaire.clauses.hours import HoursMention, labelled
from annuaire.clauses.lot_numbers import clean_number, sort_key
from annuaire.clauses.lots import LotMention, mentions

# « Nombre d'heures d'insertion : », or the heading of a list
ANNOUNCED = re.compile(
    r"(?:heures|volumes? horaires?)\b(?:[^.;]|(?<=\d)\.(?=\d)|\bart\.){0,80}?(?:[:=]|\d{0,2}$)"
)
# A figure without its unit, at the end of its row
_BARE = (
    rf"(?<![\w,./°-])(?P<n>{numbers.NUMBER})(?!\s?(?:%|€|k€|euros?|m2|ml|km|mois|jours?|points?))"
    r"(?=\s*(?:lots?\s\d|(?:mini\w*|au moins|minimum)\b|\(heures\)|/?\s?an\b|par an\b|chacun"
    r"|par lot"
    r"|[.,;)/|](?!\d)|-\s"
    r"|$))"
)
_FIGURE = re.compile(_BARE)
# « tranche ferme : 300, tranche optionnelle 1 : 150 », « 2e année : 80 », « 320 (lot 1) »
_LABELLED = re.compile(
    r"(?:tranche \w+(?: n?°? ?\d)?(?!\d)|(?:phase|annee|periode) \d(?!\d)|\d(?:ere?|eme|nde?"
    r"|e) annee)"
    rf"(?:[^.;:=\d]{{0,40}}?\s*[:=-]\s*|\s){_BARE}"
    rf"|(?<![\d,.])(?P<trade>{numbers.IN_DIGITS})\s(?=pour (?:le |la |les |l')(?!lots?\b)[a-z])"
    rf"|(?<![\d,.])(?P<first>{numbers.NUMBER})\s?(?=\(\s?lots?\s?(?:n\s?°\s?)?(?:\d|[a-h]\b))"
)
# « répartis entre les lots : 1 (450), 2 (300) »
_IN_BRACKETS = re.compile(
    rf"(?<![\d,.])(?P<lot>\d{{1,3}}[a-h]?)\s?\(\s?(?P<n>{numbers.IN_DIGITS})\s?\)"
)
_OF_TRADES = re.compile(r"heures\b[^.;:]{0,80}:")
_TRADE = re.compile(
    r"\s?(?!(?:voir )?(?:annexe|article|page|piece|phase|chapitre)s?\b)"
    rf"(?P<name>[a-z][a-z'/ -]{{1,40}}?)\s?[:=(-]?\s?(?P<n>{numbers.IN_DIGITS})\)?\s?"
    r"(?=[,;/.)]|et\b|-\s|$)(?:[,;/]|et\b|-\s)?"
)
_FLOOR = re.compile(r"mini(?:mum|male?)?")  # « mini 500 - maxi 900 »: what is owed
# « Lot Désignation Heures 1 Gros œuvre 350 2 VRD 120 »: a table that lost its lines
_HEADER = re.compile(
    r"\blots?\b(?![^.\d]{0,80}\blots?\b)[^.\d]{0,80}\bheures?\b[^.\d]{0,60}"
    r"|\bheures?\b[^.;\d]{0,60}\b(?:par|de chaque|selon les) lots?\b[^.;\d]{0,40}"
    r"|\blots?\b[^.;\d]{0,40}:(?=\s*(?:n\s?°\s?)?\d{1,2}\s?[-:.)]\s?[a-z])"
    r"|\b(?:heures?|volumes?)\b[^.;\d]{0,40}?:"
    r"(?=\s*(?:n\s?°\s?)?(?:(?:\d{1,2}|[a-h]|[ivx]{1,4})\s?[:=]|\d{1,2}\s?[-.)]\s?[a-z]"
    r"|[a-h]\s\d[\d ]*\s?(?:h\b|heures?)))"
)
_COLUMNS = re.compile(
    r"\bheures?\b[^;\d]{0,60}\blots?\s+(?:intitule|designation|libelle|objet|nature)\b"
    r"[^;\d]{0,80}(?=\d)"
)
_MORE = re.compile(r"\s*[|;]?\s*(?P<n>\d{1,3}(?: \d{3})*(?![\d,.])(?!\s*[-:.]?\s?[a-z])|-(?=\s))")
_HOURS = rf"(?P<n>{numbers.IN_DIGITS})\s*(?:h\b|heures?\b)?(?!\s?(?:%|€|euros?|m2|mois|ans?\b))"
_ROW = re.compile(
    r"(?:\s*\|[^|/]{0,60}\|?\s*/)?[^\w]*(?:et\s)?(?:lot\s)?(?:n\s?°\s?)?(?:(?P<lot>\d{1,2})"
    r"(?![\d,.]\d)\s*[-:.)|;]*\s*"
    r"(?P<title>(?!(?:a|au|et|heures?)\s)[a-z][^\d;|]{1,60}?)\s*[-:=|;(.]*\s*"
    r"(?:\d[\d ,.]*\s?(?:%|k?€|euros?|m2|mois|jours)(?: ht)?\s*[|;]\s*)*"  # other columns
    r"|(?P<only>\d{1,2}|[a-h]|[ivx]{1,4})\s?[:=]\s?|(?P<letter>[a-h])\s)"
    rf"(?:{_HOURS}|(?P<none>neant|sans objet|non concerne|-(?=\s*(?:[|;]|$))))(?=\W|$)"
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


def table(folded: str, start: int, end: int) -> list[Row]:
    """The rows of the table that a clause between two offsets announces: two at least, of lots
    in rising order, right after their heading. Rows that say « lot » are read as sentences."""
    header = _HEADER.search(folded, max(0, start - _BEFORE), end + _REACH)
    wide = None
    if (header is None or header.end() <= start) and "lot" in folded:
        wide = header = _COLUMNS.search(folded, max(0, start - _BEFORE), end + _REACH)
    if header is None or header.end() <= start:
        return []
    found: list[Row] = []
    position, last = header.end(), (-1, "")
    while (match := _ROW.match(folded, position)) is not None:
        lot = clean_number(match["lot"] or match["only"] or match["letter"])
        if lot is None or sort_key(lot) <= last:
            break
        last, position = sort_key(lot), match.end()
        columns = [numbers.parse(match["n"]) or 0 if match["n"] else 0]
        while wide and (more := _MORE.match(folded, position)) is not None:
            columns.append(0 if more["n"] == "-" else numbers.parse(more["n"]) or 0)
            position = more.end()
        hours = _over_columns(columns)
        begin = match.start("n") if match["n"] else match.start("none")
        found.append(Row(lot, hours, begin, position))
    return [row for row in found if row.hours >= 1] if len(found) > 1 else []


def _over_columns(columns: list[float]) -> float:
    """The hours of a row of several columns: its last when it is the sum of the others."""
    *parts, last = columns
    return last if abs(sum(parts) - last) < 1 else sum(columns)


def listed(folded: str, start: int, end: int) -> list[HoursMention]:
    """The figures without unit of a list of lots or tranches that « heures » announces."""
    named = [mention for mention in mentions(folded, start, end) if not mention.excluded]
    found = [
        *_of_lots(folded, named, end),
        *_LABELLED.finditer(folded, start, end),
    ]
    return [
        labelled(value, match.start(match.lastgroup or 0), match.end())
        for match in sorted(found, key=lambda match: match.start(match.lastgroup or 0))
        if (value := numbers.parse(match[match.lastgroup or 0])) is not None
        and 1 <= value <= LARGEST
    ]


def _of_lots(folded: str, named: list[LotMention], end: int) -> Iterator[re.Match[str]]:
    """The figure of each lot: the last of its row, or those in brackets after the numbers."""
    for index, mention in enumerate(named):
        last = named[index + 1].start if index + 1 < len(named) else end
        brackets = list(_IN_BRACKETS.finditer(folded, mention.start, last))
        if len(brackets) > 1:
            yield from brackets
        elif (figure := _FIGURE.search(folded, mention.end, last)) is not None:
            yield figure


def by_trade(folded: str, start: int, end: int) -> list[HoursMention]:
    """« VRD 420, espaces verts 210, éclairage 105 »: the figures of trades named without lots,
    after « heures d'insertion … : »."""
    announced = _OF_TRADES.search(folded, start, end)
    if announced is None:
        return []
    items = _TRADE.finditer(folded, announced.end(), end)
    found = [
        (match["name"].strip(), labelled(value, match.start("n"), match.end("n")))
        for match in items
        if (value := numbers.parse(match["n"])) is not None and 1 <= value <= LARGEST
    ]
    if floor := [mention for name, mention in found if _FLOOR.fullmatch(name)]:
        return floor[:1]
    return [mention for _, mention in found] if len(found) > 1 else []
