"""What changed since a moment, for those who keep a copy of the whole.

Changes come in the order of their moments, then of their rows' numbers; a cursor holds the last
one given. What changes while the list is read goes to its end: it is given again, and nothing is
missed. A transaction's moment is that of its writing and it is seen a little later, so a reading
begins again from `until`, which lies SETTLED before its first answer: some changes come twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from annuaire.api.lists import Values, first, read_fields, read_limit
from annuaire.api.naming import near_names
from annuaire.api.refusals import refused_query
from annuaire.contracts.models import Contract, FormerContract
from annuaire.errors import InvalidInputError
from annuaire.structures.models import Structure
from annuaire.wording import PARIS
from search.filters import InputError

SETTLED: Final = timedelta(minutes=5)  # far longer than any transaction lasts
SALT: Final = "api-changes-1"
MAX_CURSOR: Final = 300  # characters
START: Final = datetime(1970, 1, 1, tzinfo=UTC)
OWN: Final = ("updated_since", "limit", "cursor", "fields")
FORGED: Final = (
    "Ce curseur n’est pas de cette liste : suivez l’adresse « next » de la page d’avant."
)
NO_MOMENT: Final = (
    "« updated_since » est un moment ou un jour, par exemple 2026-05-31T08:00:00Z ou 2026-05-31."
)
NO_FILTER: Final = (
    "Les changements se suivent tous ensemble, sans filtre : ce qui sort d’une recherche ne "
    "pourrait pas être dit."
)

ModelT = TypeVar("ModelT")
Rank = Callable[[Any], "Place"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a list of changes stands: after this moment, kind of row and row."""

    at: datetime
    kind: int = 0  # of one moment, rows that stand come before those that left
    row: int = 0


@dataclass(frozen=True, slots=True)
class Following:
    """How changes are read: from where, how many, which fields of the object that changed; `until`
    is what the next reading begins with."""

    place: Place
    until: datetime
    limit: int
    fields: tuple[str, ...] | None


def read_following(
    name: str, values: Values, known: Sequence[str], secret: str, now: datetime
) -> Following:
    """How a query string asks to follow a list. Raises RefusedError."""
    wrong = [key for key in values if key not in OWN]
    errors = near_names(wrong, OWN)
    named = {error.field for error in errors}
    errors += [InputError(key, NO_FILTER) for key in wrong if key not in named]
    place, until = Place(START), now.replace(microsecond=0) - SETTLED
    try:
        if given := first(values, "updated_since"):
            place = Place(_moment(given))
        if cursor := first(values, "cursor"):
            place, until = _read_cursor(secret, cursor, name)
    except InvalidInputError as error:
        errors.append(InputError(error.field or "cursor", error.message))
    limit, fields = read_limit(values, errors), read_fields(values, known, errors)
    if errors:
        raise refused_query(errors)
    return Following(place, until, limit, fields)


def write_cursor(secret: str, name: str, place: Place, until: datetime) -> str:
    """The cursor of a list of changes that goes on after a place."""
    held = [name, _microseconds(place.at), place.kind, place.row, _microseconds(until)]
    return str(URLSafeSerializer(secret, salt=SALT).dumps(held))


def _read_cursor(secret: str, cursor: str, name: str) -> tuple[Place, datetime]:
    try:
        of, at, kind, row, until = URLSafeSerializer(secret, salt=SALT).loads(cursor[:MAX_CURSOR])
        if of != name:
            raise InvalidInputError(FORGED, "cursor")
        return Place(_from_microseconds(at), int(kind), int(row)), _from_microseconds(until)
    except (BadData, ValueError, TypeError, OverflowError) as error:
        raise InvalidInputError(FORGED, "cursor") from error


def _moment(given: str) -> datetime:
    """A moment, or the first of a day in Paris. Raises InvalidInputError."""
    try:
        # A « + » that was not escaped is read as a space.
        found = datetime.fromisoformat(given.replace(" ", "+"))
        found = found if found.tzinfo else found.replace(tzinfo=PARIS)
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInputError(NO_MOMENT, "updated_since") from error


def _microseconds(moment: datetime) -> int:
    return (moment - START) // timedelta(microseconds=1)


def _from_microseconds(count: int) -> datetime:
    return START + timedelta(microseconds=int(count))


def structures_after(place: Place, limit: int) -> Select[int, datetime]:
    """The structures that changed after a place, ended and withdrawn ones included."""
    after = _after(Structure.updated_at, Structure.id, place, 0)
    return (
        select(Structure.id, Structure.updated_at)
        .where(after)
        .order_by(Structure.updated_at, Structure.id)
        .limit(limit)
    )


def contracts_after(place: Place, limit: int) -> Select[int, datetime]:
    """The contracts that changed after a place."""
    after = _after(Contract.updated_at, Contract.id, place, 0)
    return (
        select(Contract.id, Contract.updated_at)
        .where(after)
        .order_by(Contract.updated_at, Contract.id)
        .limit(limit)
    )


def left_after(place: Place, limit: int) -> Select[FormerContract]:
    """The references that contracts left after a place."""
    after = _after(FormerContract.gone_at, FormerContract.id, place, 1)
    return (
        select(FormerContract)
        .where(after)
        .order_by(FormerContract.gone_at, FormerContract.id)
        .limit(limit)
    )


def _after(
    moment: InstrumentedAttribute[datetime],
    row: InstrumentedAttribute[int],
    place: Place,
    kind: int,
) -> ColumnElement[bool]:
    """Rows of a kind after a place: said so that an index on (moment, row) serves."""
    if kind < place.kind:
        return moment > place.at
    if kind > place.kind:
        return moment >= place.at
    return and_(moment >= place.at, or_(moment > place.at, row > place.row))
