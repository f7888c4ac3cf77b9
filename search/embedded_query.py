"""From what a user typed to a tantivy query: never parsed by tantivy, always built."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import tantivy
from tantivy import Occur
from tantivy import Query as TQuery

from search import ranking
from search.embedded_schema import stem_column, tantivy_schema, whole_text
from search.embedded_typos import Typos
from search.embedded_vocabulary import Vocabulary
from search.embedded_words import Synonyms, stem
from search.engine import Either, Filter, Terms
from search.geometry import Box
from search.highlight import Sought
from search.schema import Column, IndexSchema
from search.text import query_words

MAX_WORDS = 16  # of a search; more are left out
MAX_CANDIDATE_WORDS = 40  # of a search by any word
MAX_MISSPELT = 6  # words sought with typos; more are wanted as typed
PREFIX_FROM = 2  # letters
TOWN_WORDS = 3  # of a town's name, without « le », « sur » and the like
LEAST_RARITY = 0.05


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked for: a word, or a phrase with its synonyms; counts for `words` words.

    `rarity` (0 to 1) weighs it where other clauses may be missing: « ressourcerie » says more
    than « Paris ».
    """

    query: tantivy.Query
    words: int
    rarity: float


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

    #: Values of a filter that are sought one by one. A set of terms is an automaton, dear to make:
    #: a hundred times a term.
    few_values = 40

    def __init__(
        self,
        schema: IndexSchema,
        searcher: tantivy.Searcher,
        synonyms: Synonyms,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        """`vocabulary`: the words of the searcher, for a search by any word."""
        self.schema = schema
        self.fields = tantivy_schema(schema)
        self.searcher = searcher
        self.synonyms = synonyms
        self._frequencies: dict[str, int] = {}
        self._columns = schema.columns
        self._scored = True
        self._vocabulary = vocabulary
        self._typos = Typos(self.fields, None)

    def unscored(self) -> None:
        """Leave out what only changes a score: for those who count."""
        self._scored = False

    def only(self, columns: Collection[str]) -> None:
        """Seek words in these columns alone; in all of them when none is named."""
        self._columns = tuple(c for c in self.schema.columns if not columns or c.name in columns)

    def ask(self, text: str, *, any_word: bool = False, forgiving: bool = False) -> Asked:
        """What a text asks for; no clause when it holds no word. `forgiving`: any word may hold
        typos, even one of four letters or one that is known."""
        words = query_words(text, MAX_CANDIDATE_WORDS if any_word else MAX_WORDS)
        self._typos = Typos(self.fields, self._vocabulary if any_word else None)
        last = words[-1] if words and not any_word else ""
        misspelt = [w for w in words if self._misspelt(w, forgiving=forgiving)][:MAX_MISSPELT]
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
        if isinstance(wanted, Either):
            return const(_either([self.filter(each) for each in wanted.filters]), 0.0)
        if isinstance(wanted, Terms):
            return const(self._one_of(wanted.field, wanted.values), 0.0)
        if wanted.minimum is None and wanted.maximum is None:
            return const(TQuery.exists_query(wanted.field), 0.0)
        return self._range(wanted.field, wanted.minimum, wanted.maximum)

    def _one_of(self, field: str, values: Sequence[str]) -> tantivy.Query:
        """Documents of any of these values."""
        if 0 < len(values) <= self.few_values:
            return _either([self._term(field, value) for value in values])
        return TQuery.term_set_query(self.fields, field, list(values))

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
        """How many documents hold a word or its stem in one column, at least."""
        if word not in self._frequencies:
            names = [(c.name, word) for c in self._columns]
            names += [(stem_column(c.name), stem(word)) for c in self._columns if c.stemmed]
            self._frequencies[word] = max(self.searcher.doc_freq(*term) for term in names)
        return self._frequencies[word]

    def _misspelt(self, word: str, *, forgiving: bool) -> bool:
        if not ranking.typos_allowed(word, forgiving=forgiving):
            return False
        return forgiving or self._frequency(word) < ranking.TRUSTED_FROM

    def _word(self, word: str, last: bool, misspelt: bool) -> tantivy.Query:
        """One word in the best of the columns, found in the best of ways."""
        prefix = last and len(word) >= PREFIX_FROM
        fresh = prefix and not any(
            self.searcher.terms_with_prefix(c.name, word, limit=1) for c in self._columns
        )
        best = [
            self._column(column.name, column.stemmed, word, prefix, fresh, misspelt, column.weight)
            for column in self._columns
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
            ways.append(
                const(self._typos.fuzzy(name, word, 0, prefix=True), weight * ranking.PREFIX)
            )
        if misspelt:
            ways += self._typos.ways(name, stemmed, word, fresh, weight, scored=self._scored)
        return TQuery.disjunction_max_query(ways, 0.0)

    def _numbers(self, word: str) -> list[tantivy.Query]:
        numbers = self.schema.numbers
        if len(self._columns) < len(self.schema.columns):
            return []
        if word.isdecimal() and len(word) == 5:
            return [const(self._term(numbers.postcode, word), 1.0)]
        if (word.isdecimal() and len(word) in (2, 3)) or word in ("2a", "2b"):
            return [const(self._term(numbers.departement, word.upper()), 1.0)]
        if word.isdecimal() and len(word) == 14:
            return [const(self._term(numbers.siret, word), 1.0)]
        if word.isdecimal() and len(word) == 9:
            return [const(self._typos.fuzzy(numbers.siret, word, 0, prefix=True), 1.0)]
        return []

    def _phrase(
        self,
        words: list[str],
        queries: list[tantivy.Query],
        synonyms: tuple[tuple[str, ...], ...],
        *,
        any_word: bool,
    ) -> list[Clause]:
        rarities = [self._rarity(word) for word in words]
        if not synonyms:
            each = zip(queries, rarities, strict=True)
            return [Clause(query, 1, rarity) for query, rarity in each]
        typed = _either(queries) if any_word else _all(queries)
        alternatives = [self._other(other, len(words)) for other in synonyms]
        best = TQuery.disjunction_max_query([typed, *alternatives], 0.0)
        return [Clause(best, len(words), max(rarities))]

    def _other(self, words: tuple[str, ...], counted: int) -> tantivy.Query:
        """Other words for the same thing, scored as the `counted` words they stand for."""
        share = counted / len(words) * ranking.SYNONYM
        return TQuery.disjunction_max_query(
            [self._together(column, words, column.weight * share) for column in self._columns], 0.0
        )

    def _together(self, column: Column, words: tuple[str, ...], weight: float) -> tantivy.Query:
        """All these words in one column, side by side where their order is known: apart, « légumes
        locaux » and « entretien des jardins » are no « entretien des locaux »."""
        if len(words) == 1 or not column.phrases:
            each = [
                self._column(column.name, column.stemmed, word, False, False, False, weight)
                for word in words
            ]
            return _all(each)
        slop = len(words) - 1  # a stop word, which the index leaves out, after each
        score = weight * len(words)
        ways = [const(self._side_by_side(column.name, words, slop), score * ranking.EXACT)]
        if column.stemmed:
            ends = self._side_by_side(stem_column(column.name), list(map(stem, words)), slop)
            ways.append(const(ends, score * ranking.STEM))
        return TQuery.disjunction_max_query(ways, 0.0)

    def _rarity(self, word: str) -> float:
        if word.isdigit():
            return LEAST_RARITY  # a number says where: rather the trade elsewhere than any trade
        total = max(1, self.searcher.num_docs)
        share = math.log1p(total / (1 + self._frequency(word))) / math.log1p(total)
        return max(LEAST_RARITY, min(1.0, share))

    def _bonuses(self, words: list[str], text: str) -> list[tantivy.Query]:
        if not words:
            return []
        whole = self._term("whole_title", whole_text(text))
        found = [const(whole, ranking.WHOLE_NAME * len(words))]
        if self.schema.town:
            towns = [
                const(self._term("whole_town", " ".join(span)), ranking.WHOLE_TOWN * len(span))
                for span in _spans(words, TOWN_WORDS)
            ]
            found.append(TQuery.disjunction_max_query(towns, 0.0))
        if len(words) > 1:
            found += [
                const(self._side_by_side(c.name, words), ranking.SIDE_BY_SIDE * len(words))
                for c in self._columns
                if c.phrases
            ]
        return found

    def _side_by_side(self, name: str, words: Sequence[str], slop: int = 0) -> tantivy.Query:
        return TQuery.phrase_query(self.fields, name, list(words), slop)

    def _term(self, name: str, value: str) -> tantivy.Query:
        return TQuery.term_query(self.fields, name, value, "basic")


def _all(queries: list[tantivy.Query]) -> tantivy.Query:
    return TQuery.boolean_query([(Occur.Must, query) for query in queries])


def _either(queries: list[tantivy.Query]) -> tantivy.Query:
    return TQuery.boolean_query([(Occur.Should, query) for query in queries])


def _spans(words: list[str], longest: int) -> list[list[str]]:
    """Every run of at most `longest` words side by side."""
    starts = range(len(words))
    return [words[i : i + n] for n in range(1, longest + 1) for i in starts if i + n <= len(words)]
