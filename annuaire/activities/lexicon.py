"""The taxonomy's words compiled for reading titles: phrases of stems and pairs of stems."""

import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache

from annuaire.activities.taxonomy import DATA, taxonomy
from annuaire.activities.text import fold, stems

STRONG, WORD, WEAK = 3.0, 1.2, 0.4
PHRASE_BONUS = 0.35  # for each word of a phrase after the first: longer says more
PAIR_FACTOR = 1.15  # « a + b »: surer than a word, less than a phrase


@dataclass(frozen=True, slots=True)
class Pair:
    """Stems that must all be in the text, and what they then say."""

    stems: frozenset[str]
    text: str
    targets: dict[str, float]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`phrases`: leaf weights by stems. `longest`: words of the longest phrase by first stem.

    `pairs`: by the stem that fewest pairs share, so that a text opens few of them.
    """

    phrases: dict[tuple[str, ...], dict[str, float]]
    longest: dict[str, int]
    pairs: dict[str, tuple[Pair, ...]]


def _shared(targets: dict[str, float]) -> dict[str, float]:
    """A word given to several leaves says less of each."""
    share = len(targets) ** -0.3
    return {leaf: weight * share for leaf, weight in targets.items()}


def compile_words(entries: list[tuple[str, str, float]]) -> Lexicon:
    """A lexicon from (leaf, phrase or « a + b », weight) rows."""
    phrases: defaultdict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    pairs: defaultdict[frozenset[str], dict[str, float]] = defaultdict(dict)
    texts: dict[frozenset[str], str] = {}
    for leaf, phrase, base in entries:
        roots = tuple(stems(phrase))
        if "+" in phrase:
            needed = frozenset(roots)
            texts.setdefault(needed, phrase)
            pairs[needed][leaf] = max(base * PAIR_FACTOR, pairs[needed].get(leaf, 0.0))
        elif roots:
            weight = base * (1 + PHRASE_BONUS * (len(roots) - 1))
            phrases[roots][leaf] = max(weight, phrases[roots].get(leaf, 0.0))
    longest: dict[str, int] = {}
    for roots in phrases:
        longest[roots[0]] = max(len(roots), longest.get(roots[0], 0))
    common = Counter(stem for needed in pairs for stem in needed)
    by_stem: defaultdict[str, list[Pair]] = defaultdict(list)
    for needed, targets in pairs.items():
        rarest = min(sorted(needed), key=lambda stem: common[stem])
        by_stem[rarest].append(Pair(needed, texts[needed], _shared(targets)))
    return Lexicon(
        {roots: _shared(targets) for roots, targets in phrases.items()},
        longest,
        {stem: tuple(found) for stem, found in by_stem.items()},
    )


@cache
def purchases() -> Lexicon:
    """What titles of purchases say, outside purchases included."""
    rows = [
        (leaf.code, phrase, weight)
        for leaf in (*taxonomy().leaves, *taxonomy().outside)
        for phrases, weight in ((leaf.strong, STRONG), (leaf.words, WORD), (leaf.weak, WEAK))
        for phrase in phrases
    ]
    return compile_words(rows)


@cache
def subjects() -> dict[str, tuple[str, ...]]:
    """Leaves by subject of the BOAMP's index (DILA), folded."""
    data = tomllib.loads((DATA / "descriptors.toml").read_text(encoding="utf-8"))
    return {fold(name): tuple(leaves) for name, leaves in data.items()}
