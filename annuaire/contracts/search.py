"""Searching contracts: what a user asks, checked, put to the engine."""

from collections.abc import Mapping, Sequence
from datetime import date

from annuaire.geo.free_address import Finder, find_place
from search.engine import Engine, Hits
from search.facets import search_with_facets
from search.filters import CONTRACT_FILTERS, CONTRACT_SORTS, Search, parse

FACETS = ("groups", "activities", "departements")
PER_PAGE = 20

Values = Mapping[str, Sequence[str]]


def find_contracts(
    engine: Engine, values: Values, today: date, find: Finder = find_place
) -> tuple[Search, Hits]:
    """The contracts that answer, with facets; values that could not be used are in `errors`.
    `find` gives the place that a text names.

    Raises EngineUnavailable.
    """
    asked = parse(CONTRACT_FILTERS, CONTRACT_SORTS, values, find)
    return asked, search_with_facets(
        engine, "contracts", asked, today,
        facets=FACETS, per_page=PER_PAGE, territory_field="departements",
    )  # fmt: skip
