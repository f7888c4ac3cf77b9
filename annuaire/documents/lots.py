"""The lots that a document states: in sentences « Lot n° 1 : … », and in tables of lots."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from annuaire.clauses.lot_titles import lots_in_description, lots_in_title
from annuaire.documents.amounts import amount_in
from annuaire.documents.lot_tables import tabled_lots
from annuaire.documents.stated import Line, StatedLot, lines_of, shown_title, without_leaders

MOST_LOTS = 400
WITHIN = 400  # characters after a lot's title in which its amount is sought

_HEAD = re.compile(r"[\s•*·▪➢►oO\-–—]*(?=lots?\b)", re.IGNORECASE)
_MARK = re.compile(r"(?<![\w-])lot\s+(?:n\s?[°o]\s*)?\d{1,3}[a-z]?\s*[:–-]", re.IGNORECASE)


def stated_lots(text: str) -> tuple[StatedLot, ...]:
    """The lots of a document in the order of their first mention, each number once. A table of
    lots is believed before sentences."""
    lines = lines_of(text)
    found: dict[str, StatedLot] = {}
    for lot in (*tabled_lots(lines), *_in_lines(lines)):
        if len(found) < MOST_LOTS:
            found.setdefault(lot.number.lower(), lot)
    ordered = sorted(found.values(), key=lambda lot: lot.start)
    ends = [lot.start for lot in ordered[1:]] + [len(text)]
    return tuple(_with_amount(text, lot, end) for lot, end in zip(ordered, ends, strict=False))


def _in_lines(lines: Iterable[Line]) -> Iterator[StatedLot]:
    """« Lot n° 1 : Nettoyage » where it heads its line, and lots that a sentence counts."""
    for line in lines:
        if head := _HEAD.match(line.text):
            body = without_leaders(line.text[head.end() :].replace("\t", " "))
            for number, title in lots_in_title(body):
                if kept := shown_title(title):
                    yield StatedLot(number, kept, line.start + head.end(), line.end)
        else:
            yield from _counted(line)


def _counted(line: Line) -> Iterator[StatedLot]:
    """« en deux lots : lot 1 : nettoyage ; lot 2 : vitrerie »: numbered from 1, two at least."""
    starts = [found.start() for found in _MARK.finditer(line.text)]
    ends = [*starts[1:], len(line.text)]
    lots = [
        StatedLot(number, kept, line.start + start, line.start + end)
        for start, end in zip(starts, ends, strict=False)
        for number, title in lots_in_description(line.text[start:end])
        if (kept := shown_title(title))
    ]
    if len(lots) > 1 and [lot.number for lot in lots] == [str(n + 1) for n in range(len(lots))]:
        yield from lots


def _with_amount(text: str, lot: StatedLot, end: int) -> StatedLot:
    passage = text[lot.start : min(end, lot.end + WITHIN)]
    return replace(lot, amount=amount_in(passage, lot.number))
