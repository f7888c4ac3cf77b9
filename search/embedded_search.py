"""One search on one searcher: collect, place, rank, count."""

from dataclasses import replace

import numpy as np
import tantivy
from tantivy import Occur
from tantivy import Query as TQuery

from annuaire.geo.distance import haversine_km
from search import ranking
from search.embedded_columns import column, counts, points
from search.embedded_found import Floats, Found, Kept, best_first
from search.embedded_query import Asked, Builder, const
from search.embedded_read import Documents, Texts
from search.embedded_schema import ORDER_SCALE
from search.embedded_words import stem
from search.engine import Circle, Hit, Point, Query
from search.geometry import box_around
from search.highlight import highlights

WINDOW = 10_000  # results ranked whole; past that many, the text's score alone decides
WINDOW_NEAR = 40_000  # the same when distance counts


class Search:
    """A checked query being answered."""

    def __init__(self, builder: Builder, query: Query, documents: Documents) -> None:
        self.builder = builder
        self.documents = documents
        self.searcher = builder.searcher
        self.query = query
        builder.only(query.columns)
        if not query.limit:
            builder.unscored()
        self.asked: Asked = builder.ask(query.text, any_word=query.any_word)
        self._filters = [builder.filter(wanted) for wanted in query.filters]
        if query.circle:
            self._filters.append(builder.box(box_around(query.circle)))
        self._least = 1 if query.any_word else len(self.asked.clauses)
        self._turn = ranking.turn_of(query.day)

    def run(self) -> tuple[Found, bool]:
        """What was found, and whether words had to be dropped for that."""
        found = self._collect()
        if found.total or self.query.any_word or not self.asked.clauses:
            return found, False
        if not self._any_filtered():
            return found, False  # no other words can find what the filters leave out
        if (forgiven := self._forgiven()).total or len(self.asked.clauses) < 2:
            return forgiven, False
        least = self._most_words()
        if not least:
            return found, False
        self._least = least
        return self._collect(), True

    def _any_filtered(self) -> bool:
        """Whether anything stands within filters and circle, whatever its words."""
        if not self._filters:
            return True
        within = TQuery.boolean_query([(Occur.Must, each) for each in self._filters])
        hits = self.searcher.search(within, self._looked_at, count=False).hits
        circle, found = self.query.circle, [address for _, address in hits]
        return bool(self._inside(circle, found).any() if circle else found)

    @property
    def _looked_at(self) -> int:
        """How many results tell what there is: one, but all those of the box around a circle."""
        return max(1, self.searcher.num_docs) if self.query.circle else 1

    def numbers(self) -> list[int]:
        """The identifiers, where these are numbers, of all that holds every word, in no order."""
        found = self._found(self.searcher.search(self._unscored(), max(1, self.searcher.num_docs)))
        values = self.searcher.fast_field_values("number", found.addresses)
        return [number for number in values if isinstance(number, int)]

    def _forgiven(self) -> Found:
        """What is found when any word may hold typos; what was asked stays when that is nothing."""
        strict = self.asked
        self.asked = self.builder.ask(self.query.text, forgiving=True)
        found = self._collect()
        if not found.total:
            self.asked = strict
        return found

    # What is asked of tantivy

    def _matching(self, *, scored: bool) -> tantivy.Query:
        """Text and filters; `scored` adds what only moves results up."""
        clauses = self.asked.clauses
        parts = [(Occur.Must, each) for each in self._filters]
        if clauses:
            if self._least == len(clauses):
                parts += [(Occur.Must, clause.query) for clause in clauses]
            else:
                some = [
                    (Occur.Should, TQuery.boost_query(clause.query, clause.rarity))
                    for clause in clauses
                ]
                parts.append((Occur.Must, TQuery.boolean_query(some, self._least)))
            if scored:
                parts += [(Occur.Should, bonus) for bonus in self.asked.bonuses]
        return TQuery.boolean_query(parts) if parts else const(TQuery.all_query(), 0.0)

    def _most_words(self) -> int:
        """The largest number of clauses that one document satisfies within filters and circle."""
        some = [(Occur.Should, const(clause.query, 1.0)) for clause in self.asked.clauses]
        parts = [
            (Occur.Must, TQuery.boolean_query(some)),
            *((Occur.Must, f) for f in self._filters),
        ]
        hits = self.searcher.search(TQuery.boolean_query(parts), self._looked_at, count=False).hits
        scores = np.array([score for score, _ in hits])
        if self.query.circle:
            scores = scores[self._inside(self.query.circle, [address for _, address in hits])]
        return round(float(scores.max())) if len(scores) else 0

    def _collect(self) -> Found:
        if not self.query.limit:
            return self._unordered()
        order = self._order_field()
        if order is not None:
            return self._in_order(*order)
        return self._ranked()

    def _unordered(self) -> Found:
        """What is found, in no order: for those who only count."""
        return self._found(self.searcher.search(self._unscored(), self._looked_at))

    def _unscored(self) -> tantivy.Query:
        return const(self._matching(scored=False), 0.0)

    def _order_field(self) -> tuple[str, tantivy.Order] | None:
        """The field whose order is the answer's, when one is."""
        sort = self.query.sort
        if sort == "relevance" and not self.asked.clauses:
            sort = self.builder.schema.browse
            if sort == "quality" and self.query.origin is None:
                return f"order_{self._turn}", tantivy.Order.Desc
        if sort in ("name", "deadline"):
            return f"sort_{sort}", tantivy.Order.Asc
        if sort in self.builder.schema.sort_fields:
            return f"sort_{sort}", tantivy.Order.Desc
        return None

    def _in_order(self, field: str, order: tantivy.Order) -> Found:
        matching = self._matching(scored=False)
        whole = self.query.circle is not None
        limit = max(1, self.searcher.num_docs if whole else self.query.limit)
        first = 0 if whole else self.query.offset
        result = self.searcher.search(
            matching, limit, order_by_field=field, order=order, offset=first
        )
        addresses = [address for _, address in result.hits]
        found = Found(_count(result), addresses, np.zeros(len(addresses)), first=first)
        return self._placed(found)

    def _ranked(self) -> Found:
        matching = self._matching(scored=True)
        query = self.query
        limit = max(1, self.searcher.num_docs)
        if self.asked.clauses and query.circle is None and query.sort == "relevance":
            limit = min(limit, WINDOW if query.origin is None else WINDOW_NEAR)
        result = self.searcher.search(matching, limit)
        if _count(result) > limit:
            return self._broad(matching, limit)
        return self._best_first(self._found(result))

    def _broad(self, matching: tantivy.Query, window: int) -> Found:
        """More results than are ranked whole: the best by text, equals in the day's order; then
        the rest as the text ranks it."""
        first = self.query.offset if self.query.offset >= window else 0
        limit = max(1, self.query.limit) + (0 if first else window)
        weight = f"order_{self._turn}"
        result = self.searcher.search(matching, limit, offset=first, weight_by_field=weight)
        found = self._found(result, first)
        if first:
            return found
        best, rest = self._best_first(found.part(0, window)), found.part(window, None)
        distances = None
        if best.distances is not None and rest.distances is not None:
            distances = np.concatenate((best.distances, rest.distances))
        scores = np.concatenate((best.scores, rest.scores / max(1, self.asked.words)))
        return Found(found.total, best.addresses + rest.addresses, scores, distances)

    def _best_first(self, found: Found) -> Found:
        order = column(self.searcher, f"order_{self._turn}", found.addresses) / ORDER_SCALE
        by_distance = self.query.sort == "distance"
        return best_first(found, order, words=self.asked.words, by_distance=by_distance)

    def _found(self, result: tantivy.SearchResult, first: int = 0) -> Found:
        hits = result.hits
        scores = np.array([score for score, _ in hits], dtype=np.float64)
        found = Found(_count(result), [address for _, address in hits], scores, first=first)
        return self._placed(found)

    def _distances(self, lat: float, lon: float, addresses: list[tantivy.DocAddress]) -> Floats:
        lats, lons = (column(self.searcher, name, addresses) for name in ("lat", "lon"))
        return haversine_km(lat, lon, lats, lons)

    def _inside(self, circle: Circle, addresses: list[tantivy.DocAddress]) -> Kept:
        inside: Kept = self._distances(circle.lat, circle.lon, addresses) <= circle.radius_km
        return inside

    def _placed(self, found: Found) -> Found:
        """With distances, and without what the circle leaves out."""
        query, circle, origin = self.query, self.query.circle, self.query.origin
        if origin is not None:
            found = replace(found, distances=self._distances(*origin, found.addresses))
        if circle is None:
            return found
        if origin == (circle.lat, circle.lon) and found.distances is not None:
            inside: Kept = found.distances <= circle.radius_km
        else:
            inside = self._inside(circle, found.addresses)
        return found.within(inside, counted=bool(query.facets))

    # What is handed back

    def page(self, found: Found) -> tuple[Hit, ...]:
        """The hits of the page asked for."""
        start = self.query.offset - found.first
        shown = slice(start, start + self.query.limit)
        addresses, scores = found.addresses[shown], found.scores[shown].tolist()
        distances: list[float | None] = [None] * len(addresses)
        if found.distances is not None:
            distances = [None if km != km else km for km in found.distances[shown].tolist()]
        return tuple(map(self._hit, addresses, scores, distances))

    def _hit(self, address: tantivy.DocAddress, score: float, distance_km: float | None) -> Hit:
        stored = self.documents.stored(address)
        texts = Texts(stored.raw_texts)
        marked: dict[str, str] = {}
        if self.asked.clauses and self.query.highlight:
            marked = highlights(texts, self.asked.sought, stem)
        return Hit(stored.id, score, stored.values, distance_km, marked, texts)

    def facets(self, found: Found) -> dict[str, dict[str, int]]:
        """Counts by value within filters and circle: what the box holds too much is taken off."""
        names = self.query.facets
        if not names:
            return {}
        if self.query.circle is None:
            return self._counts(self._matching(scored=False), names)
        if len(found.addresses) < len(found.dropped):
            return self._counts(self._only(found.addresses), names)
        held = self._counts(self._matching(scored=False), names)
        if found.dropped:
            for name, values in self._counts(self._only(list(found.dropped)), names).items():
                for value, number in values.items():
                    held[name][value] -= number
        return {
            name: dict(
                sorted(((v, n) for v, n in values.items() if n), key=lambda c: (-c[1], c[0]))
            )
            for name, values in held.items()
        }

    def _only(self, addresses: list[tantivy.DocAddress]) -> tantivy.Query:
        numbers = self.searcher.fast_field_values("number", addresses)
        return TQuery.term_set_query(self.builder.fields, "handle", [str(n) for n in numbers])

    def _counts(self, matching: tantivy.Query, names: tuple[str, ...]) -> dict[str, dict[str, int]]:
        return counts(self.searcher, matching, names)

    def points(self, found: Found) -> tuple[Point, ...]:
        """Where all that was found stands."""
        return points(self.searcher, found.addresses)


def _count(result: tantivy.SearchResult) -> int:
    total: int = result.count  # type: ignore[attr-defined]  # missing from the stub
    return total
