"""What leaves the site: a cover that says where the list comes from, and a table."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` for programs, `heading` for people, `width` in characters."""

    key: str
    heading: str
    width: int = 18


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, a cell a column; `point` is (longitude, latitude) in WGS84 degrees."""

    cells: tuple[Cell, ...]
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows are read once, in order, while they are written: none is kept."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]


@dataclass(frozen=True, slots=True)
class SourceRead:
    """A source with the moment of its last reading that ended well."""

    name: str
    title: str
    publisher: str
    licence: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Cover:
    """What is said before the table: its title, its moment, lines (label, words), sources."""

    title: str
    made_at: datetime
    lines: tuple[tuple[str, str], ...]
    sources: tuple[SourceRead, ...] = ()
    notes: tuple[str, ...] = field(default=())
