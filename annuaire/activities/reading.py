"""Weighing what one French text says of each leaf, with the words that say it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from annuaire.activities.lexicon import Lexicon
from annuaire.activities.text import negations, stem, title_words, words

HEAD_BONUS = 1.3  # the first words of a title name the purchase
FAR_AFTER, FAR_DECAY, FAR_FLOOR = 7, 0.95, 0.5
TAIL_FACTOR = 0.45  # what follows « pour », « dans le cadre de »: the occasion, not the purchase
INSIDE_PHRASE = 0.25  # « nettoyage » in « nettoyage de véhicules », for the other leaves
INSIDE_PAIR = 0.4
NEGATED_WORDS = 4


@cache
def _stemmed(name: str) -> frozenset[str]:
    return frozenset(stem(word) for word in title_words(name))


@dataclass(slots=True)
class Reading:
    """Raw weight by leaf, and for each leaf what gave it: (weight, words) pairs."""

    weights: dict[str, float] = field(default_factory=dict)
    evidence: dict[str, list[tuple[float, str]]] = field(default_factory=dict)

    def add(self, leaf: str, weight: float, words_read: str) -> None:
        self.weights[leaf] = self.weights.get(leaf, 0.0) + weight
        self.evidence.setdefault(leaf, []).append((weight, words_read))

    def add_all(self, other: "Reading", factor: float) -> None:
        for leaf, found in other.evidence.items():
            for weight, words_read in found:
                self.add(leaf, weight * factor, words_read)


@dataclass(slots=True)
class _Token:
    word: str
    root: str
    factor: float


def _tokens(text: str) -> list[_Token]:
    """Words that carry meaning with the weight of their place; negated words left out."""
    stop, tails, empty = title_words("stop"), _stemmed("tail"), _stemmed("empty")
    found: list[_Token] = []
    raw = words(text)
    skip = place = 0
    tail = False
    for index, word in enumerate(raw):
        if not word.isalnum():
            skip = 0
            tail = tail and word not in ".;|\n"
            continue
        if any(tuple(raw[index : index + len(n)]) == n for n in negations()):
            skip = NEGATED_WORDS + 1
        if word in stop or word.isdigit():
            continue
        if skip:
            skip -= 1
            continue
        root = stem(word)
        if root in tails and place:
            tail = True
        factor = HEAD_BONUS if place < 2 else max(FAR_FLOOR, FAR_DECAY ** max(0, place - FAR_AFTER))
        found.append(_Token(word, root, factor * TAIL_FACTOR if tail else factor))
        place += root not in empty
    return found


def _read_pairs(tokens: list[_Token], lexicon: Lexicon, out: Reading) -> set[str]:
    """Pairs found; returns the stems they hold."""
    places: dict[str, float] = {}
    for token in tokens:
        places[token.root] = max(token.factor, places.get(token.root, 0.0))
    held: set[str] = set()
    for root in places:
        for pair in lexicon.pairs.get(root, ()):
            if pair.stems <= places.keys():
                factor = sum(places[s] for s in pair.stems) / len(pair.stems)
                for leaf, weight in pair.targets.items():
                    out.add(leaf, weight * factor, pair.text)
                held |= pair.stems
    return held


def _spans(tokens: list[_Token], lexicon: Lexicon) -> Iterable[tuple[int, int, tuple[str, ...]]]:
    """Every phrase of the lexicon in the text, longest first at each place."""
    roots = [token.root for token in tokens]
    for start, root in enumerate(roots):
        for size in range(min(lexicon.longest.get(root, 0), len(roots) - start), 0, -1):
            key = tuple(roots[start : start + size])
            if key in lexicon.phrases:
                yield start, size, key


def read(text: str, lexicon: Lexicon) -> Reading:
    """What the text says of each leaf. Each phrase counts once, at its best place."""
    out = Reading()
    tokens = _tokens(text)
    held = _read_pairs(tokens, lexicon, out)
    best: dict[tuple[str, ...], tuple[float, str]] = {}
    covered_to = 0
    for start, size, key in _spans(tokens, lexicon):
        inside = start + size <= covered_to
        covered_to = max(covered_to, start + size)
        factor = max(token.factor for token in tokens[start : start + size])
        factor *= INSIDE_PHRASE if inside else 1.0
        if factor > best.get(key, (0.0, ""))[0]:
            best[key] = (factor, " ".join(t.word for t in tokens[start : start + size]))
    for key, (factor, words_read) in best.items():
        in_pair = INSIDE_PAIR if len(key) == 1 and key[0] in held else 1.0
        for leaf, weight in lexicon.phrases[key].items():
            out.add(leaf, weight * factor * in_pair, words_read)
    return out
