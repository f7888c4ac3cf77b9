"""What rows of every export share: what is wanted, columns with their values, one loop."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from annuaire.takeaway.tables import Cell, Column, Row

ThingT = TypeVar("ThingT")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A thing to write, by its number in the database, with its distance in km from the place
    asked for, when known."""

    id: int
    distance_km: float | None = None


@dataclass(frozen=True, slots=True)
class Written(Generic[ThingT]):
    """All that a column may need of one thing."""

    thing: ThingT
    distance_km: float | None
    today: date
    titles: Mapping[str, str]
    public_url: str

    @property
    def distance(self) -> Cell:
        """The distance as a cell, in km."""
        return None if self.distance_km is None else round(self.distance_km, 1)


#: A column and what gives its cells.
Valued = tuple[Column, Callable[[Written[ThingT]], Cell]]
Batches = Iterable[list[Wanted]]


def written_rows(
    session: Session,
    batches: Batches,
    today: date,
    titles: Mapping[str, str],
    public_url: str,
    load: Callable[[Session, Sequence[int]], Mapping[int, ThingT]],
    row: Callable[[Written[ThingT]], Iterable[Row]],
) -> Iterator[Row]:
    """The rows of things in the order asked for; `load` asks a fixed number of queries a batch.

    What is gone since has no row.
    """
    for batch in batches:
        found = load(session, [wanted.id for wanted in batch])
        for wanted in batch:
            if (thing := found.get(wanted.id)) is not None:
                yield from row(Written(thing, wanted.distance_km, today, titles, public_url))
        session.expunge_all()  # written: the next batch takes its place in memory


def point_of(lat: float | None, lon: float | None) -> tuple[float, float] | None:
    """(longitude, latitude) when both are known."""
    return None if lat is None or lon is None else (lon, lat)
