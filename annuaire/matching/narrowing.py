"""What a reader of suggestions may narrow them to: families and exact kinds, distance, a declared
activity, what profiles say of availability; pure.

The names in addresses are those of the search of structures (search/filters/structures.py) where
it has the same filter. It is asked of all ranked candidates, before the list is cut: twenty remain
when there are twenty.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from annuaire.matching.meeting import near_leaves
from annuaire.matching.need import Need
from annuaire.matching.scoring import Ranked
from annuaire.structures.kinds import FAMILIES, KINDS, families_of

DISTANCES: Final = (10, 25, 50, 100)  # km
NEAR: Final = 0.3  # proximity in the taxonomy from which a declared activity answers the need


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is asked: families and exact kinds of KINDS (none: all),
    at most so many km, the need's activity or one near it declared by the structure itself; that
    its profile says, lately, that it is available; that it says that it would co-contract."""

    families: frozenset[str] = frozenset()
    within_km: int | None = None
    declared: bool = False
    kinds: frozenset[str] = frozenset()
    available: bool = False
    cocontract: bool = False

    def __bool__(self) -> bool:
        return self != EVERYTHING


EVERYTHING: Final = Narrowing()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of all candidates each filter would keep alone: by family, by exact kind, those
    that say to be available, and to co-contract."""

    families: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    available: int = 0
    cocontract: int = 0


NONE: Final = Counts()


def read_narrowing(values: Mapping[str, Sequence[str]]) -> Narrowing:
    """What an address asks (`famille`, `type`, `distance`, `declaree`, `disponible`,
    `cotraitance`); what is unknown is not asked."""
    typed = values.get("distance", [""])[0]
    return Narrowing(
        frozenset(values.get("famille", ())) & FAMILIES.keys(),
        next((km for km in DISTANCES if str(km) == typed), None),
        "oui" in values.get("declaree", ()),
        frozenset(values.get("type", ())) & KINDS.keys(),
        "oui" in values.get("disponible", ()),
        "oui" in values.get("cotraitance", ()),
    )


def narrowed(ordered: Sequence[Ranked], need: Need, asked: Narrowing, today: date) -> list[Ranked]:
    """The candidates that are asked for, in their order. One of unknown distance is not within
    any; one that says nothing of its availability is not known to be available."""
    return [ranked for ranked in ordered if _admitted(ranked, need, asked, today)]


def counts_among(ordered: Iterable[Ranked], today: date) -> Counts:
    """What each filter would keep, families and kinds in the order of their tables."""
    candidates = [ranked.met.candidate for ranked in ordered]
    families: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for held, number in Counter(candidate.kinds for candidate in candidates).items():
        families.update(dict.fromkeys(families_of(list(held)), number))
        kinds.update(dict.fromkeys(held, number))
    told = [candidate.told for candidate in candidates if candidate.told]
    return Counts(
        {family: families[family] for family in FAMILIES if families[family]},
        {kind: kinds[kind] for kind in KINDS if kinds[kind]},
        sum(said.available_at(today) for said in told),
        sum(said.cocontract is True for said in told),
    )


def _admitted(ranked: Ranked, need: Need, asked: Narrowing, today: date) -> bool:
    met = ranked.met
    kinds, told = met.candidate.kinds, met.candidate.told
    if asked.families and asked.families.isdisjoint(families_of(list(kinds))):
        return False
    if asked.kinds and asked.kinds.isdisjoint(kinds):
        return False
    if asked.within_km and (met.distance_km is None or met.distance_km > asked.within_km):
        return False
    if asked.available and not (told and told.available_at(today)):
        return False
    if asked.cocontract and not (told and told.cocontract):
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
