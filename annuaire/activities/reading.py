"""Weighing what one French text says of each leaf, with the words that say it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from annuaire.activities.lexicon import Act, Lexicon, Stems, acts
from annuaire.activities.taxonomy import taxonomy
from annuaire.activities.titles import Token, tokens

INSIDE_PHRASE = 0.25  # « nettoyage » in « nettoyage de véhicules », for the other leaves
INSIDE_PAIR = 0.4
NEXT_PROOF = 0.8  # each further proof of a leaf counts less: phrases overlap
ACT_FACTOR = 0.6  # an act said further away, or of the occasion only, does not rule


@dataclass(slots=True)
class Reading:
    """Raw weight by leaf, and for each leaf what gave it: (weight, words) pairs; how many words
    the text has that carry meaning."""

    weights: dict[str, float] = field(default_factory=dict)
    evidence: dict[str, list[tuple[float, str]]] = field(default_factory=dict)
    length: int = 0
    ruling: tuple[Act, ...] = ()

    def add(self, leaf: str, weight: float, words_read: str) -> None:
        """One more proof for a leaf."""
        self.weights[leaf] = self.weights.get(leaf, 0.0) + weight
        self.evidence.setdefault(leaf, []).append((weight, words_read))

    def add_all(self, other: "Reading", factor: float) -> None:
        """All proofs of another reading, weighted."""
        for leaf, found in other.evidence.items():
            for weight, words_read in found:
                self.add(leaf, weight * factor, words_read)

    def add_around(self, around: "Reading", factor: float) -> None:
        """All proofs of what surrounds the text, weighted, under the acts that rule there too."""
        ruling = [act for act in self.ruling if act.around < 1]
        for leaf, found in around.evidence.items():
            rest = min((act.around for act in ruling if _weakens(act, leaf)), default=1.0)
            for weight, words_read in found:
                self.add(leaf, weight * factor * rest, words_read)


@dataclass(frozen=True, slots=True)
class _Hit:
    leaf: str
    weight: float
    words_read: str
    general: bool


def _pair_hits(found: Sequence[Token], lexicon: Lexicon) -> tuple[list[_Hit], set[str]]:
    """Pairs found, and the stems that they hold."""
    places: dict[str, float] = {}
    for token in found:
        places[token.root] = max(token.factor, places.get(token.root, 0.0))
    hits: list[_Hit] = []
    held: set[str] = set()
    for root in places:
        for pair in lexicon.pairs.get(root, ()):
            if pair.stems <= places.keys():
                factor = sum(places[s] for s in pair.stems) / len(pair.stems)
                for leaf, word in pair.targets.items():
                    hits.append(_Hit(leaf, word.weight * factor, pair.text, word.general))
                held |= pair.stems
    return hits, held


def _phrase_hits(found: Sequence[Token], lexicon: Lexicon, held: set[str]) -> list[_Hit]:
    """Phrases found: each counts once, at its best place, less inside a longer one."""
    best: dict[Stems, tuple[float, str]] = {}
    covered_to = 0
    for start, size, key in lexicon.phrases.spans([token.root for token in found]):
        inside = start + size <= covered_to
        covered_to = max(covered_to, start + size)
        span = found[start : start + size]
        factor = max(token.factor for token in span) * (INSIDE_PHRASE if inside else 1.0)
        if factor > best.get(key, (0.0, ""))[0]:
            best[key] = (factor, " ".join(token.word for token in span))
    hits: list[_Hit] = []
    for key, (factor, words_read) in best.items():
        factor *= INSIDE_PAIR if len(key) == 1 and key[0] in held else 1.0
        for leaf, word in lexicon.phrases.values[key].items():
            hits.append(_Hit(leaf, word.weight * factor, words_read, word.general))
    return hits


@cache
def _group(leaf: str) -> str:
    return next((a.group for a in taxonomy().outside if a.code == leaf), None) or (
        taxonomy().group_of(leaf) or ""
    )


def _weakens(act: Act, leaf: str) -> bool:
    return act.weakens(leaf, _group(leaf))


def _ruling(found: Sequence[Token]) -> tuple[Act, ...]:
    """The acts said of the purchase itself."""
    opening = next((index for index, token in enumerate(found) if token.opens), len(found))
    said: dict[Act, None] = {}
    for start, _, key in acts().spans([token.root for token in found]):
        if found[start].factor >= ACT_FACTOR:
            said.update(
                (act, None) for act in acts().values[key] if start <= opening or not act.first
            )
    return tuple(said)


def _counted(hits: list[_Hit]) -> list[_Hit]:
    """The proofs of one leaf that count, best first: one only of the general ones."""
    ranked = sorted(hits, key=lambda hit: -hit.weight)
    general = [hit for hit in ranked if hit.general]
    return [hit for hit in ranked if not hit.general or hit is general[0]]


def read(text: str, lexicon: Lexicon) -> Reading:
    """What the text says of each leaf."""
    found = tokens(text)
    hits, held = _pair_hits(found, lexicon)
    hits += _phrase_hits(found, lexicon, held)
    ruling = _ruling(found)
    by_leaf: dict[str, list[_Hit]] = {}
    for hit in hits:
        by_leaf.setdefault(hit.leaf, []).append(hit)
    out = Reading(length=len(found), ruling=ruling)
    for leaf, mine in by_leaf.items():
        rest = min((act.rest for act in ruling if _weakens(act, leaf)), default=1.0)
        for rank, hit in enumerate(_counted(mine)):
            out.add(leaf, hit.weight * rest * NEXT_PROOF**rank, hit.words_read)
    return out
