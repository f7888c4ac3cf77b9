"""Great-circle distances and boxes, in kilometres and WGS84 degrees."""

import math

import numpy as np
import numpy.typing as npt

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
_KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres between two points."""
    half_lat = math.radians(other_lat - lat) / 2
    half_lon = math.radians(other_lon - lon) / 2
    cosines = math.cos(math.radians(lat)) * math.cos(math.radians(other_lat))
    chord = math.sin(half_lat) ** 2 + cosines * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def haversine_km(
    lat: float, lon: float, lats: npt.ArrayLike, lons: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Kilometres from one point to many; NaN where a coordinate is NaN."""
    to_lat = np.radians(np.asarray(lats, dtype=np.float64))
    to_lon = np.radians(np.asarray(lons, dtype=np.float64))
    half_lat = (to_lat - math.radians(lat)) / 2
    half_lon = (to_lon - math.radians(lon)) / 2
    cosines = math.cos(math.radians(lat)) * np.cos(to_lat)
    chord = np.sin(half_lat) ** 2 + cosines * np.sin(half_lon) ** 2
    kilometres: npt.NDArray[np.float64] = (
        2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(chord)))
    )
    return kilometres


def bounding_box(lat: float, lon: float, radius_km: float) -> tuple[float, float, float, float]:
    """(south, west, north, east) of a box that holds the circle.

    The whole range of longitudes where the circle holds a pole; `west` may be under -180 and
    `east` over 180 where it crosses the antimeridian.
    """
    reach = radius_km / _KM_PER_DEGREE
    south, north = max(-90.0, lat - reach), min(90.0, lat + reach)
    if south == -90.0 or north == 90.0:
        return south, -180.0, north, 180.0
    # The circle's widest meridian: sin(Δlon) = sin(reach) / cos(lat).
    width = math.degrees(math.asin(math.sin(math.radians(reach)) / math.cos(math.radians(lat))))
    return south, lon - width, north, lon + width
