"""One search on a Meilisearch server: ask, relax when nothing holds all the words, hand back."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice
from typing import Any

import numpy as np

from search.engine import Hit, Point, Query
from search.geometry import distances_km
from search.highlight import Sought, highlights
from search.meilisearch_documents import SameWords, singular
from search.meilisearch_query import Asked, asked, is_short, page, quoted, text_of
from search.meilisearch_server import Server
from search.meilisearch_settings import MAX_TOTAL_HITS, order_field
from search.prepared import values_of
from search.ranking import turn_of, typos_allowed
from search.schema import IndexSchema
from search.text import fold_word, tokens

SHOWN = ["id", "stored", "texts", "_geo"]
SUBSETS = 32  # requests of one level when words are dropped
TOGETHER = 3  # words of a search by any word of which every two are also sought together
LEAST_RARITY = 0.05

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: an exact total, hits and facets."""

    total: int
    hits: Sequence[Json]
    facets: dict[str, dict[str, int]]
    relaxed: bool = False


class Search:
    """A checked query being answered by one index."""

    def __init__(
        self, server: Server, uid: str, schema: IndexSchema, same: SameWords, query: Query
    ) -> None:
        self.schema = schema
        self.query = query
        self._server = server
        self._uid = uid
        self._asked: Asked = asked(schema, query)
        self._same = same
        self._forgiving = False

    def run(self) -> Answer:
        """The page asked for."""
        if not self._asked.in_python:
            return self._found(self.query.offset, self.query.limit, SHOWN)
        keys = ["id", "_geo", "sort_name", *self.schema.sort_fields.values(), self._turn]
        found = self._found(0, MAX_TOTAL_HITS, keys)
        ordered = sorted(found.hits, key=self._place_in_order)
        start = self.query.offset
        ids = [str(hit["id"]) for hit in ordered[start : start + self.query.limit]]
        return replace(found, hits=self._by_id(ids))

    def points(self) -> tuple[Point, ...]:
        """Where all that is found stands, in no order."""
        self._asked.base.pop("sort", None)
        hits = self._found(0, MAX_TOTAL_HITS, ["id", "_geo"]).hits
        return tuple(
            Point(str(hit["id"]), float(hit["_geo"]["lat"]), float(hit["_geo"]["lng"]))
            for hit in hits
            if hit.get("_geo")
        )

    # What is asked of the server

    def _found(self, offset: int, limit: int, attributes: list[str]) -> Answer:
        words = self._asked.words
        if self.query.any_word and len(words) > 1:
            return self._federated(self._any_word(words), offset, limit, attributes)
        whole = self._plain(words, offset, limit, attributes)
        if not whole.total and any(map(is_short, words)):
            self._forgiving = True
            whole = self._plain(words, offset, limit, attributes)
            self._forgiving = bool(whole.total)
        if whole.total or len(words) < 2:
            return whole
        for level in self._fewer(words):
            answer = self._federated(level, offset, limit, attributes)
            if answer.total:
                return replace(answer, relaxed=True)
        return whole

    def _body(self, words: Sequence[str]) -> Json:
        typing = bool(words) and words[-1] == self._asked.words[-1] and not self.query.any_word
        return {
            **self._asked.base,
            "q": text_of(words, typing=typing, forgiving=self._forgiving),
            "matchingStrategy": "frequency" if self._drops(words) else "all",
            "showRankingScore": True,
        }

    def _drops(self, words: Sequence[str]) -> bool:
        """Whether Meilisearch may drop some of these words itself."""
        return self.query.any_word and len(words) > 1 and words == self._asked.words

    def _plain(
        self, words: Sequence[str], offset: int, limit: int, attributes: list[str]
    ) -> Answer:
        size, number, skipped = page(offset, limit)
        body = self._body(words) | {
            "attributesToRetrieve": attributes,
            "hitsPerPage": size if limit else 0,
            "page": number,
        }
        if self.query.facets:
            body["facets"] = list(self.query.facets)
        said = self._server.search(self._uid, body)
        if said is None:
            return Answer(0, (), {name: {} for name in self.query.facets})
        hits = said["hits"][skipped : skipped + limit] if limit else ()
        return Answer(int(said["totalHits"]), hits, self._facets(said.get("facetDistribution")))

    def _federated(
        self,
        wanted: Iterable[tuple[Sequence[str], float]],
        offset: int,
        limit: int,
        attributes: list[str],
    ) -> Answer:
        """What at least one of several groups of words finds, each with its weight."""
        queries = [
            self._body(words)
            | {
                "indexUid": self._uid,
                "attributesToRetrieve": attributes,
                "federationOptions": {"weight": weight},
            }
            for words, weight in wanted
        ]
        size, number, skipped = page(offset, limit)
        federation: Json = {"hitsPerPage": size if limit else 0, "page": number}
        if self.query.facets:
            federation["facetsByIndex"] = {self._uid: list(self.query.facets)}
        said = self._server.searches(queries, federation)
        counted = said.get("facetsByIndex", {}).get(self._uid, {}).get("distribution")
        hits = said["hits"][skipped : skipped + limit] if limit else ()
        return Answer(int(said["totalHits"]), hits, self._facets(counted))

    def _any_word(self, words: Sequence[str]) -> list[tuple[Sequence[str], float]]:
        """Each word alone, two of them together, then all, dropped from the most frequent on:
        the more, the heavier."""
        pairs = combinations(words, 2) if len(words) <= TOGETHER else ()
        return [
            (words, 1.0),
            *((pair, 0.6) for pair in pairs),
            *(((word,), 0.3) for word in words),
        ]

    def _fewer(self, words: Sequence[str]) -> Iterable[list[tuple[Sequence[str], float]]]:
        """Groups of fewer and fewer words, without those that nothing holds; a rare word weighs
        more than a common one, the number of a place least."""
        counted = self._counts(words)
        alive = [word for word in words if counted[word]]
        most = max(counted.values(), default=0)
        rarity = {
            word: LEAST_RARITY
            if word.isdigit()
            else max(LEAST_RARITY, 1 - math.log1p(counted[word]) / math.log1p(most + 1))
            for word in alive
        }
        for size in range(min(len(alive), len(words) - 1), 0, -1):
            groups = sorted(combinations(alive, size), key=lambda g: -sum(rarity[w] for w in g))
            kept = list(islice(groups, SUBSETS))
            yield [(group, sum(rarity[w] for w in group) / size) for group in kept]

    def _counts(self, words: Sequence[str]) -> dict[str, int]:
        """How many documents hold each word, within filters and circle."""
        queries = [
            self._body((word,)) | {"indexUid": self._uid, "hitsPerPage": 0} for word in words
        ]
        results = self._server.searches(queries)["results"]
        return {word: int(result["totalHits"]) for word, result in zip(words, results, strict=True)}

    def _by_id(self, ids: list[str]) -> list[Json]:
        if not ids:
            return []
        body = {
            "q": "",
            "filter": [f"id IN [{', '.join(quoted(id_) for id_ in ids)}]"],
            "hitsPerPage": len(ids),
            "page": 1,
            "attributesToRetrieve": SHOWN,
        }
        said = self._server.search(self._uid, body) or {"hits": []}
        known = {str(hit["id"]): hit for hit in said["hits"]}
        return [known[id_] for id_ in ids if id_ in known]

    # Order

    @property
    def _turn(self) -> str:
        return order_field(turn_of(self.query.day))

    def _place_in_order(self, hit: Json) -> tuple[object, ...]:
        """What orders a hit when the text does not; a missing value comes last."""
        sort, equals = self.query.sort, (-float(hit.get(self._turn, 0)), str(hit["id"]))
        if sort == "name":
            return (str(hit.get("sort_name", "")), *equals)
        if sort == "distance":
            far = self._distance(hit)
            return (math.inf if far is None else far, *equals)
        value = hit.get(self.schema.sort_fields[sort])
        if value is None:
            return (math.inf, *equals)
        return (float(value) if sort == "deadline" else -float(value), *equals)

    def _distance(self, hit: Json) -> float | None:
        place, origin = hit.get("_geo"), self.query.origin
        if not place or origin is None:
            return None
        there = (np.array([place["lat"]]), np.array([place["lng"]]))
        return float(distances_km(*origin, *there)[0])

    # What is handed back

    def _facets(self, counted: dict[str, dict[str, int]] | None) -> dict[str, dict[str, int]]:
        return {
            name: dict(sorted((counted or {}).get(name, {}).items(), key=lambda c: (-c[1], c[0])))
            for name in self.query.facets
        }

    def hits(self, answer: Answer) -> tuple[Hit, ...]:
        """The hits with their distances and the words found marked."""
        words = self._asked.words
        also = [w for phrase in self._same.also_found(words) for w in phrase.split()]
        sought = Sought(
            words=frozenset([*words, *also]),
            stems=frozenset(singular(word) for word in (*words, *also)),
            prefixes=words[-1:] if words and not self.query.any_word else (),
            misspelt=tuple(w for w in words if typos_allowed(w, forgiving=self._forgiving)),
        )
        return tuple(self._hit(hit, sought) for hit in answer.hits)

    def _hit(self, hit: Json, sought: Sought) -> Hit:
        texts, id_ = hit.get("texts") or {}, str(hit["id"])
        marked = (
            highlights(texts, sought, singular) if self.query.highlight and sought.words else {}
        )
        score = hit.get("_federation", {}).get("weightedRankingScore", hit.get("_rankingScore", 0))
        return Hit(
            id=id_,
            score=float(score),
            document={**(hit.get("stored") or {}), "id": id_},
            distance_km=self._distance(hit),
            highlights=marked,
            texts=texts,
        )

    def misspelt(self, hits: Sequence[Hit]) -> list[str]:
        """The words typed that no text found holds, in any number: they may have typos."""
        held = {
            singular(word)
            for hit in hits
            for text in hit.texts.values()
            for value in values_of(text)
            for word in map(fold_word, tokens(value))
        }
        return [
            word
            for word in self._asked.words
            if typos_allowed(word, forgiving=self._forgiving) and singular(word) not in held
        ]
