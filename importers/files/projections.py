"""Metres on the legal projections of French lands, as FINESS and Sirene give them, made degrees."""

import math
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproj import Transformer

_LAMBERT_93 = 2154
_UTM_ZONES = {
    (20, "N"): 5490,  # Antilles, RGAF09
    (21, "N"): 4467,  # Saint-Pierre-et-Miquelon, RGSPM06
    (22, "N"): 2972,  # Guyane, RGFG95
    (38, "S"): 4471,  # Mayotte, RGM04
    (40, "S"): 2975,  # La Réunion, RGR92
    (1, "S"): 32701,  # Wallis-et-Futuna, WGS84
}
_KNOWN = frozenset({_LAMBERT_93, 4559, 32621, *_UTM_ZONES.values()})
_OF_DEPARTEMENT = {
    "971": 5490,
    "972": 5490,
    "973": 2972,
    "974": 2975,
    "975": 4467,
    "976": 4471,
    "977": 5490,
    "978": 5490,
    "986": 32701,
}
_EPSG = re.compile(r"EPSG:\s*(\d{4,5})", re.IGNORECASE)
# « UTM Zone 20N », « WGS84/UTM 21N », and « UTM_N20 » of the older files
_UTM = re.compile(
    r"UTM[\s_]*(?:ZONE)?[\s_]*(?:([NS])0?(\d{1,2})|0?(\d{1,2})\s*([NS]))", re.IGNORECASE
)
_LAMBERT = re.compile(r"L(?:AMBERT)?[\s_-]?93", re.IGNORECASE)


def epsg_of(text: str) -> int | None:
    """The EPSG code of a projection as FINESS has named it over the years; None if unknown.

    >>> epsg_of("EPSG:5490 RGAF09/UTM Zone 20N (Antilles)"), epsg_of("UTM_S40"), epsg_of("L93")
    (5490, 2975, 2154)
    """
    if (match := _EPSG.search(text)) and int(match[1]) in _KNOWN:
        return int(match[1])
    if match := _UTM.search(text):
        zone = int(match[2] or match[3]), (match[1] or match[4]).upper()
        return _UTM_ZONES.get(zone)
    return _LAMBERT_93 if _LAMBERT.search(text) else None


def epsg_of_departement(departement: str) -> int:
    """The legal projection of a département's land (décret n° 2000-1276, article 1)."""
    return _OF_DEPARTEMENT.get(departement, _LAMBERT_93)


def to_degrees(epsg: int, east: float, north: float) -> tuple[float, float] | None:
    """(lat, lon) in WGS84 degrees of metres on a projection; None when they are off its plane."""
    lon, lat = _transformer(epsg).transform(east, north)
    return (lat, lon) if math.isfinite(lat) and math.isfinite(lon) else None


@cache
def _transformer(epsg: int) -> "Transformer":
    from pyproj import Transformer  # 0.2 s, only paid when a file has points

    return Transformer.from_crs(epsg, 4326, always_xy=True)
