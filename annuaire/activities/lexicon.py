"""The taxonomy's words compiled for reading titles: phrases of stems and pairs of stems."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from annuaire.activities.taxonomy import DATA, taxonomy
from annuaire.activities.text import fold, stems, title_phrases

STRONG, WORD, WEAK = 3.0, 1.2, 0.4
GENERAL = 1.5
PHRASE_BONUS = 0.35  # for each word of a phrase after the first: longer says more
PAIR_FACTOR = 1.15  # « a + b »: surer than a word, less than a phrase

Stems = tuple[str, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Word:
    """How much a phrase says of a leaf; of the general ones only the best counts."""

    weight: float
    general: bool = False


Targets = dict[str, Word]


@dataclass(frozen=True, slots=True)
class Pair:
    """Stems that must all be in the text, and what they then say."""

    stems: frozenset[str]
    text: str
    targets: Targets


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of purchase: leaves or groups that it leaves whole or weakens, and by how much, in
    the text and `around` it (subjects, the notice's title); `first` when it does so only where it
    opens the title."""

    keeps: frozenset[str]
    drops: frozenset[str]
    rest: float
    first: bool = False
    around: float = 1.0

    def weakens(self, leaf: str, group: str) -> bool:
        """Whether this leaf of this group weighs less."""
        named = {leaf, group}
        return bool(named & self.drops) if self.drops else not named & self.keeps


class Phrases(Generic[T]):
    """Values by phrase, looked up by stems."""

    def __init__(self, values: Mapping[Stems, T]) -> None:
        self.values = {roots: value for roots, value in values.items() if roots}
        self._longest: dict[str, int] = {}
        for roots in self.values:
            self._longest[roots[0]] = max(len(roots), self._longest.get(roots[0], 0))

    def spans(self, roots: Sequence[str]) -> Iterator[tuple[int, int, Stems]]:
        """Every phrase found, as start, size and stems; longest first at each place."""
        for start, root in enumerate(roots):
            for size in range(min(self._longest.get(root, 0), len(roots) - start), 0, -1):
                key = tuple(roots[start : start + size])
                if key in self.values:
                    yield start, size, key


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`pairs` are filed under the stem that fewest pairs share, so that a text opens few."""

    phrases: Phrases[Targets]
    pairs: dict[str, tuple[Pair, ...]]


def _shared(targets: Targets) -> Targets:
    """A word given to several leaves says less of each."""
    share = len(targets) ** -0.3
    return {leaf: Word(word.weight * share, word.general) for leaf, word in targets.items()}


def _keep_best(targets: Targets, leaf: str, word: Word) -> None:
    if leaf not in targets or targets[leaf].weight < word.weight:
        targets[leaf] = word


def _filed(
    pairs: Mapping[frozenset[str], Targets], texts: Mapping[frozenset[str], str]
) -> dict[str, tuple[Pair, ...]]:
    common = Counter(root for needed in pairs for root in needed)
    filed: defaultdict[str, list[Pair]] = defaultdict(list)
    for needed, targets in pairs.items():
        rarest = min(sorted(needed), key=lambda root: common[root])
        filed[rarest].append(Pair(needed, texts[needed], _shared(targets)))
    return {root: tuple(found) for root, found in filed.items()}


def compile_words(entries: Iterable[tuple[str, str, Word]]) -> Lexicon:
    """A lexicon from rows of leaf, phrase or « a + b », and weight of one word."""
    phrases: defaultdict[Stems, Targets] = defaultdict(dict)
    pairs: defaultdict[frozenset[str], Targets] = defaultdict(dict)
    texts: dict[frozenset[str], str] = {}
    for leaf, phrase, word in entries:
        roots = tuple(stems(phrase))
        if "+" in phrase:
            needed = frozenset(roots)
            texts.setdefault(needed, phrase)
            _keep_best(pairs[needed], leaf, Word(word.weight * PAIR_FACTOR, word.general))
        else:
            bonus = 1 + PHRASE_BONUS * (len(roots) - 1)
            _keep_best(phrases[roots], leaf, Word(word.weight * bonus, word.general))
    shared = Phrases({roots: _shared(targets) for roots, targets in phrases.items()})
    return Lexicon(shared, _filed(pairs, texts))


@cache
def purchases() -> Lexicon:
    """What titles of purchases say, outside purchases included."""
    return compile_words(
        (leaf.code, phrase, word)
        for leaf in (*taxonomy().leaves, *taxonomy().outside)
        for phrases, word in (
            (leaf.strong, Word(STRONG)),
            (leaf.words, Word(WORD)),
            (leaf.weak, Word(WEAK)),
            (leaf.general, Word(GENERAL, general=True)),
        )
        for phrase in phrases
    )


@cache
def acts() -> Phrases[tuple[Act, ...]]:
    """Words that name what is done, whatever it is done to (`acts.toml`)."""
    data = tomllib.loads((DATA / "acts.toml").read_text(encoding="utf-8"))
    found: defaultdict[Stems, tuple[Act, ...]] = defaultdict(tuple)
    for row in data["act"]:
        act = Act(
            keeps=frozenset(row.get("keeps", ())),
            drops=frozenset(row.get("drops", ())),
            rest=float(row["rest"]),
            first=row.get("first", False),
            around=float(row.get("around", 1.0)),
        )
        for roots in {tuple(stems(phrase)) for phrase in row["phrases"]}:
            found[roots] += (act,)
    return Phrases(found)


@cache
def neutral() -> Phrases[None]:
    """Names of buyers and places that hold a trade's word and buy nothing by it."""
    return Phrases({tuple(stems(phrase)): None for phrase in title_phrases("neutral")})


@cache
def subjects() -> dict[str, tuple[str, ...]]:
    """Leaves by subject of the BOAMP's index (DILA), folded."""
    data = tomllib.loads((DATA / "descriptors.toml").read_text(encoding="utf-8"))
    return {fold(name): tuple(leaves) for name, leaves in data.items()}
