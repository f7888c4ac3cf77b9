"""The words that an index holds as of one commit, so that those near a misspelt one are found here
rather than by an automaton a column: a need has six such words, sought in nine columns.

What is found is exactly what tantivy finds: both count letters added, left out, replaced or swapped
with the next (optimal string alignment).
"""

import threading
from dataclasses import dataclass
from string import ascii_lowercase

import numpy as np
import numpy.typing as npt
import tantivy
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.embedded_schema import stem_column
from search.schema import IndexSchema

OTHERS = 12  # bits that letters without accent leave to all others


@dataclass(frozen=True, slots=True)
class _Words:
    """Every word once: side by side in one text, cut at `starts`; which letters it holds, and which
    of them twice; in which columns, one bit a column."""

    text: str
    starts: npt.NDArray[np.int32]
    letters: npt.NDArray[np.uint64]
    held: npt.NDArray[np.uint16]


class Vocabulary:
    """The words of one searcher, read when they are first asked for. Safe between threads."""

    def __init__(self, schema: IndexSchema, searcher: tantivy.Searcher) -> None:
        stemmed = [stem_column(column.name) for column in schema.columns if column.stemmed]
        self._columns = (*(column.name for column in schema.columns), *stemmed)
        self._searcher = searcher
        self._guard = threading.Lock()
        self._words: _Words | None = None

    def near(self, word: str, most: int) -> dict[str, dict[int, list[str]]]:
        """By column, the words at most `most` letters away, by how many letters."""
        words = self._read()
        # A letter that is replaced is one less and one more; one added or left out, one of them.
        apart = np.bitwise_count(words.letters ^ np.uint64(_letters(word)))
        likely = np.flatnonzero(apart <= 2 * most)
        others = [
            words.text[start:end]
            for start, end in zip(
                words.starts[likely].tolist(), words.starts[likely + 1].tolist(), strict=True
            )
        ]
        found: dict[str, dict[int, list[str]]] = {}
        for other, distance, at in process.extract(
            word, others, scorer=OSA.distance, score_cutoff=most, limit=None
        ):
            held = int(words.held[likely[at]])
            for number, column in enumerate(self._columns):
                if held >> number & 1:
                    found.setdefault(column, {}).setdefault(int(distance), []).append(other)
        return found

    def _read(self) -> _Words:
        with self._guard:
            if self._words is None:
                self._words = self._gathered()
            return self._words

    def _gathered(self) -> _Words:
        held: dict[str, int] = {}
        for number, column in enumerate(self._columns):
            for word, _ in self._searcher.terms_with_prefix(column, ""):
                held[word] = held.get(word, 0) | 1 << number
        starts = np.cumsum([0, *map(len, held)], dtype=np.int32)
        return _Words(
            "".join(held),
            starts,
            np.array([_letters(word) for word in held], dtype=np.uint64),
            np.array(list(held.values()), dtype=np.uint16),
        )


_ONCE = {letter: 1 << at for at, letter in enumerate(ascii_lowercase)}


def _letters(word: str) -> int:
    """One bit for each usual letter that a word holds, one for each that it holds twice; the other
    letters share what is left."""
    found = 0
    for letter in word:
        bit = _ONCE.get(letter)
        if bit is None:
            found |= 1 << 52 + ord(letter) % OTHERS
        else:
            found |= bit << 26 if found & bit else bit
    return found
