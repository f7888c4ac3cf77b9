"""Distances and boxes on the sphere, for many points at once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.engine import Circle

EARTH_KM = 6371.0088  # mean radius (IUGG)
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Box:
    """Latitudes and one or two spans of longitudes (two across the antimeridian, none: all)."""

    south: float
    north: float
    spans: tuple[tuple[float, float], ...]


def distances_km(lat: float, lon: float, lats: Floats, lons: Floats) -> Floats:
    """Great-circle distances in km; NaN where a coordinate is NaN."""
    phi, phis = np.radians(lat), np.radians(lats)
    half = (
        np.sin((phis - phi) / 2) ** 2
        + np.cos(phi) * np.cos(phis) * np.sin(np.radians(lons - lon) / 2) ** 2
    )
    result: Floats = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return result


def box_around(circle: Circle) -> Box:
    """The smallest box that holds a circle, a hair wider so that nothing is lost to rounding."""
    reach = circle.radius_km / EARTH_KM * (1 + 1e-9) + 1e-9
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
