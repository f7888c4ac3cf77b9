"""The commune behind the words of an address."""

import re

from rapidfuzz import fuzz, process

from annuaire.geo.departements import departement_of_postcode, normalise_departement
from annuaire.geo.names import commune_key
from annuaire.geo.records import Commune
from annuaire.geo.store import gazetteer

_ARRONDISSEMENT_PREFIX = {"paris": "751", "lyon": "6938", "marseille": "132"}
_ARRONDISSEMENT = re.compile(
    r"^(paris|lyon|marseille) 0?(\d{1,2}) ?(?:er|ere|e|eme|ieme|nd|nde)?"
    r"(?: arr| arrdt| arrondissement)?$"
)
# Similarity (0 to 100) that a misspelt name needs within its postcode, or its département.
_WITHIN_POSTCODE = 85
_WITHIN_DEPARTEMENT = 93


def arrondissement_named(key: str) -> Commune | None:
    """The arrondissement of « lyon 3e », « paris 12 eme arrondissement », « marseille 08 »."""
    match = _ARRONDISSEMENT.match(key)
    if not match:
        return None
    prefix = _ARRONDISSEMENT_PREFIX[match[1]]
    return gazetteer().commune(prefix + match[2].zfill(5 - len(prefix)))


def find_commune(
    name: str, postcode: str | None = None, departement: str | None = None
) -> Commune | None:
    """The commune that an address names, or None rather than a guess between homonyms.

    The postcode (CEDEX too) and the département choose between homonyms and contradict wrong ones;
    a postcode that another commune of the same département has is forgiven. « Lyon 3e » is the
    arrondissement, « Lyon » with 69003 is Lyon: `Gazetteer.centre_of` takes the postcode. Merged
    communes give today's. A misspelt name is looked for within its postcode, then département.
    """
    key = commune_key(name)
    if not key:
        return None
    code = _territory(postcode, departement, name)
    if part := arrondissement_named(key):
        return part if code in (None, part.departement) else None
    for found in (gazetteer().communes_named(key), gazetteer().communes_formerly_named(key)):
        if inside := [c for c in found if code in (None, c.departement)]:
            return _only(inside, postcode)
    return _closest(key, postcode, code)


def _territory(postcode: str | None, departement: str | None, city: str) -> str | None:
    if departement and (code := normalise_departement(departement, postcode)):
        return code
    return departement_of_postcode(postcode, city) if postcode else None


def _only(inside: list[Commune], postcode: str | None) -> Commune | None:
    """The one that the postcode serves, or the only one; None when several remain."""
    served = [c for c in inside if postcode and postcode.strip() in c.postcodes]
    kept = served or inside
    return kept[0] if len(kept) == 1 else None


def _closest(key: str, postcode: str | None, departement: str | None) -> Commune | None:
    places = gazetteer()
    pools = (
        (places.communes_by_postcode(postcode or ""), _WITHIN_POSTCODE),
        (places.communes_of_departement(departement or ""), _WITHIN_DEPARTEMENT),
    )
    for pool, cutoff in pools:
        kept = [c for c in pool if departement in (None, c.departement)]
        names = [commune_key(c.name) for c in kept]
        best = process.extract(key, names, scorer=fuzz.ratio, score_cutoff=cutoff, limit=2)
        if len(best) == 1 or (len(best) == 2 and best[0][1] > best[1][1]):
            return kept[best[0][2]]
    return None
