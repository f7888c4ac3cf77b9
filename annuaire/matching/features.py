"""The features of a suggestion: a table of name, weight and function.

Each function looks at a need and a structure and returns a score in [0, 1] with the French
sentence that explains it (None when it has nothing to say), written for those that are shown
alone. Pure: no clock, no database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from annuaire.activities.taxonomy import taxonomy
from annuaire.geo.gazetteer import gazetteer
from annuaire.matching import lexicon
from annuaire.matching.candidates import Held
from annuaire.matching.history import served, won_alike, won_any
from annuaire.matching.lexicon import vague_naf
from annuaire.matching.meeting import (
    NOTHING,
    Asked,
    Met,
    Said,
    frequent_stems,
    name_stems,
    named,
)
from annuaire.wording import km


def activity(asked: Asked, met: Met) -> Said:
    """Best pair of an activity of the need and one of the structure: declared beats inferred,
    exact beats near. When nothing says what the structure does, what its kind usually does."""
    best: tuple[float, str, Held] | None = None
    for code, standing, near in asked.wanted:
        for held in met.activities:
            close = near.get(held.code)
            score = standing * close * _belief(held) if close else 0.0
            if score > 0 and (best is None or score > best[0]):
                best = (score, code, held)
    if best is None or best[0] < USUAL:
        usual = _usual(asked, met)
        if best is None or best[0] < usual[0]:
            return usual
    score, code, held = best
    return score, lambda: _does(code, held)


def _does(code: str, held: Held) -> str:
    label = taxonomy().label(held.code)
    if held.code != code:
        return f"Activité voisine du besoin : {label} ({_origin(held)})."
    return f"Activité : {label} ({_origin(held)})."


def _usual(asked: Asked, met: Met) -> Said:
    """A guess from the kind, only for a structure whose name, presentation and NAF code say
    nothing. A lot won in another trade does not say that it has no other."""
    if any(h.origin != "naf" or h.evidence not in vague_naf() for h in met.candidate.activities):
        return NOTHING
    for code, _, _ in asked.need.activities[:2]:
        for kind in met.candidate.kinds:
            if code in lexicon.usual(kind):
                return USUAL, partial(_usually, code)
    return UNKNOWN, None


def _usually(code: str) -> str:
    label = taxonomy().label(code)
    return f"Activité habituelle de ce type de structure : {label} (supposée)."


def trade_known(asked: Asked, met: Met) -> bool:
    """Whether something known, and not merely supposed, says that it does what is asked."""
    return activity(asked, met)[0] > USUAL or won_alike(asked, met)[0] > 0


def trade_words(asked: Asked, met: Met) -> str:
    """What says so, in a sentence; empty when nothing does."""
    says = activity(asked, met)[1] or won_alike(asked, met)[1]
    return says() if says else ""


def _belief(held: Held) -> float:
    """How far an activity is believed: an inferred one is doubted, yet far above a mere guess.
    What won lots say is halved: `won_alike` counts the same lots."""
    if held.origin == "won":
        return held.weight * WON
    return held.weight if held.origin == "declared" else held.weight**INFERRED


INFERRED: Final = 0.6
WON: Final = 0.5
USUAL: Final = 0.15
UNKNOWN: Final = 0.05  # nothing is known: a little better than known to do something else


def _origin(held: Held) -> str:
    if held.origin == "declared":
        return "déclarée"
    if held.origin == "naf":
        return f"déduite du code NAF {held.evidence}"
    if held.origin == "won":
        return f"déduite de {held.evidence}"
    if held.origin == "description":
        return f"déduite de sa présentation : « {held.evidence} »"
    return f"déduite de son nom : « {held.evidence} »"


def words(asked: Asked, met: Met) -> Said:
    """Words of the need in the structure's name: the rarer the word among names, the better."""
    candidate = met.candidate
    stems = named(candidate)
    if stems.isdisjoint(asked.stems) and stems.isdisjoint(asked.context_stems):
        return NOTHING
    common = (stems & asked.stems) | (stems & asked.context_stems)
    common -= name_stems(candidate.city or "") | asked.places  # a place is no trade
    weighed = {s: _rarity(s) * (1.0 if s in asked.stems else 0.6) for s in common}
    total = sum(weighed.values())
    if total < 0.3:
        return NOTHING
    shown = candidate.shown_name
    return min(1.0, total / 1.5), lambda: f"Son nom rappelle les mots du besoin : « {shown} »."


