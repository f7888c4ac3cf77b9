"""Whether two sources say the same of a field, once written alike; pure.

Case, accents, spaces, punctuation, « St » for « Saint », a scheme or a final slash are ways of
writing, not facts.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from annuaire.geo.distance import distance_km
from annuaire.geo.names import commune_key, name_key

APART_KM: Final = 1.0  # two exact points nearer than that are one place
EXACT: Final = frozenset({"number", "street"})


def alike(field: str, one: Any, other: Any) -> bool:
    """Whether two values of a field are one fact."""
    return bool(one == other or written(field, one) == written(field, other))


def written(field: str, value: Any) -> str:
    """A value in the one spelling that comparisons use."""
    return _written(field, str(value))


@lru_cache(maxsize=20_000)
def _written(field: str, value: str) -> str:
    return _SPELLING.get(field, name_key)(value)


def said_of(field: str, data: dict[str, Any]) -> Any:
    """What a record says of a field, None for nothing. The record of a company, placed on one of
    its establishments (`service.on_establishments`), does not name the establishment."""
    if field == "name" and data.get("siren") and data.get("siret"):
        return None
    return data.get(field)


def same_place(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two records put the structure at one place, as far as their points are exact."""
    if one.get("geo_precision") not in EXACT or other.get("geo_precision") not in EXACT:
        return True
    return distance_km(one["lat"], one["lon"], other["lat"], other["lon"]) <= APART_KM


def _phone(value: str) -> str:
    """The nine digits after the 0 or the country's code."""
    return re.sub(r"\D", "", value)[-9:]


def _website(value: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?", "", value.strip().lower()).rstrip("/")


def _code(value: str) -> str:
    return re.sub(r"[\s.]", "", value).upper()


_SPELLING: Final[dict[str, Callable[[str], str]]] = {
    "phone": _phone,
    "website": _website,
    "email": lambda value: value.strip().lower(),
    "city": commune_key,
    "naf": _code,
    "postcode": _code,
    "finess": _code,
}
