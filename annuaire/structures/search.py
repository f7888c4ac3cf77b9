"""Searching structures: what a user asks, checked, put to the engine."""

from collections.abc import Mapping, Sequence
from datetime import date

from annuaire.geo.free_address import Finder, find_place
from search.engine import Circle, Engine, EngineUnavailable, Hit, Hits, Point, Suggestion
from search.facets import search_with_facets
from search.filters import STRUCTURE_FILTERS, STRUCTURE_SORTS, Search, parse

FACETS = (
    "families", "groups", "activities", "kinds", "departement", "networks", "labels", "served",
    "cocontract",
)  # fmt: skip
PER_PAGE = 20
SUGGESTED = 8
SIMILAR = 5
SIMILAR_KM = 150.0  # farther than that, nobody would call it near

Values = Mapping[str, Sequence[str]]


def find_structures(
    engine: Engine, values: Values, today: date, find: Finder = find_place
) -> tuple[Search, Hits]:
    """The structures that answer, with facets; values that could not be used are in `errors`.
    `find` gives the place that a text names.

    Raises EngineUnavailable.
    """
    asked = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, values, find)
    return asked, search_with_facets(
        engine, "structures", asked, today, facets=FACETS, per_page=PER_PAGE
    )


def points_of(
    engine: Engine, values: Values, today: date, find: Finder = find_place
) -> tuple[Circle | None, tuple[Point, ...]]:
    """Where all the structures that answer stand, for the map, and the circle they are sought in.

    Raises EngineUnavailable.
    """
    asked = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, values, find)
    query = asked.query(today)
    return query.circle, engine.points("structures", query)


def suggestions(engine: Engine, text: str) -> tuple[Suggestion, ...]:
    """Activities, towns and names that begin as what is being typed. Raises EngineUnavailable."""
    return engine.suggest("structures", text, SUGGESTED)


def similar_to(engine: Engine, structure_id: int) -> tuple[Hit, ...]:
    """The nearest structures that share an activity, within SIMILAR_KM; none while the search is
    away, as a page goes without."""
    try:
        hits = engine.similar("structures", str(structure_id), SIMILAR)
    except EngineUnavailable:
        return ()
    return tuple(h for h in hits if h.distance_km is not None and h.distance_km <= SIMILAR_KM)
