"""A page of a list: the site's own filters, a cursor, a number of items, the fields wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from annuaire.api.cursors import Position, fingerprint, read_cursor, write_cursor
from annuaire.api.naming import OF_A_SEARCH, near_names
from annuaire.api.refusals import refused_query
from annuaire.errors import InvalidInputError
from annuaire.takeaway.finding import MAX_ROWS, TERRITORY
from annuaire.takeaway.rows import Wanted
from search.engine import Engine, IndexName
from search.filters import InputError, Search

OWN: Final = ("limit", "cursor", "fields")  # what the API adds to the site's query string
LIMIT: Final = 20
MAX_LIMIT: Final = 100
NOTHING: Final = "À cette adresse, il n’y a rien à demander de plus."

Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Options:
    """How a list is read: from where, how many items, which fields (None: all). `filters` is what
    is left of the query string, `search` its fingerprint."""

    position: Position
    limit: int
    fields: tuple[str, ...] | None
    filters: Values
    search: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A page: `total` items in all, those of the page by identifier with their distance, and the
    cursor of the next one. `relaxed`: nothing held all the words."""

    total: int
    wanted: list[Wanted]
    next_cursor: str | None
    relaxed: bool
    correction: str


def read_options(
    name: IndexName, values: Values, known: Sequence[str], secret: str, today: date
) -> Options:
    """The options of a list whose items have the `known` fields. Raises RefusedError."""
    filters = {key: given for key, given in values.items() if key not in OWN}
    errors = near_names(filters, OF_A_SEARCH)
    search, position = fingerprint(name, filters), Position(0, today)
    if cursor := first(values, "cursor"):
        try:
            position = read_cursor(secret, cursor, search, today)
        except InvalidInputError as error:
            errors.append(InputError("cursor", error.message))
    limit, fields = read_limit(values, errors), read_fields(values, known, errors)
    if errors:
        raise refused_query(errors)
    return Options(position, limit, fields, filters, search)


def list_page(
    engine: Engine, name: IndexName, asked: Search, options: Options, secret: str
) -> Listed:
    """The page of a search. Raises RefusedError for filters that cannot be used, and
    EngineUnavailable."""
    if asked.errors:
        raise refused_query(asked.errors)
    at = options.position
    query = asked.query(at.day, per_page=options.limit, territory_field=TERRITORY[name])
    hits = engine.search(name, replace(query, offset=at.offset, highlight=False))
    after = at.offset + len(hits.hits)
    more = bool(hits.hits) and after < min(hits.total, MAX_ROWS)
    return Listed(
        total=hits.total,
        wanted=[Wanted(int(hit.id), hit.distance_km) for hit in hits.hits],
        next_cursor=write_cursor(secret, Position(after, at.day), options.search) if more else None,
        relaxed=hits.relaxed,
        correction=hits.correction,
    )


def first(values: Values, key: str) -> str:
    """The first value given for a key; nothing when there is none."""
    return (values.get(key) or ("",))[0].strip()


def read_limit(values: Values, errors: list[InputError]) -> int:
    """How many items a page holds; what is no such number is told to `errors`."""
    given = first(values, "limit")
    if not given:
        return LIMIT
    if given.isascii() and given.isdigit() and len(given) < 5 and 1 <= int(given) <= MAX_LIMIT:
        return int(given)
    errors.append(InputError("limit", f"« limit » est un nombre de 1 à {MAX_LIMIT}."))
    return LIMIT


def read_fields(
    values: Values, known: Sequence[str], errors: list[InputError]
) -> tuple[str, ...] | None:
    """The fields wanted (None: all); those that nobody knows are told to `errors`."""
    given = [name.strip() for text in values.get("fields", ()) for name in text.split(",")]
    asked = list(dict.fromkeys(given))
    unknown = [f"« {name[:40]} »" for name in asked if name not in known]
    if unknown:
        message = f"Champs inconnus : {', '.join(unknown[:5])}. Possibles : {', '.join(known)}."
        errors.append(InputError("fields", message))
    return tuple(asked) or None


def refuse_others(values: Values, *known: str) -> None:
    """Raises RefusedError for what an address was asked and does not know: nothing is passed over
    in silence."""
    errors = _others(values, known)
    if errors:
        raise refused_query(errors)


def _others(values: Values, known: Sequence[str]) -> list[InputError]:
    said = f"À cette adresse, seul « {known[0]} » peut être demandé." if known else NOTHING
    return [InputError(key[:40], said) for key in values if key not in known]


def one_fields(values: Values, known: Sequence[str]) -> tuple[str, ...] | None:
    """The fields wanted of one object (None: all). Raises RefusedError for anything else."""
    errors = _others(values, ("fields",))
    fields = read_fields(values, known, errors)
    if errors:
        raise refused_query(errors)
    return fields
