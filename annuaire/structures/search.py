"""Searching structures: what a user asks, checked, put to the engine."""

from collections.abc import Mapping, Sequence
from datetime import date

from annuaire.geo.free_address import Finder, find_place
from search.engine import Engine, Hits, Point
from search.filters import STRUCTURE_FILTERS, STRUCTURE_SORTS, Search, parse

FACETS = ("families", "groups", "activities", "kinds", "departement")
PER_PAGE = 20

Values = Mapping[str, Sequence[str]]


def find_structures(
    engine: Engine, values: Values, today: date, find: Finder = find_place
) -> tuple[Search, Hits]:
    """The structures that answer, with facets; values that could not be used are in `errors`.
    `find` gives the place that a text names.

    Raises EngineUnavailable.
    """
    asked = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, values, find)
    query = asked.query(today, facets=FACETS, per_page=PER_PAGE)
    return asked, engine.search("structures", query)


def points_of(
    engine: Engine, values: Values, today: date, find: Finder = find_place
) -> tuple[Point, ...]:
    """Where all the structures that answer stand, for the map."""
    asked = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, values, find)
    return engine.points("structures", asked.query(today))
