"""Searching structures: what a user asks, checked, put to the engine."""

from collections.abc import Mapping, Sequence
from datetime import date

from search.engine import Engine, Hits, Point
from search.facets import search_with_facets
from search.filters import STRUCTURE_FILTERS, STRUCTURE_SORTS, Search, parse

FACETS = ("families", "groups", "activities", "kinds", "departement")
PER_PAGE = 20

Values = Mapping[str, Sequence[str]]


def find_structures(engine: Engine, values: Values, today: date) -> tuple[Search, Hits]:
    """The structures that answer, with facets; values that could not be used are in `errors`.

    Raises EngineUnavailable.
    """
    asked = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, values)
    return asked, search_with_facets(
        engine, "structures", asked, today, facets=FACETS, per_page=PER_PAGE
    )


def points_of(engine: Engine, values: Values, today: date) -> tuple[Point, ...]:
    """Where all the structures that answer stand, for the map."""
    asked = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, values)
    return engine.points("structures", asked.query(today))
