"""Département codes as files and people write them."""

import re
from functools import cache

from annuaire.geo.names import commune_key, name_key
from annuaire.geo.store import gazetteer

# FINESS: code of an overseas département on two characters.
_FINESS = {
    "9A": "971",
    "9B": "972",
    "9C": "973",
    "9D": "974",
    "9E": "975",
    "9F": "976",
    "9J": "986",
}
# Three first digits of the postcodes that no commune has: CEDEX of Corsica and La Réunion (978).
_CEDEX_PREFIXES = {
    "200": "2A",
    "201": "2A",
    "203": "2A",
    "207": "2A",
    "202": "2B",
    "204": "2B",
    "206": "2B",
    "978": "974",
}
_CODE = re.compile(r"^(?:0*(\d{1,3})|0?(2[AB]|9[A-FJ]))(?=$|[\s(:–-])", re.IGNORECASE)


def normalise_departement(text: str, postcode: str | None = None) -> str | None:
    """The code of a département written « 3 », « 059 », « 2a », « 59 - Nord », « Nord » or « 9D ».

    « 20 » is Corsica before 1976: the postcode tells which half. None when nothing fits.
    """
    text = text.strip()
    match = _CODE.match(text)
    if not match:
        return _by_name().get(name_key(text))
    digits, letters = match.groups()
    code = digits.zfill(2) if digits else letters.upper()
    if code == "20":
        return departement_of_postcode(postcode) if postcode else None
    code = _FINESS.get(code, code)
    return code if gazetteer().departement(code) else None


def departement_of_postcode(postcode: str, city: str | None = None) -> str | None:
    """The département of a postcode, CEDEX included; `city` decides when it straddles two.

    Most specific first: the city among the communes of the postcode, the postcode's most populated
    commune, then the first digits (CEDEX). None for a code that is not French, or Corsican CEDEX
    prefixes that tell nothing.
    """
    postcode = postcode.strip()
    if not (postcode.isascii() and postcode.isdigit() and len(postcode) == 5):
        return None
    key = commune_key(city) if city else ""
    served = gazetteer().communes_by_postcode(postcode)
    if served:
        named = {c.code for c in gazetteer().communes_named(key)} if key else set()
        return next((c.departement for c in served if c.code in named), served[0].departement)
    return _departement_of_cedex(postcode, key)


def _departement_of_cedex(postcode: str, city_key: str) -> str | None:
    length = 3 if postcode.startswith(("97", "98")) else 2
    if length == 3 or postcode.startswith("20"):
        candidates = (
            {c.departement for c in gazetteer().communes_named(city_key)} if city_key else ()
        )
        near = [d for d in candidates if d[:2] == postcode[:2] or d in ("2A", "2B")]
        if len(near) == 1:
            return near[0]
        prefix = postcode[:3]
        code = _CEDEX_PREFIXES.get(prefix, prefix)
    else:
        code = postcode[:length]
    return code if gazetteer().departement(code) else None


def departement_label(code: str) -> str | None:
    """« Nord (59) », or None for an unknown code."""
    found = gazetteer().departement(code)
    return f"{found.name} ({found.code})" if found else None


@cache
def _by_name() -> dict[str, str]:
    return {name_key(d.name): d.code for d in gazetteer().departements}
