"""Outlines of the départements, and the check of coordinates against their boxes."""

import json
import math
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from annuaire.geo.records import Departement
from annuaire.geo.store import data_bytes, gazetteer

BOX_MARGIN_DEGREES = 0.05  # about 5 km: addresses at sea, in ports, on bridges
_NEAR_ZERO_DEGREES = 0.001


@cache
def outlines_geojson() -> bytes:
    """A GeoJSON FeatureCollection of the départements, property `code`, borders simplified."""
    return data_bytes("departements.geojson")


Ring = list[tuple[float, float]]


@cache
def outline_rings() -> dict[str, list[Ring]]:
    """The rings of every département, (longitude, latitude) in WGS84 degrees, by code."""
    features: list[Any] = json.loads(outlines_geojson())["features"]
    return {
        feature["properties"]["code"]: [
            [(lon, lat) for lon, lat in ring]
            for polygon in feature["geometry"]["coordinates"]
            for ring in polygon
        ]
        for feature in features
    }


def svg_path(
    rings: Iterable[Ring], place: Callable[[float, float], tuple[float, float]], nearest: float
) -> str:
    """Rings as the `d` of an SVG path: `place` puts (longitude, latitude) into the drawing, where
    a point nearer than `nearest` to the one before is left out: it cannot be seen."""
    parts = []
    for ring in rings:
        kept: Ring = []
        for lon, lat in ring:
            x, y = place(lon, lat)
            if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= nearest:
                kept.append((x, y))
        if len(kept) > 2:
            parts.append("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in kept) + "Z")
    return "".join(parts)


def check_coordinates(lat: float, lon: float, departement: str | None) -> str | None:
    """What is wrong with WGS84 coordinates: "zero", "outside-france", "outside-departement".

    None when they can be right: within the box of the département (any box when it is None or
    unknown), give or take `BOX_MARGIN_DEGREES`.
    """
    if not (math.isfinite(lat) and math.isfinite(lon)):
        return "outside-france"
    if abs(lat) < _NEAR_ZERO_DEGREES and abs(lon) < _NEAR_ZERO_DEGREES:
        return "zero"
    if not any(_holds(d, lat, lon) for d in gazetteer().departements if d.code not in _EMPTY_LANDS):
        return "outside-france"
    expected = gazetteer().departement(departement) if departement else None
    return "outside-departement" if expected and not _holds(expected, lat, lon) else None


# Antarctic and desert islands: their box would take in half an ocean.
_EMPTY_LANDS = frozenset({"984", "989"})


def _holds(departement: Departement, lat: float, lon: float) -> bool:
    d, margin = departement, BOX_MARGIN_DEGREES
    return d.south - margin <= lat <= d.north + margin and d.west - margin <= lon <= d.east + margin
