"""What a reader of suggestions may narrow them to: families, distance, a declared activity; pure.

It is asked of all ranked candidates, before the list is cut: twenty remain when there are twenty.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from annuaire.matching.meeting import near_leaves
from annuaire.matching.need import Need
from annuaire.matching.scoring import Ranked
from annuaire.structures.kinds import FAMILIES, families_of

DISTANCES: Final = (10, 25, 50, 100)  # km
NEAR: Final = 0.3  # proximity in the taxonomy from which a declared activity answers the need


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is asked: families of KINDS (none: all), at most so many km, the need's activity or one
    near it declared by the structure itself."""

    families: frozenset[str] = frozenset()
    within_km: int | None = None
    declared: bool = False

    def __bool__(self) -> bool:
        return bool(self.families or self.within_km or self.declared)


EVERYTHING: Final = Narrowing()


def read_narrowing(values: Mapping[str, Sequence[str]]) -> Narrowing:
    """What an address asks (`famille`, `distance`, `declaree`); what is unknown is not asked."""
    typed = values.get("distance", [""])[0]
    return Narrowing(
        frozenset(values.get("famille", ())) & FAMILIES.keys(),
        next((km for km in DISTANCES if str(km) == typed), None),
        "oui" in values.get("declaree", ()),
    )


def narrowed(ordered: Sequence[Ranked], need: Need, asked: Narrowing) -> list[Ranked]:
    """The candidates that are asked for, in their order. One of unknown distance is not within
    any."""
    return [ranked for ranked in ordered if _admitted(ranked, need, asked)]


def families_among(ordered: Iterable[Ranked]) -> dict[str, int]:
    """How many candidates each family has, in the order of FAMILIES."""
    counted: Counter[str] = Counter()
    for ranked in ordered:
        counted.update(families_of(list(ranked.met.candidate.kinds)))
    return {family: counted[family] for family in FAMILIES if counted[family]}


def _admitted(ranked: Ranked, need: Need, asked: Narrowing) -> bool:
    met = ranked.met
    if asked.families and asked.families.isdisjoint(families_of(list(met.candidate.kinds))):
        return False
    if asked.within_km and (met.distance_km is None or met.distance_km > asked.within_km):
        return False
    return not asked.declared or _declares(ranked, need)


def _declares(ranked: Ranked, need: Need) -> bool:
    wanted = [near_leaves(code) for code, _, _ in need.activities]
    return any(
        near.get(held.code, 0.0) >= NEAR
        for held in ranked.met.candidate.activities
        if held.origin == "declared"
        for near in wanted
    )
