"""Where a need is, as the territories of facilitators cover it; pure."""

from typing import Final

from annuaire.facilitators import Ground
from annuaire.geo.areas import commune_marks
from annuaire.geo.gazetteer import gazetteer
from annuaire.geo.places import locate
from annuaire.geo.reach import commune_near
from annuaire.matching.need import Need

_EPCI: Final = "epci:"


def ground_of(need: Need) -> Ground:
    """The intercommunalités, then the départements, then the régions that hold the need's place.

    A need of a whole intercommunalité, département or région is held by nothing smaller: who looks
    after one town of it does not look after all of it.
    """
    place = locate(need.place_label) if need.place_label and not need.spots else None
    if place and place.kind == "region":
        return Ground((frozenset({place.token}),))
    groupings = {place.token} if place and place.kind == "epci" else set()
    if not need.wide:
        groupings |= {
            mark
            for spot in need.spots
            for mark in commune_marks(commune_near(spot.lat, spot.lon)[0].code)
            if mark.startswith(_EPCI)
        }
    found = [d for code in need.departements if (d := gazetteer().departement(code))]
    departements = frozenset(d.code for d in found)
    regions = frozenset(f"region:{d.region}" for d in found)
    tiers = (frozenset(groupings), departements, regions)
    return Ground(tuple(tier for tier in tiers if tier))
