"""The trades that a structure declares in its own words, read as activities of the taxonomy."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from annuaire.activities.classify import Guess, classify, from_name
from annuaire.activities.crosswalk import leaves_of
from annuaire.activities.taxonomy import DATA, taxonomy
from annuaire.activities.text import fold, stems

MAX_WORDS: Final = 2_000  # characters of one cell
SURE: Final = 0.25  # score from which the words of a trade are understood
_BETWEEN = re.compile(r"[;/|\n•·]|,(?![^()]*\))| - (?=\S)| – ")


@dataclass(frozen=True, slots=True)
class Declared:
    """What was understood, as codes in the order said, and the trades that were not."""

    codes: tuple[str, ...]
    unread: tuple[str, ...]


@cache
def _exact() -> dict[str, tuple[str, ...]]:
    """Leaves by their own label, and by the usual names of trades in lists; folded."""
    usual = tomllib.loads((DATA / "trades.toml").read_text(encoding="utf-8"))
    labels = {fold(leaf.label): (leaf.code,) for leaf in taxonomy().leaves}
    return labels | {fold(trade): tuple(leaves) for trade, leaves in usual.items()}


def read_declared(cells: Iterable[str]) -> Declared:
    """The activities of cells such as « Blanchisserie ; entretien d'espaces verts, traiteur ».

    A trade is a label of ours, a sector of the peer, or words that the taxonomy knows; nothing is
    guessed from words that it does not.
    """
    codes: dict[str, None] = {}
    unread: dict[str, None] = {}
    for cell in cells:
        for trade in _trades(cell):
            found = _codes(trade)
            codes |= dict.fromkeys(found)
            if not found:
                unread[trade] = None
    return Declared(tuple(codes), tuple(unread))


def _trades(cell: str) -> list[str]:
    parts = (" ".join(part.split()).strip(" .:") for part in _BETWEEN.split(cell[:MAX_WORDS]))
    return [part for part in parts if len(part) > 2]


def _codes(trade: str) -> tuple[str, ...]:
    exact = _exact().get(fold(trade))
    if exact is not None:
        return exact
    if peer := leaves_of(trade):
        return peer
    read = classify(trade, limit=2) or from_name(trade, limit=1)
    return tuple(g.code for g in read if g.score >= SURE and not _only_general(g))


@cache
def _general() -> frozenset[tuple[str, ...]]:
    """Words that fit many trades (« travaux »)."""
    return frozenset(tuple(stems(word)) for leaf in taxonomy().leaves for word in leaf.general)


def _only_general(guess: Guess) -> bool:
    return all(tuple(stems(words)) in _general() for words in guess.evidence.split(", "))
