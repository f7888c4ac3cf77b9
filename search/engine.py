"""The port: what the product asks of a search engine, whichever it is."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol

IndexName = Literal["structures", "contracts"]
Document = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Circle:
    """All that lies within `radius_km` (great circle, km) of a point in WGS84 degrees."""

    lat: float
    lon: float
    radius_km: float


@dataclass(frozen=True, slots=True)
class Terms:
    """Documents whose `field` holds at least one of `values` (exact)."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Documents whose number or ISO date `field` lies between the bounds, both included."""

    field: str
    minimum: float | None = None
    maximum: float | None = None


Filter = Terms | Range


@dataclass(frozen=True, slots=True)
class Query:
    """One search. Filters are ANDed; values within one filter are ORed.

    `origin` (lat, lon) gives each hit its distance, whether or not a circle limits the search.
    `sort` is "relevance", "distance" (needs an origin), "name", "newest" or "deadline"
    (both for contracts). `day` (ISO date) turns equal results by day.
    """

    text: str = ""
    filters: tuple[Filter, ...] = ()
    circle: Circle | None = None
    origin: tuple[float, float] | None = None
    facets: tuple[str, ...] = ()
    sort: str = "relevance"
    offset: int = 0
    limit: int = 20
    day: str = ""
    any_word: bool = False  # candidates for matching: one word is enough, more rank higher


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found: its identifier, its stored values, distance in km when an origin is known,
    and its text fields with the words found between <mark> and </mark>, HTML-escaped."""

    id: str
    score: float
    document: Document
    distance_km: float | None = None
    highlights: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of results: `total` is exact; facets count within filters and circle."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    took_ms: float
    relaxed: bool = False  # no document held all the words: the last ones were dropped


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the engine answers, and how many documents each index holds."""

    ok: bool
    message: str
    counts: Mapping[str, int]


class Rebuild(Protocol):
    """A new index being filled beside the one in use."""

    def add(self, documents: Iterable[Document]) -> None: ...


class Engine(Protocol):
    """What every engine does; one contract suite checks them all (tests/integration/search)."""

    def index(self, name: IndexName, documents: Iterable[Document]) -> int:
        """Add or replace documents by their `id`; returns how many; visible when it returns."""
        ...

    def delete(self, name: IndexName, ids: Iterable[str]) -> None: ...

    def search(self, name: IndexName, query: Query) -> Hits: ...

    def rebuild(
        self, name: IndexName, expected: int | None = None
    ) -> AbstractContextManager[Rebuild]:
        """Fill a new index; on leaving, check the count (when expected is given) and switch."""
        ...

    def health(self) -> Health: ...


class EngineUnavailable(Exception):  # noqa: N818
    """The engine cannot be reached or refuses to answer; the message says what to do."""
