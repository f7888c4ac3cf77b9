"""The several places of a need, each of which could be a lot of its own; pure."""

import re
from typing import Final
from unicodedata import normalize

from annuaire.advising.rules import rules
from annuaire.geo.distance import distance_km
from annuaire.geo.names import name_key
from annuaire.matching.need import Need
from annuaire.matching.spots import Spot

MOST_NAMED: Final = 6  # places named in a sentence
#: Several places that a text counts without naming them: « 12 sites », « plusieurs écoles ». Read
#: in the text as typed, with its accents or without, since it is quoted.
_SITES = re.compile(
    r"\b(?:(?:[2-9]|[1-9]\d{1,2}|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|"
    r"plusieurs|diff[ée]rente?s|divers|diverses)\s+(?:sites|implantations|[ée]tablissements|"
    r"[ée]coles|coll[èe]ges|lyc[ée]es|r[ée]sidences|secteurs|quartiers|communes|agences|antennes)\b|"
    r"multi-?sites?\b)",
    re.IGNORECASE,
)


def places_of(need: Need) -> str:
    """The several places that the words of a need name, as a sentence lists them: communes further
    from one another than the nearest distance of the rules, or sites that they count; empty when
    they name one."""
    near, said = rules().bands_km[0], name_key(need.text)
    kept: list[Spot] = []
    for spot in need.spots:
        far = all(distance_km(spot.lat, spot.lon, k.lat, k.lon) > near for k in kept)
        if far and name_key(spot.label) in said:
            kept.append(spot)
    if len(kept) > 1:
        more = "…" if len(kept) > MOST_NAMED else ""
        return ", ".join(spot.label for spot in kept[:MOST_NAMED]) + more
    told = _SITES.search(normalize("NFC", need.text))
    return f"« {' '.join(told.group().split())} »" if told else ""