def _rarity(stem: str) -> float:
    return 0.2 if stem in frequent_stems() or len(stem) < 3 else 1.0


def nearness(asked: Asked, met: Met) -> Said:
    """Great-circle distance to the nearest place of the need: from 1 on the spot to 0 at 100 km,
    the first kilometres a little dearer. For a buyer of a whole territory whose lot names no
    place, the distance to its seat says little: half of the score is given to all."""
    far = met.distance_km
    if far is None:
        return NOTHING
    score = 0.7 * max(0.0, 1 - far / REACH_KM) + 0.3 / (1 + far / HALF_KM)
    if met.reached and score < REACHED:
        return REACHED, lambda: f"À {km(far)}, dans la zone où elle dit intervenir : {met.reached}."
    if far >= REACH_KM:
        return (WIDE / 2, None) if asked.need.wide else NOTHING
    if asked.need.wide:
        score = WIDE + (1 - WIDE) * score
    where = asked.need.place_label
    return score, lambda: f"À {km(far)} de {where}." if where else f"À {km(far)}."


WIDE: Final = 0.5
REACHED: Final = 0.4  # however far, for who declares to work there: what 50 km are worth
REACH_KM: Final = 100.0
HALF_KM: Final = 15.0


def territory(asked: Asked, met: Met) -> Said:
    """Same commune or département, or an area that it declares; a département's structure counts
    for its région too."""
    candidate, need = met.candidate, asked.need
    if candidate.code_insee and candidate.code_insee in asked.codes_insee:
        return 1.0, lambda: f"Installée sur place, à {candidate.city}."
    if candidate.departement and candidate.departement in need.departements:
        return 1.0, partial(_here, candidate.departement)
    if met.reached:
        return 1.0, lambda: f"Intervient sur place, d'après sa fiche : {met.reached}."
    if candidate.region and candidate.region in asked.regions:
        return 0.2, lambda: "Dans la région du besoin."
    return NOTHING


def _here(code: str) -> str:
    found = gazetteer().departement(code)
    label = f"{found.name} ({found.code})" if found else code
    return f"Dans le département du besoin : {label}."


def namesake(asked: Asked, met: Met) -> Said:
    """The structure's name says the need's place or its buyer's: « Untel Services » of Untel."""
    candidate = met.candidate
    if met.distance_km is None or met.distance_km > NAMESAKE_KM:
        return NOTHING
    if named(candidate).isdisjoint(asked.places):
        return NOTHING
    return 1.0, lambda: f"Son nom est celui du lieu : « {candidate.shown_name} »."


NAMESAKE_KM: Final = 40.0


def way(asked: Asked, met: Met) -> Said:
    """The kind against the reservation and the way of working (annuaire.matching.fitness)."""
    reason = met.fit.reason
    return met.fit.score, (lambda: reason) if reason else None


#: NAF divisions of bodies that seldom answer to contracts of others: administration, teaching,
#: health and lodging.
_SELDOM: Final = {"84": 0.0}


def market(asked: Asked, met: Met) -> Said:
    """Whether its main activity (NAF) is sold at all: a town's own workshop seldom answers."""
    naf = met.candidate.naf or ""
    return _SELDOM.get(naf[:2], 1.0), None


@dataclass(frozen=True, slots=True)
class Feature:
    """A row of the table: `weight` is how many points of 100 a score of 1 gives."""

    name: str
    label: str
    weight: float
    function: Callable[[Asked, Met], Said]


#: Weights sum to 100. Fitted, rounded and explained in docs/matching.md.
FEATURES: Final = (
    Feature("activity", "Activité", 24, activity),
    Feature("nearness", "Distance", 18, nearness),
    Feature("territory", "Territoire", 16, territory),
    Feature("way", "Type de structure", 10, way),
    Feature("won_alike", "Lots de ce genre déjà gagnés", 9, won_alike),
    Feature("words", "Mots du besoin", 3, words),
    Feature("namesake", "Nom du lieu", 3, namesake),
    Feature("market", "Présence sur les marchés", 4, market),
    Feature("won_any", "Marchés publics déjà gagnés", 8, won_any),
    Feature("served", "Déjà retenue par cet acheteur", 5, served),
)
