"""The départements as SVG paths, drawn once: the mainland, and the overseas ones in insets."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from annuaire.geo.gazetteer import gazetteer
from annuaire.geo.outlines import outlines_geojson

WIDTH, HEIGHT = 620, 510  # of the drawing, in its own units
INSET = 78
_MAINLAND = (41.2, -5.3, 51.2, 9.7)  # south, west, north, east in WGS84 degrees
_MAIN_WIDTH = WIDTH - INSET - 10
_LEAST = 2.5  # units between two points that are kept

Ring = list[tuple[float, float]]


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
    features = json.loads(outlines_geojson())["features"]
    overseas = [f for f in features if len(f["properties"]["code"]) == 3]
    found = []
    for feature in features:
        code = feature["properties"]["code"]
        rings = list(_rings(feature["geometry"]))
        if feature in overseas:
            place = _inset(rings, overseas.index(feature))
        else:
            place = _Frame(_MAINLAND, INSET + 10, 0, _MAIN_WIDTH, HEIGHT)
        departement = gazetteer().departement(code)
        found.append(Shape(code, departement.name if departement else code, _path(rings, place)))
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
        return round(x, 1), round(self.y + (self.north - lat) * self.scale, 1)


def _inset(rings: Iterable[Ring], rank: int) -> _Frame:
    lons = [lon for ring in rings for lon, _ in ring]
    lats = [lat for ring in rings for _, lat in ring]
    box = (min(lats), min(lons), max(lats), max(lons))
    return _Frame(box, 2, 2 + rank * (INSET + 12), INSET - 4, INSET - 4)


def _rings(geometry: dict[str, list[list[Ring]]]) -> Iterator[Ring]:
    for polygon in geometry["coordinates"]:
        yield polygon[0]  # holes are enclaves of a neighbour, drawn over by it


def _path(rings: Iterable[Ring], place: _Frame) -> str:
    parts = []
    for ring in rings:
        points: Ring = []
        for lon, lat in ring:
            x, y = place.put(lon, lat)
            # A nearer point can hardly be seen, and weighs on every page.
            if not points or abs(x - points[-1][0]) + abs(y - points[-1][1]) >= _LEAST:
                points.append((x, y))
        if len(points) > 2:
            parts.append("M" + " ".join(f"{x:g},{y:g}" for x, y in points) + "Z")
    return "".join(parts)
