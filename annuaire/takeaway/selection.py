"""A selection: the permanent keys of structures, in the order in which they were chosen.

It is kept in the visitor's signed cookie and nowhere else, so it has to stay small.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError
from annuaire.geo.distance import distance_km
from annuaire.geo.places import Place
from annuaire.structures.models import Structure
from annuaire.structures.reading import full_by_keys
from annuaire.takeaway.rows import Wanted
from annuaire.takeaway.sheets import SheetLine, sheet_line

MAX_KEYS: Final = 100
MAX_CHARACTERS: Final = 2_400  # of all the keys: a cookie holds 4,096 bytes, signature included
MAX_ADDRESS: Final = 4_000  # characters of a list read from an address
FULL: Final = (
    f"Votre sélection est pleine : elle tient dans un cookie, qui garde {MAX_KEYS} structures au "
    "plus. Retirez-en, ou exportez-la et recommencez-en une."
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A structure of a selection: its key, its place in the list, what is shown of it."""

    key: str
    id: int
    distance_km: float | None
    line: SheetLine


def added(keys: Sequence[str], new: Iterable[str]) -> list[str]:
    """The selection with more keys at its end; those that it holds already keep their place.

    Raises InvalidInputError when it would not fit: nothing is added then.
    """
    together = list(dict.fromkeys([*keys, *new]))
    if len(together) > MAX_KEYS or len(",".join(together)) > MAX_CHARACTERS:
        raise InvalidInputError(FULL)
    return together


def removed(keys: Sequence[str], gone: str) -> list[str]:
    """The selection without one key."""
    return [key for key in keys if key != gone]


def parse_keys(text: str) -> list[str]:
    """The keys of an address (« a,b,c »), each once, at most MAX_KEYS of them."""
    parts = (part.strip() for part in text[:MAX_ADDRESS].split(","))
    return list(dict.fromkeys(part for part in parts if part))[:MAX_KEYS]


def chosen(
    session: Session, keys: Sequence[str], today: date, place: Place | None = None
) -> list[Chosen]:
    """What is known of the structures of a selection, in its order, without the search engine;
    keys that the register does not know are left out. Distances are from `place`."""
    return [
        Chosen(
            structure.key,
            structure.id,
            far := distance_from(place, structure),
            sheet_line(structure, far, today),
        )
        for structure in full_by_keys(session, keys)
    ]


def distance_from(place: Place | None, structure: Structure) -> float | None:
    """Kilometres in a straight line, when both ends are known."""
    if place is None or place.lat is None or place.lon is None:
        return None
    if structure.lat is None or structure.lon is None:
        return None
    return distance_km(place.lat, place.lon, structure.lat, structure.lon)


def wanted(found: Sequence[Chosen]) -> list[Wanted]:
    """The selection as rows to write."""
    return [Wanted(each.id, each.distance_km) for each in found]
