"""Where a structure works: a circle, what it drew on the map, places of the gazetteer, or the
whole country; pure.

An index holds the marks of an area (`marks_of`), and is asked those of a place (`marks_at`): what
has one in common serves the place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from annuaire.geo.distance import distance_km
from annuaire.geo.drawn import Ring, enclosed
from annuaire.geo.place_index import Place
from annuaire.geo.reach import commune_near, inhabited, nearest_km
from annuaire.geo.store import gazetteer

COUNTRY: Final = "pays"
MAX_RADIUS_KM: Final = 300.0
#: The lists of an area, with what a place of each is in French.
LISTS: Final = {
    "communes": "commune",
    "epcis": "intercommunalité",
    "departements": "département",
    "regions": "région",
}


@dataclass(frozen=True, slots=True)
class ServiceArea:
    """An area. `radius_km` counts from `centre` (lat, lon, WGS84 degrees), or from the structure
    itself without one; `centre_label` names the centre; `ring` was drawn on the map. Codes are
    INSEE's, SIREN for `epcis`; `country` is the whole of France, overseas included."""

    radius_km: float | None = None
    centre: tuple[float, float] | None = None
    centre_label: str | None = None
    communes: tuple[str, ...] = ()
    epcis: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    country: bool = False
    ring: Ring = ()

    @property
    def named(self) -> bool:
        """Whether some place, a drawing or the country is in the area beside its circle."""
        return self.country or bool(self.ring) or any(getattr(self, name) for name in LISTS)

    def circle(self, own: tuple[float, float] | None) -> tuple[float, float, float] | None:
        """(lat, lon, km) of the circle; None without one, or when a structure whose point is
        unknown is its centre."""
        centre = self.centre or own
        if self.radius_km is None or centre is None:
            return None
        return (*centre, self.radius_km)

    def as_data(self) -> dict[str, Any]:
        """JSON-ready values, those that say something."""
        lists = ((name, list(getattr(self, name))) for name in LISTS)
        values: dict[str, Any] = {name: codes for name, codes in lists if codes}
        if self.radius_km is not None:
            values |= {"radius_km": self.radius_km}
            if self.centre:
                values |= {"centre": list(self.centre), "centre_label": self.centre_label}
        if self.ring:
            values |= {"ring": [list(corner) for corner in self.ring]}
        return values | ({"country": True} if self.country else {})


def area_of(data: Mapping[str, Any] | None) -> ServiceArea | None:
    """The area that `as_data` gave; None for none. Codes that the gazetteer knows no more are
    left out."""
    if not data:
        return None
    known = _known_codes()
    lists = {
        name: tuple(code for code in data.get(name, ()) if code in known[name]) for name in LISTS
    }
    centre = data.get("centre")
    return ServiceArea(
        radius_km=data.get("radius_km"),
        centre=(centre[0], centre[1]) if centre else None,
        centre_label=data.get("centre_label"),
        country=bool(data.get("country")),
        ring=tuple((lat, lon) for lat, lon in data.get("ring", ())),
        **lists,
    )


@lru_cache(maxsize=1)
def _known_codes() -> dict[str, frozenset[str]]:
    places = gazetteer()
    return {
        "communes": frozenset(c.code for c in (*places.communes, *places.arrondissements)),
        "epcis": frozenset(epci.siren for epci in places.epcis),
        "departements": frozenset(d.code for d in places.departements),
        "regions": frozenset(region.code for region in places.regions),
    }


def circled(lat: float, lon: float, radius_km: float) -> tuple[str, ...]:
    """The communes whose centre lies within a circle; none at sea."""
    found = np.flatnonzero(nearest_km(((lat, lon),)) <= radius_km)
    return tuple(inhabited().communes[i].code for i in found)


@dataclass(frozen=True, slots=True)
class Marks:
    """What an index holds of an area: `serves`, marks of places (`commune:59350`, `epci:…`,
    `departement:…`, « pays », `~epci:…` for one served in part), and the `departements` served in
    whole or in part."""

    serves: tuple[str, ...]
    departements: tuple[str, ...]


