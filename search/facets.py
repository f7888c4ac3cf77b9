"""Counts that let a user add a second value: those of a filter leave that filter itself out.

« EI : 12, ACI : 7 » stays true once EI is chosen, as choosing both finds the two together. One
more query for each filter chosen that has a facet, so that every engine counts alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from search.engine import Engine, Hits, IndexName
from search.filters import Search


def search_with_facets(
    engine: Engine,
    name: IndexName,
    asked: Search,
    today: date,
    *,
    facets: tuple[str, ...],
    per_page: int,
    territory_field: str = "departement",
) -> Hits:
    """A page of results; each facet counts within all that is asked but its own filter.

    Raises InvalidInputError and EngineUnavailable.
    """
    query = asked.query(today, facets=facets, per_page=per_page, territory_field=territory_field)
    hits = engine.search(name, query)
    counts: dict[str, Mapping[str, int]] = dict(hits.facets)
    chosen: dict[str, list[str]] = {}
    for each in asked.chosen:
        if each.kind.field in facets:
            chosen.setdefault(each.kind.field, []).append(each.value)
    for field, values in chosen.items():
        rest = tuple(each for each in asked.chosen if each.kind.field != field)
        query = replace(asked, chosen=rest).query(
            today, facets=(field,), territory_field=territory_field
        )
        wider = engine.search(name, replace(query, offset=0, limit=0, highlight=False))
        # What is chosen keeps the count of the list shown, which may hold fewer words (`relaxed`).
        counts[field] = {**wider.facets[field], **_only(hits.facets[field], values)}
    return replace(hits, facets=counts)


def how_many(
    engine: Engine, name: IndexName, today: date, territory_field: str = "departement"
) -> Callable[[Search], int]:
    """What counts the results of a search, and reads none of them.

    It raises InvalidInputError and EngineUnavailable.
    """

    def count(asked: Search) -> int:
        query = asked.query(today, territory_field=territory_field)
        return engine.search(name, replace(query, offset=0, limit=0, highlight=False)).total

    return count


def _only(counts: Mapping[str, int], values: list[str]) -> dict[str, int]:
    return {value: counts[value] for value in values if value in counts}
