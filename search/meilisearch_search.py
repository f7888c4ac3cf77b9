"""One search on a Meilisearch server: ask, relax when nothing holds all the words, hand back."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations, islice

import numpy as np

from annuaire.geo.distance import haversine_km
from search.engine import Point, Query
from search.highlight import Sought
from search.meilisearch_documents import SameWords, primary_key
from search.meilisearch_found import IDS, Answer, Json, Span
from search.meilisearch_hits import seeking
from search.meilisearch_query import Asked, asked, in_circle, is_short, roughly, text_of
from search.meilisearch_server import Server
from search.meilisearch_settings import MAX_TOTAL_HITS, order_field
from search.ranking import SYNONYM, turn_of
from search.schema import IndexSchema

SHOWN = ["id", "stored", "texts", "_geo"]
SUBSETS = 32  # requests of one level when words are dropped
TOGETHER = 3  # words of a search by any word of which every two are also sought together
LEAST_RARITY = 0.05
#: Hits up to which a page is read from a search: the server makes those before it too, each at
#: seven times the cost of a document fetched by its identifier.
SHALLOW = 100
#: Documents that the server fetches in the order of their distance: past 1,000, it repeats them.
GEO_SORTED = 900
#: The box around a circle holds a quarter more than it: a third more hits are asked of it, and …
BEYOND = 10

Group = tuple[Sequence[str], float]  # words sought together, and the weight of what holds them


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
        self._one = same.as_one(self._asked.words)  # the words, with known phrases as one
        apart = bool(self._asked.words) and query.sort != "relevance"
        self._order: Json = {} if apart else {"sort": self._asked.sort}

    def run(self) -> Answer:
        """The page asked for. What the text does not order, the documents' own order does: then
        the text tells identifiers, of which a page is fetched."""
        query = self.query
        if not self._order:
            return self._ordered()
        if self._far_on():
            facets = self._found(0, 0, []).facets if query.facets else {}
            return replace(self._page({"filter": self._asked.base.get("filter")}), facets=facets)
        return self._found(query.offset, query.limit, SHOWN)

    def _far_on(self) -> bool:
        """Whether the page is far on in an order without text, which a fetch does right."""
        query, by_distance = self.query, self._asked.sort[0].startswith("_geo")
        last = query.offset + query.limit
        return not self._asked.words and not by_distance and last > max(SHALLOW, query.offset)

    def _ordered(self) -> Answer:
        if not self.query.limit:
            return self._found(0, 0, [])
        found = self._found(0, 0, [], (*self.query.facets, IDS))
        keys = self._keys(found)
        if self.query.sort != "distance" or len(keys) <= GEO_SORTED:
            return replace(found, hits=self._page({"ids": keys}).hits)
        nearest = self._nearest(keys)[self.query.offset : self.query.offset + self.query.limit]
        fetched = self._fetch({"ids": nearest, "fields": SHOWN, "limit": len(nearest)})["results"]
        known = {primary_key(str(each["id"])): each for each in fetched}
        return replace(found, hits=[known[key] for key in nearest if key in known])

    def _nearest(self, keys: list[str]) -> list[str]:
        """Primary keys by distance, those without a place last; equals in the day's turn."""
        lat, lon = self.query.origin or (0.0, 0.0)
        equals = order_field(turn_of(self.query.day))
        fields = ["id", "_geo", equals]
        found = self._fetch({"ids": keys, "fields": fields, "limit": len(keys)})["results"]
        places = [each.get("_geo") or {} for each in found]
        lats = np.array([place.get("lat", np.nan) for place in places])
        lons = np.array([place.get("lng", np.nan) for place in places])
        far = np.nan_to_num(haversine_km(lat, lon, lats, lons), nan=np.inf).tolist()
        order = sorted(
            (km, -float(each[equals]), primary_key(str(each["id"])))
            for km, each in zip(far, found, strict=True)
        )
        return [key for *_, key in order]

    def _fetch(self, body: Json) -> Json:
        return self._server.fetch(self._uid, body) or {"total": 0, "results": []}

    def _page(self, which: Json) -> Answer:
        """The documents of the page among these, in the order asked for."""
        body = {
            **which, "fields": SHOWN, "sort": self._asked.sort,
            "offset": self.query.offset, "limit": self.query.limit,
        }  # fmt: skip
        said = self._fetch(body)
        return Answer(int(said["total"]), said["results"], {})

    def _keys(self, found: Answer) -> list[str]:
        """The primary keys of all that was found."""
        if len(found.ids) == found.total:
            return [primary_key(id_) for id_ in found.ids]
        return [primary_key(str(hit["id"])) for hit in self._found(0, MAX_TOTAL_HITS, ["id"]).hits]

    def points(self) -> tuple[Point, ...]:
        """Where all that is found stands, in no order."""
        which: Json = {"filter": self._asked.base.get("filter")}
        if self._asked.words:
            which = {"ids": self._keys(self._found(0, 0, [], (IDS,)))}
        body = {**which, "fields": ["id", "_geo"], "limit": MAX_TOTAL_HITS}
        return tuple(
            Point(str(each["id"]), float(place["lat"]), float(place["lng"]))
            for each in self._fetch(body)["results"]
            if (place := each.get("_geo"))
        )

    # What is asked of the server

    def _found(
        self, offset: int, limit: int, attributes: list[str], facets: tuple[str, ...] | None = None
    ) -> Answer:
        words = self._asked.words
        span = Span(offset, limit, attributes, self.query.facets if facets is None else facets)
        if self.query.any_word and len(words) > 1:
            groups = self._any_word(words)
            near = self.query.circle and not span.facets
            return self._near(groups, span) if near else self._federated(groups, span)
        whole = self._plain(words, span)
        if not whole.total and any(map(is_short, words)):
            self._forgiving = True
            whole = self._plain(words, span)
            self._forgiving = bool(whole.total)
        if whole.total or len(self._one or words) < 2:  # a phrase alone means more than its words
            return whole
        for level in self._fewer(words):
            answer = self._federated(level, span)
            if answer.total:
                return replace(answer, relaxed=True)
        return whole

    def _body(self, words: Sequence[str]) -> Json:
        typing = bool(words) and words[-1] == self._asked.words[-1] and not self.query.any_word
        return {
            **self._asked.base,
            **self._order,
            "q": text_of(words, typing=typing, forgiving=self._forgiving),
            "matchingStrategy": "frequency" if self._drops(words) else "all",
            "showRankingScore": True,
        }

    def _drops(self, words: Sequence[str]) -> bool:
        """Whether Meilisearch may drop some of these words itself."""
        return self.query.any_word and len(words) > 1 and words == self._asked.words

    def _plain(self, words: Sequence[str], span: Span) -> Answer:
        if self._one:
            return self._federated([(words, 1.0), (self._one, SYNONYM)], span)
        body = self._body(words) | span.paged() | {"attributesToRetrieve": span.attributes}
        if span.facets:
            body["facets"] = list(span.facets)
        said = self._server.search(self._uid, body)
        if said is None:
            return Answer(0, (), {name: {} for name in span.facets})
        return span.answer(said, said.get("facetDistribution"))

    def _federated(self, groups: list[Group], span: Span, other: Json | None = None) -> Answer:
        """What at least one of several groups of words finds. `other`: asked instead of the same
        in each of their searches."""
        queries = [
            self._body(words)
            | (other or {})
            | {
                "indexUid": self._uid,
                "attributesToRetrieve": span.attributes,
                "federationOptions": {"weight": weight},
            }
            for words, weight in groups
        ]
        federation: Json = span.paged()
        if span.facets:
            federation["facetsByIndex"] = {self._uid: list(span.facets)}
        said = self._server.searches(queries, federation)
        counted = said.get("facetsByIndex", {}).get(self._uid, {}).get("distribution")
        return span.answer(said, counted)

    def _near(self, groups: list[Group], span: Span) -> Answer:
        """The same within the circle: the box around it is asked of each group of words, and the
        circle once, of all that they find."""
        around = {"filter": roughly(self.schema, self.query)}
        last = span.offset + span.limit
        wanted = Span(0, last + last // 3 + BEYOND, [*span.attributes, "id"], (IDS,))
        found = self._federated(groups, wanted, around)
        if len(found.ids) != found.total:
            return self._federated(groups, span)
        inside = self._inside(found)
        hits = [hit for hit in found.hits if hit["id"] in inside]
        if len(hits) < min(last, len(inside)):
            everything = replace(wanted, limit=found.total, facets=())
            found = self._federated(groups, everything, around)
            hits = [hit for hit in found.hits if hit["id"] in inside]
        return Answer(len(inside), hits[span.offset : last], {})

    def _inside(self, found: Answer) -> set[str]:
        """The identifiers of what was found that lies within the circle."""
        if not self.query.circle or not found.total:
            return set(found.ids)
        body = {
            "ids": self._keys(found), "filter": in_circle(self.query.circle),
            "fields": ["id"], "limit": MAX_TOTAL_HITS,
        }  # fmt: skip
        return {each["id"] for each in self._fetch(body)["results"]}

    def _any_word(self, words: Sequence[str]) -> list[Group]:
        """Each word alone, two of them together, then all, dropped from the most frequent on:
        the more, the heavier."""
        pairs = combinations(words, 2) if len(words) <= TOGETHER else ()
        return [
            (words, 1.0),
            *((pair, 0.6) for pair in pairs),
            *(((word,), 0.3) for word in dict.fromkeys((*words, *self._one))),
        ]

    def _fewer(self, words: Sequence[str]) -> Iterable[list[Group]]:
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
        """How many documents hold each word, within filters and about the circle."""
        around = {"filter": roughly(self.schema, self.query), "hitsPerPage": 0}
        queries = [self._body((word,)) | around | {"indexUid": self._uid} for word in words]
        results = self._server.searches(queries)["results"]
        return {word: int(result["totalHits"]) for word, result in zip(words, results, strict=True)}

    def sought(self) -> Sought:
        """The words to mark in what was found, once it was."""
        return seeking(self._asked, self._same, forgiving=self._forgiving)
