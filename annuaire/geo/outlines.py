"""Outlines of the départements, and the check of coordinates against their boxes."""

import math
from functools import cache

from annuaire.geo.records import Departement
from annuaire.geo.store import data_bytes, gazetteer

BOX_MARGIN_DEGREES = 0.05  # about 5 km: addresses at sea, in ports, on bridges
_NEAR_ZERO_DEGREES = 0.001


@cache
def outlines_geojson() -> bytes:
    """A GeoJSON FeatureCollection of the départements, property `code`, borders simplified."""
    return data_bytes("departements.geojson")


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
