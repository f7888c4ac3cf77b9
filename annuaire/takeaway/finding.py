"""All that a search finds, page after page: identifiers and distances, never the whole of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from annuaire.errors import InvalidInputError
from annuaire.takeaway.rows import Wanted
from search.engine import Engine, Hits, IndexName
from search.filters import Search

MAX_ROWS: Final = 50_000  # more than the register of France; what is over is said on the cover
PAGE: Final = 500  # results at a time: what is held in memory, against one more search each
TERRITORY: Final[dict[IndexName, str]] = {
    "structures": "departement",
    "contracts": "departements",
}


@dataclass(frozen=True, slots=True)
class Everything:
    """What a search finds: how many, and their identifiers by batches, in the search's order."""

    total: int
    batches: Iterator[list[Wanted]]


def refuse_errors(asked: Search) -> None:
    """A filter that cannot be used would silently export everything: it is refused, in French."""
    if asked.errors:
        raise InvalidInputError(" ".join(error.message for error in asked.errors))


def find_all(
    engine: Engine, name: IndexName, asked: Search, today: date, limit: int | None = None
) -> Everything:
    """Everything that a search finds, at most `limit` (MAX_ROWS unless told).

    Raises EngineUnavailable, also on the way; InvalidInputError for what cannot be asked.
    """
    refuse_errors(asked)
    first = _page(engine, name, asked, today, 1)
    most = MAX_ROWS if limit is None else limit
    return Everything(first.total, _batches(engine, name, asked, today, first, most))


def _page(engine: Engine, name: IndexName, asked: Search, today: date, number: int) -> Hits:
    query = replace(asked, page=number).query(today, per_page=PAGE, territory_field=TERRITORY[name])
    return engine.search(name, replace(query, highlight=False))


def _batches(
    engine: Engine, name: IndexName, asked: Search, today: date, first: Hits, limit: int
) -> Iterator[list[Wanted]]:
    seen: set[int] = set()  # the index may move between two pages: nothing twice
    page, number = first, 1
    while page.hits and len(seen) < limit:
        batch: list[Wanted] = []
        for hit in page.hits:
            key = int(hit.id)
            if key not in seen and len(seen) < limit:
                seen.add(key)
                batch.append(Wanted(key, hit.distance_km))
        if batch:
            yield batch
        if number * PAGE >= page.total:
            return
        number += 1
        page = _page(engine, name, asked, today, number)
