"""Where a list goes on: an opaque cursor, signed, that belongs to one search and one day.

It holds the rank of the next item and the day on which the list was begun: equal results turn
every day, so a list that is read over midnight goes on in the order in which it began.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from annuaire.errors import InvalidInputError

SALT: Final = "api-cursor-1"
MAX_CURSOR: Final = 300  # characters; longer is none of ours
LASTS: Final = timedelta(days=1)
FORGED: Final = "Ce curseur n’est pas de ce service : suivez l’adresse « next » de la page d’avant."
OTHER: Final = (
    "Ce curseur est celui d’une autre recherche : gardez les mêmes filtres et le même tri."
)
STALE: Final = "Ce curseur a plus d’un jour : recommencez la liste au début."


@dataclass(frozen=True, slots=True)
class Position:
    """The rank of the next item, from 0, and the day whose order the list follows."""

    offset: int
    day: date


def fingerprint(name: str, values: Mapping[str, Sequence[str]]) -> str:
    """What makes two searches the same: the list and its filters, in any order."""
    asked = sorted((key, sorted(given)) for key, given in values.items())
    return hashlib.sha256(repr((name, asked)).encode()).hexdigest()[:16]


def write_cursor(secret: str, position: Position, search: str) -> str:
    """The cursor of a position in the search of that fingerprint."""
    held = [position.offset, position.day.toordinal(), search]
    return str(URLSafeSerializer(secret, salt=SALT).dumps(held))


def read_cursor(secret: str, cursor: str, search: str, today: date) -> Position:
    """The position that a cursor holds. Raises InvalidInputError when it is forged, is that of
    another search, or is too old."""
    try:
        offset, ordinal, of = URLSafeSerializer(secret, salt=SALT).loads(cursor[:MAX_CURSOR])
        position = Position(int(offset), date.fromordinal(int(ordinal)))
    except (BadData, ValueError, TypeError, OverflowError) as error:
        raise InvalidInputError(FORGED, "cursor") from error
    if of != search:
        raise InvalidInputError(OTHER, "cursor")
    if abs(today - position.day) > LASTS:
        raise InvalidInputError(STALE, "cursor")
    return position
