"""From what a user typed to a tantivy query: never parsed by tantivy, always built."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import Occur
from tantivy import Query as TQuery

from search import ranking
from search.embedded_schema import STEM, analyzers, stem_column, tantivy_schema, whole_title
from search.engine import Filter, Terms
from search.geometry import Box
from search.highlight import Sought
from search.schema import IndexSchema
from search.text import query_words, tokens

MAX_WORDS = 16  # of a search; more are left out
MAX_CANDIDATE_WORDS = 40  # of a search by any word
MAX_MISSPELT = 6  # words sought with typos; more are wanted as typed
PREFIX_FROM = 2  # letters


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The French stem of a folded word, as the index has it."""
    found = analyzers()[STEM].analyze(word)
    return found[0] if found else word


class Synonyms:
    """A table of phrases, found by the stems of their words. Each phrase stands for those that
    its line names, and not the reverse unless a line says so."""

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        prepared: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
        for phrase, others in table.items():
            key = tuple(stem(word) for word in tokens(phrase))
            named = [words for other in others if (words := tuple(tokens(other)))]
            if key and named:
                prepared.setdefault(key, {}).update(dict.fromkeys(named))
        self._table = {key: tuple(entry) for key, entry in prepared.items()}
        self._stems = sorted({word for key in prepared for word in key})
        self._longest = max((len(key) for key in prepared), default=0)

    def longest(self, stems: list[str], at: int) -> tuple[int, tuple[tuple[str, ...], ...]]:
        """How many words from there make the longest phrase known, and what it stands for."""
        for size in range(min(self._longest, len(stems) - at), 0, -1):
            found = self._table.get(tuple(stems[at : at + size]))
            if found:
                return size, found
        return 1, ()

    def meant(self, word: str) -> str:
        """The stem that a misspelt word had in mind among those of the table, or its own."""
        ending, allowed = stem(word), ranking.typos_allowed(word)
        best = process.extractOne(ending, self._stems, scorer=OSA.distance, score_cutoff=allowed)
        return str(best[0]) if best else ending


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked for: a word, or a phrase with its synonyms; counts for `words` words."""

    query: tantivy.Query
    words: int


@dataclass(frozen=True, slots=True)
class Asked:
    """The text of a query, built."""

    clauses: tuple[Clause, ...]
    bonuses: tuple[tantivy.Query, ...]
    sought: Sought

    @property
    def words(self) -> int:
        """How many words the text counts: what a score is divided by."""
        return sum(clause.words for clause in self.clauses)


def const(query: tantivy.Query, score: float) -> tantivy.Query:
    """Every document that the query finds, with the same score."""
    return TQuery.const_score_query(query, score)


class Builder:
    """Builds the queries of one index on one searcher (which says what words it knows)."""

    def __init__(self, schema: IndexSchema, searcher: tantivy.Searcher, synonyms: Synonyms) -> None:
        self.schema = schema
        self.fields = tantivy_schema(schema)
        self.searcher = searcher
        self.synonyms = synonyms

    def ask(self, text: str, *, any_word: bool = False) -> Asked:
        """What a text asks for; no clause when it holds no word."""
        words = query_words(text, MAX_CANDIDATE_WORDS if any_word else MAX_WORDS)
        last = words[-1] if words and not any_word else ""
        misspelt = [word for word in words if self._misspelt(word)][:MAX_MISSPELT]
        stems = [self.synonyms.meant(w) if w in misspelt else stem(w) for w in words]
        clauses: list[Clause] = []
        others: list[tuple[str, ...]] = []
        at = 0
        while at < len(words):
            size, synonyms = self.synonyms.longest(stems, at)
            queries = [self._word(w, w == last, w in misspelt) for w in words[at : at + size]]
            clauses += self._phrase(words[at : at + size], queries, synonyms, any_word=any_word)
            others += synonyms
            at += size
        flat = {word for other in others for word in other}
        known = [w for w in words if w not in misspelt]
        sought = Sought(
            words=frozenset(words) | flat,
            stems=frozenset(stem(w) for w in [*known, *flat]),
            prefixes=(last,) if len(last) >= PREFIX_FROM else (),
            misspelt=tuple(misspelt),
        )
        return Asked(tuple(clauses), tuple(self._bonuses(words, text)), sought)

    def filter(self, wanted: Filter) -> tantivy.Query:
        """A filter as a query that scores nothing."""
        if isinstance(wanted, Terms):
            return const(TQuery.term_set_query(self.fields, wanted.field, list(wanted.values)), 0.0)
        if wanted.minimum is None and wanted.maximum is None:
            return const(TQuery.exists_query(wanted.field), 0.0)
        return self._range(wanted.field, wanted.minimum, wanted.maximum)

    def box(self, box: Box) -> tantivy.Query:
        """What stands in a box."""
        parts = [(Occur.Must, self._range("lat", box.south, box.north))]
        spans = [(Occur.Should, self._range("lon", west, east)) for west, east in box.spans]
        if spans:
            parts.append((Occur.Must, TQuery.boolean_query(spans)))
        return const(TQuery.boolean_query(parts), 0.0)

    def _range(self, name: str, low: float | None, high: float | None) -> tantivy.Query:
        kind = tantivy.FieldType.Float
        return const(TQuery.range_query(self.fields, name, kind, low, high), 0.0)

    # Words

    def _frequency(self, word: str) -> int:
        found = max(self.searcher.doc_freq(c.name, word) for c in self.schema.columns)
        ends = stem(word)
        stems = (stem_column(c.name) for c in self.schema.columns if c.stemmed)
        return max(found, *(self.searcher.doc_freq(name, ends) for name in stems))

    def _misspelt(self, word: str) -> bool:
        if not ranking.typos_allowed(word):
            return False
        return self._frequency(word) < ranking.TRUSTED_FROM

    def _word(self, word: str, last: bool, misspelt: bool) -> tantivy.Query:
        """One word in the best of the columns, found in the best of ways."""
        prefix = last and len(word) >= PREFIX_FROM
        fresh = prefix and not any(
            self.searcher.terms_with_prefix(c.name, word, limit=1) for c in self.schema.columns
        )
        best = [
            self._column(column.name, column.stemmed, word, prefix, fresh, misspelt, column.weight)
            for column in self.schema.columns
        ]
        best += self._numbers(word)
        return TQuery.disjunction_max_query(best, ranking.OTHER_COLUMNS)

    def _column(
        self, name: str, stemmed: bool, word: str, prefix: bool, fresh: bool, misspelt: bool,
        weight: float,
    ) -> tantivy.Query:  # fmt: skip
        ways = [const(self._term(name, word), weight * ranking.EXACT)]
        if stemmed:
            ways.append(const(self._term(stem_column(name), stem(word)), weight * ranking.STEM))
        if prefix:
            ways.append(const(self._fuzzy(name, word, 0, prefix=True), weight * ranking.PREFIX))
        if misspelt:
            ways += self._typos(name, stemmed, word, fresh, weight)
        return TQuery.disjunction_max_query(ways, 0.0)

    def _typos(
        self, name: str, stemmed: bool, word: str, prefix: bool, weight: float
    ) -> list[tantivy.Query]:
        ways = []
        for distance in range(1, ranking.typos_allowed(word) + 1):
            score = weight * ranking.TYPO[distance]
            ways.append(const(self._fuzzy(name, word, distance), score))
            if stemmed and len(stem(word)) >= ranking.TYPO_FROM - 1:
                fuzzy = self._fuzzy(stem_column(name), stem(word), distance)
                ways.append(const(fuzzy, score * ranking.STEM))
        if prefix:
            fuzzy = self._fuzzy(name, word, 1, prefix=True)
            ways.append(const(fuzzy, weight * ranking.TYPO[1] * ranking.PREFIX))
        return ways

    def _numbers(self, word: str) -> list[tantivy.Query]:
        numbers = self.schema.numbers
        if word.isdecimal() and len(word) == 5:
            return [const(self._term(numbers.postcode, word), 1.0)]
        if (word.isdecimal() and len(word) in (2, 3)) or word in ("2a", "2b"):
            return [const(self._term(numbers.departement, word.upper()), 1.0)]
        if word.isdecimal() and len(word) == 14:
            return [const(self._term(numbers.siret, word), 1.0)]
        if word.isdecimal() and len(word) == 9:
            return [const(self._fuzzy(numbers.siret, word, 0, prefix=True), 1.0)]
        return []

    def _phrase(
        self,
        words: list[str],
        queries: list[tantivy.Query],
        synonyms: tuple[tuple[str, ...], ...],
        *,
        any_word: bool,
    ) -> list[Clause]:
        alternatives = [self._other(other, len(words)) for other in synonyms]
        if any_word:
            found = [Clause(self._rare(q, w), 1) for q, w in zip(queries, words, strict=True)]
            return found + [Clause(query, len(words)) for query in alternatives]
        if not alternatives:
            return [Clause(query, 1) for query in queries]
        typed = queries[0] if len(queries) == 1 else _all(queries)
        return [Clause(TQuery.disjunction_max_query([typed, *alternatives], 0.0), len(words))]

    def _other(self, words: tuple[str, ...], counted: int) -> tantivy.Query:
        """Other words for the same thing: all of them, scored as the `counted` words they stand
        for."""
        share = counted / len(words) * ranking.SYNONYM
        return _all([
            TQuery.disjunction_max_query(
                [
                    self._column(c.name, c.stemmed, word, False, False, False, c.weight * share)
                    for c in self.schema.columns
                ],
                0.0,
            )
            for word in words
        ])  # fmt: skip

    def _rare(self, query: tantivy.Query, word: str) -> tantivy.Query:
        """A word among others counts by how rare it is."""
        held = self._frequency(word)
        total = max(1, self.searcher.num_docs)
        share = math.log1p(total / (1 + held)) / math.log1p(total)
        return TQuery.boost_query(query, max(0.05, min(1.0, share)))

    def _bonuses(self, words: list[str], text: str) -> list[tantivy.Query]:
        title = self.schema.columns[0].name
        whole = self._term("whole_title", whole_title(text))
        found = [const(whole, ranking.WHOLE_NAME * len(words))] if words else []
        if len(words) > 1:
            found += [
                const(TQuery.phrase_query(self.fields, column.name, list(words)),
                      ranking.SIDE_BY_SIDE * len(words) * (1.0 if column.name == title else 0.8))
                for column in self.schema.columns if column.phrases
            ]  # fmt: skip
        return found

    def _term(self, name: str, value: str) -> tantivy.Query:
        return TQuery.term_query(self.fields, name, value, "basic")

    def _fuzzy(self, name: str, word: str, distance: int, *, prefix: bool = False) -> tantivy.Query:
        return TQuery.fuzzy_term_query(self.fields, name, word, distance, prefix=prefix)


def _all(queries: list[tantivy.Query]) -> tantivy.Query:
    return TQuery.boolean_query([(Occur.Must, query) for query in queries])