def marks_of(area: ServiceArea, own: tuple[float, float] | None) -> Marks:
    """The marks of an area; `own` is the structure's point. Départements that a circle or a drawing
    holds whole stand for their communes: a wide one has hundreds of marks, not thousands."""
    places = gazetteer()
    if area.country:
        return Marks((COUNTRY,), tuple(d.code for d in places.departements))
    whole = {*area.departements}
    for region in area.regions:
        whole |= {d.code for d in places.departements_of_region(region)}
    circle = area.circle(own)
    inside = set(circled(*circle)) if circle else set()
    inside |= enclosed(area.ring) if area.ring else set()
    whole |= _held_whole(inside)
    communes = {*area.communes, *inside}
    served = [c for code in sorted(communes) if (c := places.commune(code))]
    within = {c.departement for c in served}
    for siren in area.epcis:
        within |= {c.departement for c in places.communes_of_epci(siren)}
    parts = {siren for c in served for siren in (c.epci, c.ept) if siren}
    marks = [
        *(f"departement:{code}" for code in sorted(whole)),
        *(f"epci:{siren}" for siren in area.epcis),
        *(f"~epci:{siren}" for siren in sorted(parts - {*area.epcis})),
        *(f"commune:{c.code}" for c in served if c.departement not in whole),
    ]
    return Marks(tuple(marks), tuple(sorted(whole | within)))


def _held_whole(inside: set[str]) -> set[str]:
    """The départements all of whose communes are among some."""
    if not inside:
        return set()
    left = {c.departement for c in inhabited().communes if c.code not in inside}
    return {c.departement for code in inside if (c := gazetteer().commune(code))} - left


def marks_at(place: Place) -> tuple[str, ...]:
    """The marks of which an area that serves a place has one; an intercommunalité is served by
    what serves a part of it. Not for a département or a région (`Marks.departements`)."""
    if place.kind == "epci":
        of_departements = (f"departement:{code}" for code in place.departements)
        return (COUNTRY, f"epci:{place.code}", f"~epci:{place.code}", *of_departements)
    return tuple(dict.fromkeys(m for code in _communes_at(place) for m in commune_marks(code)))


def _communes_at(place: Place) -> Iterable[str]:
    if place.kind == "postcode":
        return [c.code for c in gazetteer().communes_by_postcode(place.code)]
    if place.kind == "point" and place.lat is not None and place.lon is not None:
        return [commune_near(place.lat, place.lon)[0].code]
    return [place.code]


@lru_cache(maxsize=4096)
def commune_marks(code: str) -> tuple[str, ...]:
    """The marks of which an area that serves a commune, or an arrondissement, has one."""
    commune = gazetteer().commune(code)
    if commune is None:
        return (COUNTRY,)
    city = gazetteer().commune(commune.city) if commune.city else None
    held = (city or commune).epci, (city or commune).ept
    return (
        COUNTRY,
        f"commune:{commune.code}",
        *([f"commune:{city.code}"] if city else ()),
        *(f"epci:{siren}" for siren in held if siren),
        f"departement:{commune.departement}",
    )


def why_served(
    area: ServiceArea,
    own: tuple[float, float] | None,
    point: tuple[float, float] | None,
    code_insee: str | None,
    departement: str | None,
) -> str | None:
    """How an area covers a spot, in words: « toute la France », « rayon de 50 km », …; None when
    it does not. Without a point or a commune, what holds the whole département counts."""
    if area.country:
        return "toute la France"
    commune = gazetteer().commune(code_insee) if code_insee else None
    where = commune.departement if commune else departement
    found = gazetteer().departement(where) if where else None
    if commune and {commune.code, commune.city} & {*area.communes}:
        return commune.name
    if commune and (siren := next((s for s in (commune.epci, commune.ept) if s in area.epcis), "")):
        epci = gazetteer().epci(siren)
        return epci.name if epci else None
    if found and found.code in area.departements:
        return f"{found.name} ({found.code})"
    if found and found.region in area.regions:
        region = gazetteer().region(found.region)
        return region.name if region else None
    near = commune or (commune_near(*point)[0] if area.ring and point else None)
    if area.ring and near and {near.code, near.city} & enclosed(area.ring):
        return "contour dessiné"
    circle = area.circle(own)
    if circle and point and distance_km(circle[0], circle[1], *point) <= circle[2]:
        return f"rayon de {circle[2]:g} km"
    return None
