"""Which terms tell that something new may be awaited: those that a search needs, and those that a
document has. A search that finds a document has a term of it; the reverse is then checked.

The inverted lookup rests on it: what is new is asked for its terms, and no saved search is run
that has none of them. Pure.
"""

from collections.abc import Iterable, Iterator
from math import floor
from typing import Final

from search.engine import Circle, Document, Query, Terms
from search.geometry import box_around

ALL: Final = "*"  # of a search that nothing narrows
CELL: Final = 0.5  # degrees
MOST_PAIRS: Final = 400
MOST_CELLS: Final = 300

#: Fields of a search, the most telling first: who, then what and where together, then the rest.
WHO: Final = ("reference", "buyer_ids")
WHAT: Final = ("activities", "cpv", "groups")
WHERE: Final = ("epci", "departements", "departement")
REST: Final = (
    "networks", "labels", "reserved", "clause_types", "procedure", "kinds", "families", "nature",
    "types", "environment", "social", "allotted", "state",
)  # fmt: skip


def terms_needed(query: Query) -> set[str]:
    """Terms of which every document that the query finds has at least one."""
    asked = {}
    for wanted in query.filters:
        if isinstance(wanted, Terms):
            asked[wanted.field] = wanted.values
    who = _first(asked, WHO)
    if who:
        return who
    what = _first(asked, WHAT)
    where = _cells(query.circle) if query.circle else _first(asked, WHERE)
    if what and where and len(what) * len(where) <= MOST_PAIRS:
        return set(_pairs(what, where))
    return where or what or _first(asked, REST) or {ALL}


def terms_of(document: Document) -> set[str]:
    """All the terms that may stand for a document."""
    found = {ALL}
    for field in (*WHO, *REST):
        found.update(_held(document, field))
    what = [term for field in WHAT for term in _held(document, field)]
    where = [term for field in WHERE for term in _held(document, field)]
    lat, lon = document.get("lat"), document.get("lon")
    if isinstance(lat, float | int) and isinstance(lon, float | int):
        where.append(_cell(floor(lat / CELL), floor(lon / CELL)))
    return {*found, *what, *where, *_pairs(what, where)}


def _first(asked: dict[str, tuple[str, ...]], fields: Iterable[str]) -> set[str]:
    """The terms of the first of these fields that the search limits."""
    field = next((name for name in fields if name in asked), None)
    return {f"{field}:{value}" for value in asked[field]} if field else set()


def _held(document: Document, field: str) -> Iterator[str]:
    value = document.get(field)
    values = [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else ()
    return (f"{field}:{each}" for each in values)


def _pairs(what: Iterable[str], where: Iterable[str]) -> Iterator[str]:
    places = list(where)
    return (f"{trade}|{place}" for trade in what for place in places)


def _cells(circle: Circle) -> set[str]:
    """The cells that a circle touches; none when they are too many: it narrows nothing."""
    box = box_around(circle)
    rows = range(floor(box.south / CELL), floor(box.north / CELL) + 1)
    spans = box.spans or ((-180.0, 180.0),)
    columns = [
        column
        for west, east in spans
        for column in range(floor(west / CELL), floor(east / CELL) + 1)
    ]
    if len(rows) * len(columns) > MOST_CELLS:
        return set()
    return {_cell(row, column) for row in rows for column in columns}


def _cell(row: int, column: int) -> str:
    return f"cell:{row}/{column}"
