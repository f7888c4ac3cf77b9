"""Searching contracts: what a user asks, checked, put to the engine."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from annuaire.contracts.named_buyers import with_buyers
from annuaire.geo.free_address import Finder, find_place
from search.engine import Circle, Either, Engine, Filter, Hits, Point, Range, Suggestion, Terms
from search.facets import search_with_facets
from search.filters import CONTRACT_FILTERS, CONTRACT_SORTS, Chosen, Search, parse
from search.filters.contracts import (
    AMOUNT_FROM,
    AMOUNT_TO,
    CLOSED,
    INDEXED_STATES,
    OPEN,
    UNKNOWN_AMOUNTS,
    open_on,
)
from search.filters.kinds import FilterKind, as_named

FACETS: Final = (
    "social", "environment", "state", "clause_types", "reserved", "groups", "activities",
    "departements", "types", "nature", "procedure", "allotted", "placed",
)  # fmt: skip
TERRITORY: Final = "departements"
PER_PAGE: Final = 20
SUGGESTED: Final = 8
AMOUNTS: Final = (AMOUNT_FROM.key, AMOUNT_TO.key)
_REFERENCE = re.compile(r"(?:[a-z]+-)?\d{2,9}-\d{1,9}", re.ASCII)
_REFERENCED = FilterKind("q", "Référence", "reference", as_named, "Référence : {}")
_WITHOUT_AMOUNT = Terms("amount_known", ("non",))

Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of contracts. `unplaced` of them stand nowhere on a map, `about` at the centre of
    their département; `left_out` is how many more answer, but for an amount that is not known."""

    asked: Search
    hits: Hits
    unplaced: int
    about: int
    left_out: int


def asked_contracts(engine: Engine, values: Values, find: Finder = find_place) -> Search:
    """What a user asks, checked; values that could not be used are in `errors`. `find` gives the
    place that a text names. Raises EngineUnavailable."""
    asked = _by_reference(parse(CONTRACT_FILTERS, CONTRACT_SORTS, values, find))
    asked = with_buyers(engine, asked)
    if any(c.kind.key == UNKNOWN_AMOUNTS for c in asked.chosen):
        asked = replace(asked, chosen=tuple(map(_or_unknown, asked.chosen)))
    return asked


def find_contracts(
    engine: Engine, values: Values, today: date, find: Finder = find_place
) -> tuple[Search, Hits]:
    """The contracts that answer, with facets. Raises EngineUnavailable."""
    found = search_contracts(engine, values, today, find)
    return found.asked, found.hits


def search_contracts(
    engine: Engine, values: Values, today: date, find: Finder = find_place
) -> Found:
    """The contracts that answer, with facets and what is to be said of them.

    Raises EngineUnavailable.
    """
    asked = asked_contracts(engine, values, find)
    hits = search_with_facets(
        engine, "contracts", asked, today,
        facets=FACETS, per_page=PER_PAGE, territory_field=TERRITORY,
    )  # fmt: skip
    facets = dict(hits.facets)
    placed = facets.pop("placed")
    facets["state"] = _states(engine, asked, facets["state"], today)
    return Found(
        asked=asked,
        hits=replace(hits, facets=facets),
        unplaced=placed.get("non", 0),
        about=placed.get("departement", 0),
        left_out=_left_out(engine, asked, today),
    )


def points_of(
    engine: Engine, values: Values, today: date, find: Finder = find_place
) -> tuple[Circle | None, tuple[Point, ...]]:
    """Where the contracts that answer stand, for the map, and the circle that they are sought in.

    Raises EngineUnavailable.
    """
    query = asked_contracts(engine, values, find).query(today, territory_field=TERRITORY)
    return query.circle, engine.points("contracts", query)


def suggestions(engine: Engine, text: str) -> tuple[Suggestion, ...]:
    """Activities, buyers and titles that begin as what is being typed. Raises EngineUnavailable."""
    return engine.suggest("contracts", text, SUGGESTED)


def _by_reference(asked: Search) -> Search:
    """A number that stands alone in the box (« 26-91551 », « boamp-26-91551 ») names a contract."""
    text = asked.text.strip().lower()
    if not _REFERENCE.fullmatch(text):
        return asked
    several = (text, *(f"{source}-{text}" for source in ("boamp", "ted", "decp", "depot")))
    chosen = Chosen(_REFERENCED, asked.text, text, several)
    return replace(asked, text="", chosen=(*asked.chosen, chosen))


def _or_unknown(chosen: Chosen) -> Chosen:
    """A bound on amounts that also keeps what has no amount."""
    if chosen.kind.key not in AMOUNTS:
        return chosen
    build = chosen.kind.build

    def kept(field: str, values: Sequence[str], today: date) -> Filter | None:
        bound = build(field, values, today)
        return Either((bound, _WITHOUT_AMOUNT)) if isinstance(bound, Range) else bound

    return replace(chosen, kind=replace(chosen.kind, build=kept))


def _states(
    engine: Engine, asked: Search, indexed: Mapping[str, int], today: date
) -> dict[str, int]:
    """The states as users know them: of what is published, one question tells what is open."""
    rest = replace(asked, chosen=tuple(c for c in asked.chosen if c.kind.key != "etat"))
    published = indexed.get("published", 0)
    # Where words were dropped, fewer may have been among what is open: never more than there are.
    opened = min(published, _count(engine, rest, today, open_on(today)))
    states = {value: indexed.get(state, 0) for value, state in INDEXED_STATES.items()}
    states |= {OPEN: opened, CLOSED: published - opened}
    return {value: count for value, count in states.items() if count}


def _left_out(engine: Engine, asked: Search, today: date) -> int:
    """How many contracts answer all but the bounds on amounts, as theirs is not published."""
    keys = {c.kind.key for c in asked.chosen}
    if keys.isdisjoint(AMOUNTS) or UNKNOWN_AMOUNTS in keys:
        return 0
    rest = replace(asked, chosen=tuple(c for c in asked.chosen if c.kind.key not in AMOUNTS))
    return _count(engine, rest, today, _WITHOUT_AMOUNT)


def _count(engine: Engine, asked: Search, today: date, extra: Filter) -> int:
    query = asked.query(today, extra=(extra,), territory_field=TERRITORY)
    return engine.search("contracts", replace(query, offset=0, limit=0, highlight=False)).total
