"""The port: what the product asks of a search engine, whichever it is."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

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


@dataclass(frozen=True, slots=True)
class Either:
    """Documents that at least one of these filters keeps."""

    filters: tuple[Terms | Range, ...]


Filter = Terms | Range | Either


@dataclass(frozen=True, slots=True)
class Query:
    """One search. Filters are ANDed; values within one filter are ORed.

    `origin` (lat, lon) gives each hit its distance, whether or not a circle limits the search;
    without it, the centre of the circle is the origin.
    `sort` is "relevance", "distance" (needs an origin or a circle), "name", or for contracts
    "newest", "deadline" (the soonest first) or "hours" (the most first). `day` (ISO date) turns
    equal results by day. `limit` may be 0: only the total and the facets are wanted.
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
    #: Mark the words found and put typos right; a caller that shows no text saves the time.
    highlight: bool = True
    columns: tuple[str, ...] = ()  # seek the text in these columns of the schema alone


class Hit(NamedTuple):
    """A document found: its identifier, its stored values, distance in km when an origin is known,
    its text fields with the words found between <mark> and </mark>, HTML-escaped; and these text
    fields as they were indexed, one value or many."""

    id: str
    score: float
    document: Document
    distance_km: float | None = None
    highlights: Mapping[str, str] = MappingProxyType({})
    texts: Mapping[str, str | list[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of results: `total` is exact; facets count within filters and circle."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    took_ms: float
    relaxed: bool = False  # no document held all the words: these hold as many as any does
    correction: str = ""  # the text with its typos put right, when it seems to have some


@dataclass(frozen=True, slots=True)
class Point:
    """A document found, as a map shows it: WGS84 degrees."""

    id: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What someone who types may mean: `kind` is "name", "activity" or "place"; `id` is the
    document of a name."""

    kind: str
    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the engine answers, how many documents each index holds, and which indexes must be
    rebuilt before they are complete (their format changed)."""

    ok: bool
    message: str
    counts: Mapping[str, int]
    needs_rebuild: tuple[IndexName, ...] = ()


class Rebuild(Protocol):
    """A new index being filled beside the one in use.

    `expected` documents make it whole (None: not checked); it may be told once the rebuild has
    begun, when what is written meanwhile is already kept.
    """

    expected: int | None

    def add(self, documents: Iterable[Document]) -> None:
        """Take more documents; each `id` is given once. Raises InvalidDocument."""
        ...


class Engine(Protocol):
    """What every engine does; one contract suite checks them all (tests/integration/search)."""

    def index(self, name: IndexName, documents: Iterable[Document]) -> int:
        """Add or replace documents by their `id`; returns how many; visible when it returns.

        Commits in batches. Raises InvalidDocument (the batches before it stay) and
        EngineUnavailable.
        """
        ...

    def delete(self, name: IndexName, ids: Iterable[str]) -> None:
        """Remove documents; unknown ids are no error. Raises EngineUnavailable."""
        ...

    def search(self, name: IndexName, query: Query) -> Hits:
        """Answer a query. Raises InvalidInputError (in French) and EngineUnavailable."""
        ...

    def points(self, name: IndexName, query: Query) -> tuple[Point, ...]:
        """Where all that the query finds stands (what has coordinates), whatever its page."""
        ...

    def suggest(self, name: IndexName, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """What a beginning may become: values of the index whose words begin so, typos forgiven;
        nothing for a blank text. Raises EngineUnavailable."""
        ...

    def similar(self, name: IndexName, id_: str, limit: int = 5) -> tuple[Hit, ...]:
        """The documents most alike: those that share an activity, the nearest first, each with
        its distance from the one asked about; none for an unknown id. Raises
        EngineUnavailable."""
        ...

    def rebuild(
        self, name: IndexName, expected: int | None = None
    ) -> AbstractContextManager[Rebuild]:
        """Fill a new index; on leaving, check the count (when expected is given) and switch.

        What is indexed or deleted meanwhile is in the new index too. A wrong count raises
        RebuildRefused and the index in use stays, as after any other error.
        """
        ...

    def version(self, name: IndexName) -> str | None:
        """Something that is another once the index was written to; None when that cannot be told
        cheaply. To be asked before a search: what it finds is at least as new."""
        ...

    def health(self) -> Health: ...


class EngineUnavailable(Exception):  # noqa: N818
    """The engine cannot be reached or refuses to answer; the message says what to do."""


class InvalidDocument(ValueError):  # noqa: N818
    """A document does not fit the schema: a field that nobody declared, a value of a wrong kind."""


class RebuildRefused(Exception):  # noqa: N818
    """A new index does not hold as many documents as expected; the one in use was kept."""
