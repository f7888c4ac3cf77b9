"""How far people live from the nearest of some points: every commune, its nearest point."""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from annuaire.geo.distance import EARTH_RADIUS_KM
from annuaire.geo.records import Commune
from annuaire.geo.store import gazetteer

_CELLS = 2_000_000  # distances worked out at a time: 16 MB
_KEPT = 32  # answers kept, 280 kB each: a page is asked again with another radius

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Inhabited:
    """The communes that have a centre, as columns: one position is one commune."""

    communes: tuple[Commune, ...]
    population: npt.NDArray[np.int64]
    vectors: Floats


@cache
def inhabited() -> Inhabited:
    """Every commune of the gazetteer with coordinates (arrondissements are in their city)."""
    communes = tuple(c for c in gazetteer().communes if c.lat is not None and c.lon is not None)
    return Inhabited(
        communes,
        np.array([c.population for c in communes], dtype=np.int64),
        _vectors([c.lat or 0.0 for c in communes], [c.lon or 0.0 for c in communes]),
    )


@lru_cache(maxsize=_KEPT)
def nearest_km(points: tuple[tuple[float, float], ...]) -> Floats:
    """Great-circle km from each commune of `inhabited()` to the nearest point (lat, lon in WGS84
    degrees); infinite without points. The answer is shared: it cannot be written."""
    found = _nearest(points) if points else np.full(len(inhabited().communes), np.inf)
    found.flags.writeable = False
    return found


def commune_near(lat: float, lon: float) -> tuple[Commune, float]:
    """The commune whose centre is the nearest to a point (WGS84 degrees), and the km to it."""
    far = nearest_km(((lat, lon),))
    best = int(np.argmin(far))
    return inhabited().communes[best], float(far[best])


def _nearest(points: tuple[tuple[float, float], ...]) -> Floats:
    places = inhabited().vectors
    found = np.empty(len(places))
    to = _vectors([lat for lat, _ in points], [lon for _, lon in points]).T
    step = max(1, _CELLS // to.shape[1])
    for start in range(0, len(places), step):
        cosines = (places[start : start + step] @ to).max(axis=1)
        found[start : start + step] = np.arccos(np.clip(cosines, -1.0, 1.0)) * EARTH_RADIUS_KM
    return found


def _vectors(lats: list[float], lons: list[float]) -> Floats:
    """Points of the unit sphere, one a row: the product of two is the cosine of their angle."""
    lat, lon = np.radians(lats), np.radians(lons)
    return np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))
