"""A service area in words; pure."""

from typing import Final

from annuaire.geo.areas import ServiceArea
from annuaire.geo.drawn import Ring, enclosed
from annuaire.geo.gazetteer import gazetteer
from annuaire.geo.place_index import Place, place_index
from annuaire.geo.reach import commune_near
from annuaire.geo.typed_point import is_point

#: The kinds of places of an area with its lists, the largest first.
_WIDEST: Final = (
    ("region", "regions"), ("departement", "departements"), ("epci", "epcis"),
    ("commune", "communes"),
)  # fmt: skip
SHOWN: Final = 6  # places that a sentence names


def places_in(area: ServiceArea) -> list[Place]:
    """The places that an area names, the largest first."""
    index = place_index()
    tokens = [f"{kind}:{code}" for kind, name in _WIDEST for code in getattr(area, name)]
    return [place for token in tokens if (place := index.place_of(token))]


def area_words(area: ServiceArea) -> str:
    """« toute la France », « 50 km autour de la structure ; Nord (59) »."""
    if area.country:
        return "toute la France"
    parts = []
    if area.radius_km is not None:
        parts.append(f"{area.radius_km:g} km autour {_centre(area)}")
    if area.ring:
        parts.append(ring_words(area.ring))
    labels = [place.label for place in places_in(area)]
    if len(labels) > SHOWN + 1:
        labels[SHOWN:] = [f"{len(labels) - SHOWN} autres lieux"]
    return " ; ".join([*parts, *labels])


def ring_words(ring: Ring) -> str:
    """« un contour dessiné de 12 communes (59, 62) »."""
    codes = enclosed(ring)
    found = {c.departement for code in codes if (c := gazetteer().commune(code))}
    where = ", ".join(sorted(found)[:SHOWN]) + (", …" if len(found) > SHOWN else "")
    count = f"{len(codes):,}".replace(",", "\u202f") + f" commune{'s' if len(codes) > 1 else ''}"
    return f"un contour dessiné de {count} ({where})"


def _centre(area: ServiceArea) -> str:
    """« de la structure », « de Lille (59) », « d'un point près de Lille (59) »."""
    if area.centre is None:
        return "de la structure"
    label = area.centre_label or ""
    if not is_point(label):
        return f"de {label}"
    near, _ = commune_near(*area.centre)
    return f"d’un point près de {near.name} ({near.departement})"
