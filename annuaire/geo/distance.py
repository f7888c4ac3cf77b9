"""Great-circle distances, in kilometres between points in WGS84 degrees."""

import math

import numpy as np
import numpy.typing as npt

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG


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
