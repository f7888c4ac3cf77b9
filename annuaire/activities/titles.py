"""The words of a title that say what is bought, with the weight of their place."""

import re
from dataclasses import dataclass
from functools import cache

from annuaire.activities.lexicon import neutral
from annuaire.activities.text import stem, title_phrases, title_words, words

FIRST_BONUS, HEAD_BONUS, HEAD_WORDS = 1.5, 1.3, 2  # the first words of a title name the purchase
FAR_AFTER, FAR_DECAY, FAR_FLOOR = 7, 0.95, 0.5
TAIL_FACTOR = 0.45  # after « pour », « dans le cadre de »: the occasion, not the purchase
ASIDE_FACTOR = 0.6  # between brackets
NEGATED_WORDS = 4
NEW_HEAD = "§"  # stands for « lot 3 »: what follows names the purchase anew
_NUMBER = re.compile(r"(?:no?|numero)?[0-9]")
_DIGITS = re.compile(r"(?:[a-z]*[0-9]){3}")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, its stem, the weight of its place; `opens` when it may be what a title first says,
    no « marché de » nor « prestations de »."""

    word: str
    root: str
    factor: float
    opens: bool = True


@cache
def _stemmed(name: str) -> frozenset[str]:
    return frozenset(stem(word) for word in title_words(name))


@cache
def _negations() -> dict[str, list[list[str]]]:
    """What negates, by its first word."""
    found: dict[str, list[list[str]]] = {}
    for phrase in title_phrases("negations"):
        words_of_it = phrase.split()
        found.setdefault(words_of_it[0], []).append(words_of_it)
    return found


def _is_reference(word: str) -> bool:
    """Whether this is a number, or that of a file: « 20s0116 »."""
    return word.isdigit() or (not word.isalpha() and _DIGITS.match(word) is not None)


def _is_numbered(after: list[str]) -> bool:
    """Whether a number follows « lot »: « lot 3 », « lot n° 3 », « lot no3 »."""
    return bool(_NUMBER.match("".join(after)))


def _bought(raw: list[str]) -> list[str]:
    """The words without those that a « hors » or « sauf » leaves out, stop words and numbers."""
    stop, negations, kept, skip = title_words("stop"), _negations(), list[str](), 0
    for index, word in enumerate(raw):
        if not word.isalnum():
            skip = 0
        elif any(raw[index : index + len(n)] == n for n in negations.get(word, ())):
            skip = NEGATED_WORDS + 1
        if word == "lot" and _is_numbered(raw[index + 1 : index + 3]):
            kept.append(NEW_HEAD)
            continue
        if word in stop or _is_reference(word):
            continue
        if not skip:
            kept.append(word)
        skip = max(0, skip - 1)
    return kept


def _without_neutral(kept: list[str]) -> list[tuple[str, str]]:
    """Words with their stems, names of buyers and places passed over."""
    roots = [stem(word) for word in kept]
    passed: set[int] = set()
    for start, size, _ in neutral().spans(roots):
        passed.update(range(start, start + size))
    return [pair for i, pair in enumerate(zip(kept, roots, strict=True)) if i not in passed]


def tokens(text: str) -> list[Token]:
    """What carries meaning in a title, in order."""
    tails, empty, supply = _stemmed("tail"), _stemmed("empty"), _stemmed("supply")
    found: list[Token] = []
    place, tail, aside = 0, False, False
    for word, root in _without_neutral(_bought(words(text))):
        if word == NEW_HEAD:
            place, tail, aside = 0, False, False
            continue
        if not word.isalnum():
            tail = tail and word not in ".;|\n"
            aside = word == "(" or (aside and word != ")")
            continue
        tail = tail or (root in tails and place > 0)
        factor = max(FAR_FLOOR, FAR_DECAY ** max(0, place - FAR_AFTER))
        factor = FIRST_BONUS if place == 0 else HEAD_BONUS if place < HEAD_WORDS else factor
        factor *= ASIDE_FACTOR if aside else 1.0
        opens = root not in empty or root in supply
        found.append(Token(word, root, factor * TAIL_FACTOR if tail else factor, opens))
        place += root not in empty
    return found
