"""The numbers of a list: which column holds them, line by line; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from annuaire.errors import InvalidInputError
from annuaire.takeaway.numbers import Number, read_number
from annuaire.words import fold

MAX_LINES: Final = 10_000
SAMPLE: Final = 300  # rows that tell which column holds the numbers
NO_NUMBER: Final = (
    "Aucune colonne de cette liste ne contient de SIRET ni de SIREN : vérifiez que les numéros y "
    "sont, un par ligne ou dans une colonne."
)

Rows = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A number of a list with its line, from 1."""

    line: int
    number: Number


@dataclass(frozen=True, slots=True)
class _Column:
    place: int
    right: int  # sampled cells that are a valid number
    named: int  # 2 when its heading says SIRET, 1 for SIREN


def numbers_of(grids: Sequence[Rows]) -> list[Asked]:
    """The numbers of the reading and of the column that have most of them.

    Lines without anything in that column are left out, and so is the heading. Raises
    InvalidInputError when no column looks like numbers.
    """
    best: tuple[tuple[int, int], Rows, _Column] | None = None
    for rows in grids:
        for column in _columns(rows):
            rank = (column.right, column.named)
            if best is None or rank > best[0]:
                best = (rank, rows, column)
    if best is None:
        raise InvalidInputError(NO_NUMBER, "liste")
    (right, named), rows, column = best
    asked = [*_cells(rows, column.place)]
    if not right and not named and not _all_tried(asked):
        raise InvalidInputError(NO_NUMBER, "liste")
    return asked


def _columns(rows: Rows) -> list[_Column]:
    filled = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    width = max((len(cells) for _, cells in filled[:SAMPLE]), default=0)
    return [_column(filled, place) for place in range(width)]


def _column(rows: Rows, place: int) -> _Column:
    cells = [cells[place] for _, cells in rows[:SAMPLE] if place < len(cells)]
    heading = fold(cells[0]) if cells else ""
    named = 2 if "siret" in heading else 1 if "siren" in heading else 0
    numbers = [read_number(cell) for cell in cells if any(c.isdigit() for c in cell)]
    # A SIRET tells more than its SIREN: of two columns as full, it is the one.
    right = sum((2 if n.is_siret else 1) for n in numbers if not n.wrong)
    return _Column(place, right, named)


def _cells(rows: Rows, place: int) -> list[Asked]:
    found: list[Asked] = []
    for line, cells in rows:
        cell = cells[place].strip() if place < len(cells) else ""
        if not cell:
            continue
        number = read_number(cell)
        if not found and number.wrong and not any(c.isdigit() for c in cell):
            continue  # the heading
        found.append(Asked(line, number))
    return found


def _all_tried(asked: Sequence[Asked]) -> bool:
    """Whether somebody meant numbers, all of them wrong: digits for the most part."""
    meant = sum(1 for a in asked if sum(c.isdigit() for c in a.number.given) >= 5)
    return meant * 2 > len(asked)
