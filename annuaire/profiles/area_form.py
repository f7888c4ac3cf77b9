"""The form of a service area: a circle, a drawing, places typed one a line, or the whole country;
pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from annuaire.geo.area_words import places_in
from annuaire.geo.areas import LISTS, MAX_RADIUS_KM, ServiceArea, area_of, circled
from annuaire.geo.drawn import NoRing, Ring, as_geojson, read_ring
from annuaire.geo.free_address import Finder, find_place, unknown_place
from annuaire.geo.gazetteer import gazetteer
from annuaire.geo.place_index import Place
from annuaire.geo.places import shown
from annuaire.geo.typed_point import in_words
from annuaire.profiles.reading import Sent, Values
from search.filters import InputError

MAX_PLACES: Final = 200
EMPTY_CIRCLE: Final = (
    "Aucune commune n’est dans ce cercle : son centre est en mer ou hors de France, ou son rayon "
    "est trop petit. Déplacez-le, agrandissez-le, ou donnez des lieux."
)
NO_POINT: Final = (
    "La position de la structure n’est pas connue : dites autour de quel lieu compter le rayon."
)
_LIST_OF: Final = {
    "commune": "communes", "epci": "epcis", "departement": "departements", "region": "regions",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Circle:
    radius_km: float
    centre: tuple[float, float] | None
    label: str | None


def read_area(
    sent: Sent, own: tuple[float, float] | None, find: Finder = find_place
) -> tuple[Values | None, list[InputError]]:
    """The area of a form, {"area": None} when nothing is asked, or the errors. `own` is the
    structure's point. What covers no commune is refused."""
    errors: list[InputError] = []
    country = bool(_first(sent, "france"))
    places = _places(sent.get("lieux", ()), errors)
    circle = _circle(sent, own, find, errors)
    ring = _ring(sent, errors)
    if errors:
        return None, errors
    lists: dict[str, list[str]] = {name: [] for name in LISTS}
    for place in places:
        if place.kind == "postcode":
            found = gazetteer().communes_by_postcode(place.code)
            lists["communes"] += [commune.code for commune in found]
        else:
            lists[_LIST_OF[place.kind]].append(place.code)
    area = ServiceArea(
        radius_km=circle.radius_km if circle else None,
        centre=circle.centre if circle else None,
        centre_label=circle.label if circle else None,
        country=country,
        ring=ring,
        **{name: tuple(dict.fromkeys(codes)) for name, codes in lists.items()},
    )
    return {"area": area.as_data() or None}, []


def _places(texts: Iterable[str], errors: list[InputError]) -> list[Place]:
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_PLACES:
        errors.append(
            InputError(
                "lieux",
                f"{len(lines)} lieux : {MAX_PLACES} au plus. Prenez plutôt les départements ou les "
                "régions qui les contiennent.",
            )
        )
        return []
    found = [(line, find_place(line)) for line in lines]
    unknown = [line for line, place in found if place is None or place.place.kind not in _KINDS]
    if unknown:
        more = f" Lieux inconnus en tout : {len(unknown)}." if len(unknown) > 1 else ""
        errors.append(InputError("lieux", unknown_place(unknown[0]) + more))
        return []
    return [located.place for _, located in found if located]


_KINDS: Final = frozenset({*_LIST_OF, "postcode"})


def _circle(
    sent: Sent, own: tuple[float, float] | None, find: Finder, errors: list[InputError]
) -> _Circle | None:
    asked, around = _first(sent, "rayon"), _first(sent, "centre")
    if not asked:
        if around:
            said = "Donnez le rayon en kilomètres, ou videz le lieu du centre."
            errors.append(InputError("rayon", said))
        return None
    radius = _number(asked)
    if radius is None:
        said = f"« {asked[:20]} » : donnez un nombre de 1 à {MAX_RADIUS_KM:.0f} km."
        errors.append(InputError("rayon", said))
        return None
    located = find(around[:100]) if around else None
    place = located.place if located else None
    centre = _point(place) if around else own
    if centre is None:
        errors.append(InputError("centre", unknown_place(around) if around else NO_POINT))
        return None
    if not circled(*centre, radius):
        errors.append(InputError("rayon", EMPTY_CIRCLE))
        return None
    if place is None:
        return _Circle(radius, None, None)
    return _Circle(radius, centre, in_words(place) if place.kind == "point" else place.label)


def _ring(sent: Sent, errors: list[InputError]) -> Ring:
    text = _first(sent, "contour")
    if not text or _first(sent, "sans_contour"):
        return ()
    try:
        return read_ring(text)
    except NoRing as error:
        errors.append(InputError("contour", str(error)))
        return ()


def _point(place: Place | None) -> tuple[float, float] | None:
    if place is None or place.lat is None or place.lon is None:
        return None
    return place.lat, place.lon


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(",", ".")) if len(text) < 20 else 0.0
    except ValueError:
        return None
    return number if isfinite(number) and 1 <= number <= MAX_RADIUS_KM else None


def _first(sent: Sent, name: str) -> str:
    return next((value.strip() for value in sent.get(name, ()) if value.strip()), "")


def typed_area(content: Mapping[str, Any]) -> Values:
    """What the form shows of an area."""
    area = area_of(content.get("area"))
    if area is None:
        return {}
    values = {
        "france": "oui" if area.country else "",
        "rayon": f"{area.radius_km:g}" if area.radius_km is not None else "",
        "centre": area.centre_label or "",
        "contour": as_geojson(area.ring) if area.ring else "",
        "lieux": "\n".join(shown(place.token) for place in places_in(area)),
    }
    return {name: value for name, value in values.items() if value}
