"""Tables of lots as extraction leaves them: a row in one line, or its cells line under line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from annuaire.documents.stated import Line, StatedLot, is_no_title, shown_title

MOST_LINES = 5_000  # of one table
NAMES_WITHIN = 4  # lines that the names of the other columns may take
STRAY_LINES = 4  # lines of a row that are neither its title nor its amount
FOLDED_LINES = 2  # lines that a title may go on

_TABLE_HEAD = re.compile(
    r"^(?:n(?:°|[ou]m[ée]ros?)\s*(?:d[ue]s?\s*)?)?(?:les\s+)?lots?(?:\(s\))?\b(?!\s*(?:n°|\d))"
    r".{0,80}?(?:d[ée]signation|intitul[ée]|objet|libell[ée]|description|nature)"
    r"|^lots?(?:\(s\))?$",
    re.IGNORECASE,
)
_COLUMN_NAME = re.compile(
    r"^(?:d[ée]signation|intitul[ée]|objet|libell[ée]|montant|maximum|minimum|estimation|annuel|"
    r"code|cpv|en euros|ht\b)",
    re.IGNORECASE,
)
_ROW = re.compile(
    r"^(?:lot\s*)?(?:n\s?[°º]\s*)?0*(\d{1,3})([a-z]?)(?:[\s:.\-–]+|$)(.*)$", re.IGNORECASE
)
_HEADING = re.compile(r"^(?:article|chapitre|titre|annexe)\b|^\d+(?:\.\d+)+", re.IGNORECASE)


def tabled_lots(lines: Sequence[Line]) -> Iterator[StatedLot]:
    """The rows under a line that names the columns, numbered 1, 2, 3…, two at least."""
    for index, line in enumerate(lines):
        if _TABLE_HEAD.match(line.text.strip().replace("\t", " ")):
            table = _Table()
            after = range(index + 1, min(len(lines), index + 1 + MOST_LINES))
            for at in after:
                if not table.takes(lines[at]):
                    break
            if len(table.lots) > 1:
                yield from table.lots


@dataclass(slots=True)
class _Row:
    lot: StatedLot
    folded: int = 0
    stray: int = 0


class _Table:
    """The lots read so far; each line goes on, ends or begins a row."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []
        self._names = 0
        self._last = 0

    @property
    def lots(self) -> list[StatedLot]:
        """The rows that have a title."""
        return [row.lot for row in self._rows if row.lot.title]

    def takes(self, line: Line) -> bool:
        """Read one more line; False when it stands outside the table."""
        text = line.text.strip()
        if self._begins_row(line, text):
            return True
        if not self._rows:
            self._names += 1
            return self._names <= NAMES_WITHIN and bool(_COLUMN_NAME.match(text))
        return not _HEADING.match(text) and self._goes_on(self._rows[-1], line, text)

    def _begins_row(self, line: Line, text: str) -> bool:
        found = _ROW.match(text.replace("\t", " "))
        if found is None:
            return False
        number, letter = int(found[1]), found[2].lower()
        lettered = bool(letter) and number == self._last and number > 0  # 3a, then 3b
        if number != self._last + 1 and not lettered:
            return False
        self._last = number
        title = _cell_title(text, found[3])
        self._rows.append(_Row(StatedLot(f"{number}{letter}", title, line.start, line.end)))
        return True

    def _goes_on(self, row: _Row, line: Line, text: str) -> bool:
        lot = row.lot
        if not lot.title and not is_no_title(text):
            row.lot = replace(lot, title=shown_title(text), end=line.end)
        elif text[:1].islower() and row.folded < FOLDED_LINES:
            row.folded += 1
            row.lot = replace(lot, title=f"{lot.title} {shown_title(text)}", end=line.end)
        elif "€" not in text and not is_no_title(text):
            row.stray += 1
        return row.stray <= STRAY_LINES


def _cell_title(text: str, rest: str) -> str:
    """The title of a row: its first cell that is one, or the line up to its amount."""
    cells = [cell.strip() for cell in text.split("\t")][1:]
    titles = (shown_title(cell) for cell in cells if not is_no_title(cell))
    return next(filter(None, titles), "") if cells else shown_title(rest)
