"""An area drawn on the map as one ring of corners: read from a form, and its communes; pure."""

import json
from functools import lru_cache
from math import isfinite
from typing import Any, Final

import numpy as np
import shapely

from annuaire.geo.reach import inhabited, nearest_km
from annuaire.geo.typed_point import TOO_FAR_KM

#: Corners (latitude, longitude) in WGS84 degrees, kept to 4 decimals (11 m); the last leads back
#: to the first.
Ring = tuple[tuple[float, float], ...]

MAX_CORNERS: Final = 100
MAX_TEXT: Final = 20_000
UNREADABLE: Final = "Ce contour n’a pas pu être lu : effacez-le, puis dessinez-le de nouveau."
TOO_FEW: Final = "Un contour a au moins trois sommets : ajoutez-en, ou effacez-le."
HOLLOW: Final = "Un contour est d’un seul tenant, sans trou : ajoutez plutôt des lieux."
CROSSED: Final = (
    "Ce contour se croise lui-même, ou est aplati en un trait : retirez les derniers sommets, puis "
    "faites le tour dans un seul sens."
)
EMPTY: Final = (
    "Aucune commune n’a son centre dans ce contour : il est en mer, hors de France, ou trop petit. "
    "Dessinez-le sur la terre, plus grand, ou donnez des lieux."
)


class NoRing(ValueError):  # noqa: N818
    """A drawing that is no area; the message says why, in French."""


def read_ring(text: str) -> Ring:
    """The ring of a form: a GeoJSON Polygon (RFC 7946, section 3.1.6) of one ring, longitude
    first. Raises NoRing for what is none, crosses itself, goes far from France or holds the centre
    of no commune."""
    corners = _corners(text)
    if len(corners) > MAX_CORNERS:
        raise NoRing(f"Ce contour a {len(corners)} sommets : {MAX_CORNERS} au plus.")
    if len(set(corners)) < 3:
        raise NoRing(TOO_FEW)
    for number, corner in enumerate(corners, 1):
        away = float(nearest_km((corner,)).min())
        if away > TOO_FAR_KM:
            raise NoRing(
                f"Le sommet {number} est à {away:.0f} km de la France : retirez-le, et gardez le "
                "contour près de la métropole ou d’un territoire d’outre-mer."
            )
    if not _polygon(corners).is_valid:
        raise NoRing(CROSSED)
    if not enclosed(corners):
        raise NoRing(EMPTY)
    return corners


def _corners(text: str) -> Ring:
    try:
        found = json.loads(text) if len(text) <= MAX_TEXT else {}
        rings: list[Any] = found["coordinates"] if found["type"] == "Polygon" else []
        corners = [_corner(*each) for each in rings[0]]
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError) as error:
        raise NoRing(UNREADABLE) from error
    if len(rings) > 1:
        raise NoRing(HOLLOW)
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    return tuple(corners)


def _corner(lon: Any, lat: Any, *_height: Any) -> tuple[float, float]:
    if any(isinstance(each, (bool, str)) or not isfinite(each) for each in (lon, lat)):
        raise ValueError
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError
    return round(float(lat), 4) + 0.0, round(float(lon), 4) + 0.0  # never « -0 »


def as_geojson(ring: Ring) -> str:
    """The ring as `read_ring` reads it, closed."""
    corners = [[lon, lat] for lat, lon in (*ring, ring[0])]
    return json.dumps({"type": "Polygon", "coordinates": [corners]}, separators=(",", ":"))


@lru_cache(maxsize=256)
def enclosed(ring: Ring) -> frozenset[str]:
    """The communes whose centre lies within a ring; none at sea."""
    lats, lons = _centres()
    inside = np.flatnonzero(shapely.contains_xy(_polygon(ring), lons, lats))
    return frozenset(inhabited().communes[i].code for i in inside)


def _polygon(ring: Ring) -> shapely.Polygon:
    return shapely.Polygon([(lon, lat) for lat, lon in ring])


@lru_cache(maxsize=1)
def _centres() -> tuple[Any, Any]:
    communes = inhabited().communes
    return np.array([c.lat for c in communes]), np.array([c.lon for c in communes])
