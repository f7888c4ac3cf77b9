"""The box around a circle, on the sphere."""

from dataclasses import dataclass

import numpy as np

from annuaire.geo.distance import EARTH_RADIUS_KM
from search.engine import Circle


@dataclass(frozen=True, slots=True)
class Box:
    """Latitudes and one or two spans of longitudes (two across the antimeridian, none: all)."""

    south: float
    north: float
    spans: tuple[tuple[float, float], ...]


def box_around(circle: Circle) -> Box:
    """The smallest box that holds a circle, a hair wider so that nothing is lost to rounding."""
    reach = circle.radius_km / EARTH_RADIUS_KM * (1 + 1e-9) + 1e-9
    south = circle.lat - float(np.degrees(reach))
    north = circle.lat + float(np.degrees(reach))
    if south <= -90 or north >= 90:
        return Box(max(south, -90.0), min(north, 90.0), ())
    width = float(np.degrees(np.arcsin(np.sin(reach) / np.cos(np.radians(circle.lat))))) + 1e-9
    west, east = circle.lon - width, circle.lon + width
    if west < -180:
        return Box(south, north, ((-180.0, east), (west + 360, 180.0)))
    if east > 180:
        return Box(south, north, ((west, 180.0), (-180.0, east - 360)))
    return Box(south, north, ((west, east),))
