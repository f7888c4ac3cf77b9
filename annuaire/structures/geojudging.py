"""Whether an answer of the national address base (BAN) can be right for a structure; pure."""

from dataclasses import dataclass
from typing import Final, Protocol

from annuaire.geo.gazetteer import gazetteer
from annuaire.geo.geocoder import Geocoded
from annuaire.geo.outlines import check_coordinates
from annuaire.structures.points import TRUE_POINTS

LEAST_SCORE: Final = 0.6  # under it the base itself is unsure of the street


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an answer is not used: a code, and a sentence for who reads the run."""

    code: str
    message: str


class Placed(Protocol):
    """Where a structure is said to be."""

    @property
    def code_insee(self) -> str | None: ...

    @property
    def departement(self) -> str | None: ...

    @property
    def lat(self) -> float | None: ...


def judge(found: Geocoded, place: Placed) -> Refused | None:
    """None when the answer can be used, else why not. The centre of a commune is only used for a
    structure that has no point at all."""
    shown = f"« {found.label[:80]} » (score {found.score:.2f})"
    if found.precision in TRUE_POINTS and found.score < LEAST_SCORE:
        return Refused("score", f"réponse trop peu sûre, {shown} ; position laissée.")
    if found.precision not in TRUE_POINTS and place.lat is not None:
        return Refused("imprecis", f"seule la commune est trouvée, {shown} ; position laissée.")
    commune = gazetteer().commune(found.code_insee) if found.code_insee else None
    code = (commune.city or commune.code) if commune else found.code_insee
    departement = commune.departement if commune else None
    if place.departement and departement and departement != place.departement:
        said = f"réponse dans un autre département, {shown} ; écartée."
        return Refused("autre_departement", said)
    if place.code_insee and code and code != place.code_insee:
        return Refused("autre_commune", f"réponse dans une autre commune, {shown} ; écartée.")
    if check_coordinates(found.lat, found.lon, place.departement):
        return Refused("hors", f"point nul ou hors du département, {shown} ; écarté.")
    return None
