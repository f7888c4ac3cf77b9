"""A small map drawn by ourselves: a place among the outlines of its département and neighbours."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from annuaire.geo.outlines import Ring, outline_rings, svg_path
from annuaire.geo.records import Departement
from annuaire.geo.store import gazetteer

WIDTH: Final = 320.0
MAX_HEIGHT: Final = 300.0
MARGIN: Final = 0.3  # of the département's own width and height, on each side
NEAREST: Final = 1.5  # points nearer than that, in units of the drawing, are one

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the drawing shows: degrees of its north-west corner, units by degree."""

    west: float
    north: float
    by_lon: float
    by_lat: float
    height: float

    def place(self, lon: float, lat: float) -> Point:
        """Where a point falls, in units from the upper left corner."""
        return (lon - self.west) * self.by_lon, (self.north - lat) * self.by_lat

    def shows(self, x: float, y: float) -> bool:
        return 0 <= x <= WIDTH and 0 <= y <= self.height


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map as SVG paths in a box of `width` by `height`; the place stands at (`x`, `y`)."""

    width: float
    height: float
    home: str
    neighbours: tuple[str, ...]
    x: float
    y: float


def drawing_of(lat: float, lon: float, departement: str | None) -> Drawing | None:
    """The map of a place, WGS84 degrees; None without its département or its outline, or when the
    place falls outside of what the map shows."""
    found = gazetteer().departement(departement) if departement else None
    if found is None:
        return None
    frame, home, neighbours = _background(found)
    x, y = frame.place(lon, lat)
    if not home or not frame.shows(x, y):
        return None
    return Drawing(WIDTH, frame.height, home, neighbours, round(x, 1), round(y, 1))


@lru_cache(maxsize=128)
def _background(departement: Departement) -> tuple[Frame, str, tuple[str, ...]]:
    """The frame around a département, its own path, and those of the neighbours in sight."""
    frame = _frame(departement)
    paths = {name: _path(rings, frame) for name, rings in outline_rings().items()}
    home = paths.pop(departement.code, "")
    return frame, home, tuple(path for path in paths.values() if path)


def _frame(of: Departement) -> Frame:
    across = (of.east - of.west) * MARGIN or 0.1
    down = (of.north - of.south) * MARGIN or 0.1
    west, east, south, north = of.west - across, of.east + across, of.south - down, of.north + down
    narrowing = math.cos(math.radians((south + north) / 2))  # a degree of longitude in latitudes
    by_lon = WIDTH / (east - west)
    by_lat = by_lon / narrowing
    height = (north - south) * by_lat
    if height > MAX_HEIGHT:
        scale = MAX_HEIGHT / height
        by_lon, by_lat, height = by_lon * scale, by_lat * scale, MAX_HEIGHT
        west -= (WIDTH / by_lon - (east - west)) / 2
    return Frame(west, north, by_lon, by_lat, round(height, 1))


def _path(rings: list[Ring], frame: Frame) -> str:
    """Rings as an SVG path; empty when none of their points is in sight."""
    seen = [ring for ring in rings if any(frame.shows(*frame.place(*point)) for point in ring)]
    return svg_path(seen, frame.place, NEAREST)
