"""What an index keeps by column of the documents found: numbers, counts by value, places."""

from collections.abc import Mapping, Sequence

import numpy as np
import orjson
import tantivy

from search.embedded_found import Floats
from search.embedded_read import stored
from search.engine import Point

FACET_VALUES = 20_000


def column(searcher: tantivy.Searcher, name: str, addresses: list[tantivy.DocAddress]) -> Floats:
    """A number of each of these documents; NaN where one has none."""
    return np.array(searcher.fast_field_values(name, addresses), dtype=np.float64)


def counts(
    searcher: tantivy.Searcher, matching: tantivy.Query, names: Sequence[str]
) -> dict[str, dict[str, int]]:
    """How many of the documents that a query finds hold each value of each of these fields."""
    wanted = {name: {"terms": {"field": name, "size": FACET_VALUES}} for name in names}
    answer: Mapping[str, dict[str, list[dict[str, object]]]] = searcher.aggregate(matching, wanted)
    return {
        name: {str(b["key"]): int(str(b["doc_count"])) for b in answer[name]["buckets"]}
        for name in names
    }


def points(searcher: tantivy.Searcher, addresses: list[tantivy.DocAddress]) -> tuple[Point, ...]:
    """Where these documents stand; those without a place are left out."""
    lats, lons = (column(searcher, name, addresses).tolist() for name in ("lat", "lon"))
    numbers = searcher.fast_field_values("number", addresses)
    return tuple(
        Point(_id(searcher, number, address), lat, lon)
        for number, address, lat, lon in zip(numbers, addresses, lats, lons, strict=True)
        if lat == lat  # not NaN
    )


def _id(searcher: tantivy.Searcher, number: object, address: tantivy.DocAddress) -> str:
    """The id of a document: its number, or where it has none what is stored of it."""
    if isinstance(number, int) and number >= 0:
        return str(number)
    return str(orjson.loads(stored(searcher, address))["id"])
