"""The départements as SVG paths, drawn once: the mainland, and the overseas ones in insets."""

import math
from dataclasses import dataclass
from functools import cache

from annuaire.geo.gazetteer import gazetteer
from annuaire.geo.outlines import Ring, outline_rings, svg_path

WIDTH, HEIGHT = 620, 510  # of the drawing, in its own units
INSET = 78
_MAINLAND = (41.2, -5.3, 51.2, 9.7)  # south, west, north, east in WGS84 degrees
_MAIN_WIDTH = WIDTH - INSET - 10
_LEAST = 2.5  # units between two points that are kept


@dataclass(frozen=True, slots=True)
class Shape:
    """A département: its code, its name, its outline as the `d` of an SVG path."""

    code: str
    name: str
    path: str


@cache
def shapes() -> tuple[Shape, ...]:
    """Every département that has an outline, the mainland's at one scale, each overseas one at
    its own in a square on the left."""
    overseas = [code for code in outline_rings() if len(code) == 3]
    found = []
    for code, rings in outline_rings().items():
        if code in overseas:
            place = _inset(rings, overseas.index(code))
        else:
            place = _Frame(_MAINLAND, INSET + 10, 0, _MAIN_WIDTH, HEIGHT)
        departement = gazetteer().departement(code)
        name = departement.name if departement else code
        found.append(Shape(code, name, svg_path(rings, place.put, _LEAST)))
    return tuple(found)


class _Frame:
    """A box of degrees put into a box of the drawing; a degree of longitude is worth the cosine
    of the middle latitude."""

    def __init__(
        self, box: tuple[float, float, float, float], x: float, y: float, w: float, h: float
    ) -> None:
        south, self.west, self.north, east = box
        self.x, self.y = x, y
        self.stretch = math.cos(math.radians((south + self.north) / 2))
        self.scale = min(w / ((east - self.west) * self.stretch), h / (self.north - south))

    def put(self, lon: float, lat: float) -> tuple[float, float]:
        x = self.x + (lon - self.west) * self.stretch * self.scale
        return x, self.y + (self.north - lat) * self.scale


def _inset(rings: list[Ring], rank: int) -> _Frame:
    lons = [lon for ring in rings for lon, _ in ring]
    lats = [lat for ring in rings for _, lat in ring]
    box = (min(lats), min(lons), max(lats), max(lons))
    return _Frame(box, 2, 2 + rank * (INSET + 12), INSET - 4, INSET - 4)
