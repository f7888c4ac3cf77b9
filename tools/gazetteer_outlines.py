"""Geometry for build_gazetteer: outlines of départements, their boxes, the point of a commune."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

Box = tuple[float, float, float, float]  # south, west, north, east, WGS84 degrees

GRID = 1e-5  # degrees, about one metre: communes' shared borders meet on it
GAP_WIDTH = 0.02  # degrees: narrower cracks between départements are closed
SMALLEST_ISLAND = 2e-4  # square degrees, about 2 km²
TOWN_HALL_SLACK = 0.01  # degrees, about 1 km: outlines are simplified
LLIVIA = shapely.Point(1.98, 42.465)  # the Spanish town inside Pyrénées-Orientales stays a hole


@dataclass(frozen=True, slots=True)
class CommuneShape:
    """Outline and town hall of a commune; `departement` is None for an arrondissement municipal."""

    departement: str | None
    outline: BaseGeometry | None
    town_hall: BaseGeometry | None


def town_point(shape: CommuneShape) -> tuple[float, float] | None:
    """(lat, lon) of the town hall, or of a point inside when the town hall is placed elsewhere."""
    point, outline = shape.town_hall, shape.outline
    if point is not None and point.is_empty:
        point = None
    misplaced = point is None or (outline and shapely.distance(point, outline) > TOWN_HALL_SLACK)
    if misplaced and outline is not None:
        point = outline.representative_point()
    if point is None:
        return None
    return round(float(shapely.get_y(point)), 4), round(float(shapely.get_x(point)), 4)


def boxes(shapes: Iterable[CommuneShape]) -> dict[str, Box]:
    """The box of each département, from the full outlines of its communes."""
    grouped = by_departement(shapes)
    found = {}
    for code, outlines in grouped.items():
        west, south, east, north = shapely.total_bounds(outlines)
        found[code] = tuple(round(float(v), 3) for v in (south, west, north, east))
    return found  # type: ignore[return-value]  # a tuple built from four values


def by_departement(shapes: Iterable[CommuneShape]) -> dict[str, list[BaseGeometry]]:
    grouped: dict[str, list[BaseGeometry]] = defaultdict(list)
    for shape in shapes:
        if shape.departement and shape.outline is not None:
            grouped[shape.departement].append(shape.outline)
    return dict(sorted(grouped.items()))


def departement_outlines(shapes: list[CommuneShape], limit_bytes: int) -> bytes:
    """GeoJSON of the départements, as fine as `limit_bytes` allows, borders drawn once for both."""
    grouped = by_departement(shapes)
    dissolved = [shapely.union_all(outlines, grid_size=GRID) for outlines in grouped.values()]
    clean = shapely.coverage_clean(dissolved, gap_width=GAP_WIDTH)
    whole = fill_holes(list(clean))
    for tolerance in np.arange(0.002, 0.1, 0.001):
        simple = shapely.coverage_simplify(whole, float(tolerance))
        kept = fill_holes([without_islets(outline) for outline in simple])
        data = as_geojson(dict(zip(grouped, kept, strict=True)))
        if len(data) <= limit_bytes:
            print(f"outlines: tolerance {tolerance:.3f} degrees, valid coverage before rounding:")
            print(f"  {shapely.coverage_is_valid(simple)}, {len(kept)} départements")
            return data
    raise ValueError(f"no tolerance brings the outlines under {limit_bytes} bytes")


def fill_holes(outlines: list[BaseGeometry]) -> list[BaseGeometry]:
    """Drop the holes that no other département fills: communes whose outline is missing."""
    tree = shapely.STRtree(outlines)
    filled = []
    for outline in outlines:
        parts = []
        for part in shapely.get_parts(outline):
            holes = [
                ring
                for ring in part.interiors
                if (hole := Polygon(ring)).contains(LLIVIA)
                or len(tree.query(hole.representative_point(), predicate="within"))
            ]
            parts.append(Polygon(part.exterior, holes))
        filled.append(shapely.multipolygons(parts))
    return filled


def without_islets(outline: BaseGeometry) -> BaseGeometry:
    """Leave out the smallest islands, never the largest part."""
    parts = sorted(shapely.get_parts(outline), key=shapely.area, reverse=True)
    kept = [parts[0], *(p for p in parts[1:] if p.area > SMALLEST_ISLAND)]
    return shapely.multipolygons(kept)


def as_geojson(outlines: dict[str, BaseGeometry]) -> bytes:
    """One feature per département, property `code`, three decimals (about 100 m)."""
    features = []
    for code, outline in outlines.items():
        polygons = [
            [rounded(ring.coords) for ring in (p.exterior, *p.interiors)]
            for p in shapely.get_parts(outline)
        ]
        geometry: dict[str, Any] = {"type": "MultiPolygon", "coordinates": polygons}
        features.append({"type": "Feature", "properties": {"code": code}, "geometry": geometry})
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, separators=(",", ":")).encode()


def rounded(coords: Iterable[tuple[float, ...]]) -> list[list[float]]:
    points: list[list[float]] = []
    for lon, lat, *_ in coords:
        point = [round(lon, 3), round(lat, 3)]
        if not points or points[-1] != point:
            points.append(point)
    return points
