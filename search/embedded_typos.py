"""Words a few letters away from one that may be misspelt, as tantivy queries."""

from collections.abc import Mapping

import tantivy
from tantivy import Query as TQuery

from search import ranking
from search.embedded_schema import stem_column
from search.embedded_vocabulary import Vocabulary
from search.embedded_words import stem

MANY_NEAR = 40  # words near one: then tantivy seeks them at once

Near = Mapping[str, Mapping[int, list[str]]]


class Typos:
    """Seeks words as tantivy does, or among those that the index holds where a vocabulary is given:
    the same documents with the same scores, in a tenth of the time for the many words of a need.
    """

    def __init__(self, fields: tantivy.Schema, vocabulary: Vocabulary | None) -> None:
        self._fields = fields
        self._vocabulary = vocabulary
        self._near: dict[tuple[str, int], Near] = {}

    def ways(
        self, name: str, stemmed: bool, word: str, prefix: bool, weight: float, *, scored: bool
    ) -> list[tantivy.Query]:
        """How a column may hold a misspelt word. Not `scored`: two typos hold one as well."""
        found = []
        most = ranking.typos_allowed(word, forgiving=True)
        ending = stem(word)
        for distance in range(1 if scored else most, most + 1):
            score = weight * ranking.TYPO[distance]
            found += self._away(name, word, most, distance, score)
            if stemmed and len(ending) >= ranking.TYPO_FROM - 1:
                score *= ranking.STEM
                found += self._away(stem_column(name), ending, most, distance, score)
        if prefix:
            fuzzy = self.fuzzy(name, word, 1, prefix=True)
            found.append(TQuery.const_score_query(fuzzy, weight * ranking.TYPO[1] * ranking.PREFIX))
        return found

    def fuzzy(self, name: str, word: str, distance: int, *, prefix: bool = False) -> tantivy.Query:
        """What holds a word at most `distance` letters away, or one that begins so."""
        return TQuery.fuzzy_term_query(self._fields, name, word, distance, prefix=prefix)

    def _away(
        self, name: str, word: str, most: int, distance: int, score: float
    ) -> list[tantivy.Query]:
        """Nothing when the column holds no such word."""
        if self._vocabulary is None:
            return [TQuery.const_score_query(self.fuzzy(name, word, distance), score)]
        key = (word, most)
        if key not in self._near:
            self._near[key] = self._vocabulary.near(word, most)
        held = self._near[key].get(name, {})
        words = [other for away, others in held.items() if away <= distance for other in others]
        if len(words) > MANY_NEAR:
            return [TQuery.const_score_query(self.fuzzy(name, word, distance), score)]
        each = [TQuery.term_query(self._fields, name, other, "basic") for other in words]
        if not each:
            return []
        one = TQuery.boolean_query([(tantivy.Occur.Should, query) for query in each])
        return [TQuery.const_score_query(one, score)]
