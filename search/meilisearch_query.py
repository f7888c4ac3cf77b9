"""From our query to Meilisearch's: filters escaped value by value, words cut by us."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from search import ranking
from search.engine import Circle, Either, Filter, Query, Range
from search.geometry import Box, box_around
from search.meilisearch_settings import order_field, searched_in
from search.prepared import MAX_KEYWORD
from search.schema import IndexSchema
from search.text import query_words

MAX_WORDS = 10  # Meilisearch reads no more of a query
MAX_CANDIDATE_WORDS = 24  # of a search by any word: each is a query of its own
NOTHING = 'id = ""'  # a filter that no document passes: an id is never empty


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of the port, ready to be sent: its words, what every request says, the order."""

    query: Query
    words: tuple[str, ...]
    base: dict[str, Any]
    sort: list[str]


def asked(schema: IndexSchema, query: Query) -> Asked:
    """A checked query, prepared."""
    words = query_words(query.text, MAX_CANDIDATE_WORDS if query.any_word else MAX_WORDS)
    base: dict[str, Any] = {}
    if parts := filters(schema, query):
        base["filter"] = parts
    if columns := searched_in(schema, query.columns):
        base["attributesToSearchOn"] = columns
    return Asked(query, tuple(words), base, order(schema, query, browsing=not words))


def text_of(words: Sequence[str], *, typing: bool = True, forgiving: bool = False) -> str:
    """Words as a text to search; the last one is a beginning only while someone is `typing`.

    What stands between quotes is taken by Meilisearch as it is written: a word with a digit; and
    one of four letters, unless `forgiving`, as its settings admit a typo from there.
    """

    def exact(word: str) -> bool:
        return any(c.isdigit() for c in word) or (not forgiving and is_short(word))

    text = " ".join(f'"{word}"' if exact(word) else word for word in words)
    return text if typing or not text else text + " "


def is_short(word: str) -> bool:
    """Whether a word is of those whose typos are forgiven only when nothing is found."""
    return not ranking.typos_allowed(word) and bool(ranking.typos_allowed(word, forgiving=True))


def filters(schema: IndexSchema, query: Query) -> list[str]:
    """Every filter as an expression, all of them wanted."""
    found = [_expression(schema, wanted) for wanted in query.filters]
    if query.circle:
        found.append(in_circle(query.circle))
    return found


def roughly(schema: IndexSchema, query: Query) -> list[str]:
    """Every filter, but the circle, of which only the box around it is asked.

    The server reads all its points to answer a circle, once for each search of a request (7 ms
    for 100,000 points); a box is two ranges of numbers.
    """
    found = [_expression(schema, wanted) for wanted in query.filters]
    if query.circle:
        found.append(_in_box(box_around(query.circle)))
    return found


def _expression(schema: IndexSchema, wanted: Filter) -> str:
    if isinstance(wanted, Either):
        each = [f"({_expression(schema, one)})" for one in wanted.filters]
        return f"({' OR '.join(each)})" if each else NOTHING
    name = wanted.field
    if name != "id" and name not in schema.by_name:  # checked before; never sent all the same
        raise ValueError(name)
    if isinstance(wanted, Range):
        return _range(name, wanted)
    values = [quoted(value) for value in wanted.values if plain(value)]
    return f"{name} IN [{', '.join(values)}]" if values else NOTHING


def _range(name: str, wanted: Range) -> str:
    bounds = []
    if wanted.minimum is not None:
        bounds.append(f"{name} >= {number(wanted.minimum)}")
    if wanted.maximum is not None:
        bounds.append(f"{name} <= {number(wanted.maximum)}")
    return " AND ".join(bounds) or f"{name} EXISTS"


def _in_box(box: Box) -> str:
    spans = box.spans or ((-180.0, 180.0),)
    each = [
        f"_geoBoundingBox([{number(box.north)}, {number(east)}], "
        f"[{number(box.south)}, {number(west)}])"
        for west, east in spans
    ]
    return " OR ".join(each)


def in_circle(circle: Circle) -> str:
    """A circle as a filter."""
    metres = number(circle.radius_km * 1_000)
    return f"_geoRadius({number(circle.lat)}, {number(circle.lon)}, {metres})"


def number(value: float) -> str:
    """A finite number as Meilisearch reads it, without exponent. Raises ValueError."""
    value = float(value)
    if not math.isfinite(value):
        raise ValueError(value)
    return f"{value:.9f}".rstrip("0").rstrip(".")


def quoted(value: str) -> str:
    """A value between double quotes, its backslashes and double quotes escaped."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def plain(value: str) -> bool:
    """Whether a document may hold a value as it is written. Meilisearch compares values without
    case, accents or variants of signs (« ² » is « 2 »): what only looks like a value is none."""
    return (
        0 < len(value) <= MAX_KEYWORD
        and value.isprintable()
        and unicodedata.normalize("NFKC", value) == value
    )


def order(schema: IndexSchema, query: Query, *, browsing: bool) -> list[str]:
    """What `sort` asks, or what breaks ties among texts of one worth: the distance, then the
    quality with the day's turn. Without text, it is the whole order."""
    sort = query.sort
    if sort == "relevance" and browsing and schema.browse != "quality":
        sort = schema.browse
    equals = f"{order_field(ranking.turn_of(query.day))}:desc"
    if sort == "name":
        return ["sort_name:asc", equals]
    if sort in schema.sort_fields:
        direction = "asc" if sort == "deadline" else "desc"
        return [f"{schema.sort_fields[sort]}:{direction}", equals]
    if query.origin:
        return [f"_geoPoint({number(query.origin[0])}, {number(query.origin[1])}):asc", equals]
    return [equals]


def page(offset: int, limit: int) -> tuple[int, int, int]:
    """The page of Meilisearch that holds a span: hits a page, number of the page (from 1), and
    where the span begins in it. Only pages come with a total that is promised to be exact."""
    size = max(1, limit)
    while offset // size != (offset + max(1, limit) - 1) // size:
        size += 1
    return size, offset // size + 1, offset % size
