"""A point as a place: « point:48.85,2.35 » in addresses, « zone de la carte (48.85 ; 2.35) »
in the box of a form (annuaire/static/js/map.js, search.js)."""

import math
import re

from annuaire.geo.place_index import Place
from annuaire.geo.reach import commune_near

PREFIX = "point:"
WORDS = "zone de la carte"
FAR_KM = 25.0  # from the centre of the nearest commune: at sea, or abroad
TOO_FAR_KM = 300.0  # no radius reaches France from there
_NUMBERS = re.compile(r"\(?\s*([^;,()]*)\s*[;,]\s*([^;,()]*)\s*\)?")


class NoPoint(ValueError):  # noqa: N818
    """A point that cannot be searched around; the message says why, in French."""


def is_point(text: str) -> bool:
    """Whether a text means to be a point, a right one or not."""
    return text.strip().lower().startswith((PREFIX, f"{WORDS} ("))


def in_words(place: Place) -> str:
    """The point as the box of a form shows it; `read_point` reads it again."""
    return f"{WORDS} ({place.lat:.10g} ; {place.lon:.10g})"


def read_point(text: str) -> tuple[Place, str | None]:
    """The place of a text for which `is_point` holds, and what is to be said of it.

    Latitude then longitude, WGS84 degrees, kept to 4 decimals (11 m). Raises NoPoint.
    """
    lat, lon = _coordinates(text)
    commune, away = commune_near(lat, lon)
    if away > TOO_FAR_KM:
        raise NoPoint(
            f"Ce point est trop loin de la France : {commune.name} ({commune.departement}), la "
            f"commune la plus proche, est à {away:.0f} km. Ramenez la carte sur la France, ou "
            "donnez une commune."
        )
    place = Place("point", f"{lat:.10g},{lon:.10g}", WORDS, lat, lon, (commune.departement,))
    if away <= FAR_KM:
        return place, None
    return place, (
        f"Le centre de cette zone est en mer ou hors de France : {commune.name} "
        f"({commune.departement}), la commune la plus proche, en est à {away:.0f} km."
    )


def _coordinates(text: str) -> tuple[float, float]:
    text = text.strip().lower()
    given = text.removeprefix(PREFIX).removeprefix(WORDS).strip()
    match = _NUMBERS.fullmatch(given)
    try:
        lat, lon = (round(float(part), 4) for part in match.groups()) if match else (math.nan,) * 2
    except ValueError:
        lat = lon = math.nan
    # The comparisons are false for what is no number.
    if -90 <= lat <= 90 and -180 <= lon <= 180:
        return lat + 0.0, lon + 0.0  # never « -0 »
    raise NoPoint(
        f"Point impossible : « {text[:60]} ». Donnez une latitude de -90 à 90 et une longitude de "
        "-180 à 180, en degrés, comme point:48.8566,2.3522."
    )
