"""What a structure probably does, from what is known of it: its NAF code, names, presentation.

Each guess weighs less than a declaration (1), and says what gave it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from annuaire.activities.classify import Guess, from_description, from_naf, from_name

DECLARED_WEIGHT: Final = 1.0
#: The most that a guess of each origin may weigh.
INFERRED_WEIGHT: Final = {"naf": 0.6, "name": 0.7, "description": 0.7}


@dataclass(frozen=True, slots=True)
class Inferred:
    """A guess on a structure: `origin` is "naf", "name" or "description", `evidence` the code or
    the words that gave it, `weight` in [0, 1] how far to believe it."""

    code: str
    origin: str
    evidence: str
    weight: float


def infer(name: str, naf: str | None, description: str | None) -> dict[str, Inferred]:
    """The guesses on a structure by activity: of several on one, the heaviest."""
    best: dict[str, Inferred] = {}
    for guess in _all(name, naf, description):
        kept = best.get(guess.code)
        if kept is None or kept.weight < guess.weight:
            best[guess.code] = guess
    return best


def _all(name: str, naf: str | None, description: str | None) -> Iterator[Inferred]:
    yield from _weighed("name", from_name(name))
    if naf:
        yield from _weighed("naf", from_naf(naf))
    if description:
        yield from _weighed("description", from_description(description))


def _weighed(origin: str, guesses: Iterable[Guess]) -> Iterator[Inferred]:
    for guess in guesses:
        weight = round(guess.score * INFERRED_WEIGHT[origin], 3)
        yield Inferred(guess.code, origin, guess.evidence, weight)
