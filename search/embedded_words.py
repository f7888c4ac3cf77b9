"""Words as the embedded index has them: their French stems, and what means the same."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search import ranking
from search.embedded_schema import STEM, analyzers
from search.text import tokens


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
        ending, allowed = stem(word), ranking.typos_allowed(word, forgiving=True)
        best = process.extractOne(ending, self._stems, scorer=OSA.distance, score_cutoff=allowed)
        return str(best[0]) if best else ending
