"""What is wanted of all that a search finds, and what a Meilisearch server said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from search.meilisearch_query import page

IDS = "id"  # the facet that tells the identifiers of all that is found

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: an exact total, hits and facets."""

    total: int
    hits: Sequence[Json]
    facets: dict[str, dict[str, int]]
    ids: Sequence[
        str
    ] = ()  # when they were asked for: those that differ by case or accents are one
    relaxed: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """What is wanted of all that is found: hits, what they tell, facets."""

    offset: int
    limit: int
    attributes: list[str]
    facets: tuple[str, ...]

    def paged(self) -> Json:
        """The page of the server that holds these hits."""
        size, number, _ = page(self.offset, self.limit)
        return {"hitsPerPage": size if self.limit else 0, "page": number}

    def answer(self, said: Json, counted: dict[str, dict[str, int]] | None) -> Answer:
        """What the server said of them: facets by count, then name."""
        skipped = page(self.offset, self.limit)[2]
        hits = said["hits"][skipped : skipped + self.limit] if self.limit else ()
        known = {name: (counted or {}).get(name, {}) for name in self.facets}
        facets = {
            name: dict(sorted(found.items(), key=lambda c: (-c[1], c[0])))
            for name, found in known.items()
            if name != IDS
        }
        return Answer(int(said["totalHits"]), hits, facets, tuple(known.get(IDS, ())))
