"""A need and a structure put face to face: what every feature looks at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Final, NamedTuple

from annuaire.activities.taxonomy import proximity, taxonomy
from annuaire.activities.text import stems
from annuaire.geo.gazetteer import gazetteer
from annuaire.matching import lexicon
from annuaire.matching.candidates import Candidate, Held, Won
from annuaire.matching.fitness import Fit, fit
from annuaire.matching.inferring import won_activities
from annuaire.matching.need import Need
from annuaire.matching.told import reach

#: What a feature says: its score in [0, 1], and its sentence once somebody reads it.
Said = tuple[float, Callable[[], str] | None]
NOTHING: Final[Said] = (0.0, None)
LEAST_CERTAINTY: Final = 0.2  # of an activity of the need that makes lots alike


@dataclass(frozen=True, slots=True)
class Asked:
    """A need with what is worked out once for all candidates."""

    need: Need
    stems: frozenset[str]
    context_stems: frozenset[str]
    regions: frozenset[str]
    codes_insee: frozenset[str]
    places: frozenset[str]  # stems of the names of the need's places and of its buyer
    #: For each activity of the need, its code, how far to follow it, and the leaves near it.
    wanted: tuple[tuple[str, float, Mapping[str, float]], ...]
    alike: tuple[Mapping[str, float], ...]  # the leaves near those that a lot of this kind has


class Met(NamedTuple):
    """A candidate facing a need: how far (km, None when unknown), its former lots that were known
    by then, how its kinds fit, its activities with those that the former lots prove, and `former`,
    the lots won from the need's own buyer: where it chooses without competition these are no
    merit, and `wins` is without them."""

    candidate: Candidate
    distance_km: float | None
    wins: tuple[Won, ...]
    fit: Fit
    activities: tuple[Held, ...]
    former: tuple[Won, ...] = ()
    reached: str | None = None  # how the area that it declares covers the need's place, in words


@lru_cache(maxsize=16)
def ask(need: Need) -> Asked:
    """Prepare a need for scoring; once, however many steps of one answer ask it."""
    return Asked(
        need=need,
        stems=frozenset(stems(need.text)),
        context_stems=frozenset(stems(need.context)),
        regions=regions_of(need),
        codes_insee=frozenset(spot.code for spot in need.spots),
        places=_place_stems(need),
        wanted=tuple(
            (code, _standing(certainty), near_leaves(code))
            for code, certainty, _ in need.activities
        ),
        alike=tuple(
            near_leaves(code)
            for code, certainty, _ in need.activities[:2]
            if certainty >= LEAST_CERTAINTY
        ),
    )


def _standing(certainty: float) -> float:
    """How far to follow a guess on the need: a doubtful one counts for half."""
    return 0.5 + 0.5 * min(1.0, max(0.0, certainty))


def regions_of(need: Need) -> frozenset[str]:
    """The codes of the régions that hold the need's départements."""
    found = (gazetteer().departement(code) for code in need.departements)
    return frozenset(departement.region for departement in found if departement)


def _place_stems(need: Need) -> frozenset[str]:
    named = [spot.label for spot in need.spots[:3]]
    named.append((need.buyer_key or "").partition("|")[0])
    found = {stem for name in named for stem in stems(name) if len(stem) > 3}
    return frozenset(found) - frequent_stems()


def meet(asked: Asked, candidate: Candidate, distance_km: float | None) -> Met:
    """Put a candidate before a need; only lots known strictly before the need's day count."""
    need = asked.need
    wins, former = _taught(need, candidate.wins) if candidate.wins else ((), ())
    return Met(
        candidate,
        distance_km,
        wins,
        fit(candidate.kinds, need.reserved, lent=need.lent),
        (*candidate.activities, *won_activities(wins)) if wins else candidate.activities,
        former,
        _reached(need, candidate),
    )


def _taught(need: Need, won: Sequence[Won]) -> tuple[tuple[Won, ...], tuple[Won, ...]]:
    """Of the lots that it won, those that count, and those won from the need's own buyer."""
    wins = tuple(each for each in won if teaches(need, each.on, each.reference))
    key = need.buyer_key
    former = tuple(each for each in wins if each.buyer_key == key) if key else ()
    if need.without_competition and former:
        wins = tuple(each for each in wins if each.buyer_key != key)
    return wins, former


def _reached(need: Need, candidate: Candidate) -> str | None:
    if candidate.told is None:
        return None
    return reach(candidate.told, candidate.point, need)


def teaches(need: Need, won_on: date, lot_reference: str) -> bool:
    """Whether a lot that was won counts for a need: known before its day, of another contract."""
    return won_on < need.on and lot_reference.partition("#")[0] != need.reference


@cache
def near_leaves(code: str) -> dict[str, float]:
    """The leaves near an activity, itself among them, with their proximity."""
    found = {leaf.code: proximity(code, leaf.code) for leaf in taxonomy().leaves}
    return {code: 1.0, **{other: close for other, close in found.items() if close > 0}}


def named(candidate: Candidate) -> frozenset[str]:
    """The stems of a structure's name and brand."""
    stems_of_name = name_stems(candidate.name)
    return stems_of_name | name_stems(candidate.brand) if candidate.brand else stems_of_name


@lru_cache(maxsize=65_536)
def name_stems(name: str) -> frozenset[str]:
    """The stems of a structure's name."""
    return frozenset(stems(name))


@cache
def frequent_stems() -> frozenset[str]:
    """Stems that many names hold, and that say little."""
    return frozenset(stem for word in lexicon.words("frequent_in_names") for stem in stems(word))
