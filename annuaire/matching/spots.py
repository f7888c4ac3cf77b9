"""Where a need stands: the communes that its words name, else the buyer's, else its territory."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annuaire.geo.communes import arrondissement_named, find_commune
from annuaire.geo.gazetteer import gazetteer
from annuaire.geo.names import name_key
from annuaire.geo.places import locate
from annuaire.geo.records import Commune
from annuaire.matching.lexicon import words as words_of

MOST_WORDS = 6  # the longest run of words tried as a commune's name
MOST_SPOTS = 12
MAX_TEXT = 2_000  # characters of a title or description read for places
CITIES_WITH_ARRONDISSEMENTS = {"75": "paris", "69": "lyon", "13": "marseille"}

_LINKS = frozenset({"de", "du", "des", "d", "l", "la", "le", "les"})
_LEADING_CODE = re.compile(r"(?<![\w-])(\d{2,3}|2[AB])(?=\)| ?[-–] ?[A-Za-zÀ-Ý])")
_ORDINAL = re.compile(r"\b(\d{1,2}) ?(?:er|e|eme|ieme)\b")


@dataclass(frozen=True, slots=True)
class Spot:
    """A point that a need names: its commune's code, its label and WGS84 degrees."""

    code: str
    label: str
    lat: float
    lon: float


def named_spots(text: str, departements: Sequence[str]) -> tuple[Spot, ...]:
    """The communes of these départements that a text names, in its order.

    « Lot 2 : Foix - Haute Ariège » in 09 gives Foix. A name in a street (« rue de Paris ») and a
    single common word (« Bois ») are left out; without a département nothing is sought.
    """
    words = name_key(text[:MAX_TEXT]).split()
    wanted = frozenset(departements)
    found: dict[str, Spot] = {}
    parts = tuple(_arrondissements(" ".join(words), wanted))
    cities = {part.city for part in parts}
    for commune in (*parts, *_communes(words, wanted)):
        spot = _spot(commune)
        if spot and commune.code not in cities and len(found) < MOST_SPOTS:
            found.setdefault(spot.code, spot)
    return tuple(found.values())


def named_departements(text: str, departements: Sequence[str]) -> tuple[str, ...]:
    """Those of several départements that a text names: « 37-Zone de Chinon », « dans le Gard »."""
    if len(departements) < 2:
        return tuple(departements)
    key = f" {name_key(text[:MAX_TEXT])} "
    codes = set(_LEADING_CODE.findall(text[:MAX_TEXT]))
    named = []
    for code in departements:
        known = gazetteer().departement(code)
        if code in codes or (known and f" {name_key(known.name)} " in key):
            named.append(code)
    return tuple(named) or tuple(departements)


def buyer_spot(
    name: str, city: str | None, postcode: str | None, departements: Sequence[str]
) -> Spot | None:
    """The commune where a buyer sits: by its city and postcode, else named in its name."""
    commune = find_commune(city, postcode) if city else None
    if commune is None and city and len(departements) == 1:
        commune = find_commune(city, departement=departements[0])
    if commune:
        centre = gazetteer().centre_of(commune, postcode)
        if centre:
            return Spot(commune.code, commune.name, *centre)
    spots = named_spots(name, departements)
    return spots[0] if spots else None


def territory_centre(departements: Sequence[str]) -> tuple[str, float, float] | None:
    """The label and centre (weighted by population) of the first département that has one."""
    for code in departements:
        place = locate(f"departement:{code}")
        if place and place.lat is not None and place.lon is not None:
            return place.label, place.lat, place.lon
    return None


def _arrondissements(key: str, departements: frozenset[str]) -> Iterable[Commune]:
    cities = [c for d, c in CITIES_WITH_ARRONDISSEMENTS.items() if d in departements]
    for number in _ORDINAL.findall(key) if cities and "arrondissement" in key else ():
        if part := arrondissement_named(f"{cities[0]} {number}"):
            yield part


def _communes(words: Sequence[str], departements: frozenset[str]) -> Iterable[Commune]:
    at = 0
    while at < len(words) and departements:
        length, commune = _longest(words, at, departements)
        if commune:
            yield commune
        at += length


def _longest(
    words: Sequence[str], at: int, departements: frozenset[str]
) -> tuple[int, Commune | None]:
    """The longest commune's name that begins at a word, and how many words to pass."""
    if words[at] in _LINKS and not (at + 1 < len(words) and words[at] in ("la", "le", "les", "l")):
        return 1, None
    for length in range(min(MOST_WORDS, len(words) - at), 0, -1):
        key = " ".join(words[at : at + length])
        if len(key) < 3 or not _may_be_name(words, at, length):
            continue
        inside = [c for c in gazetteer().communes_named(key) if c.departement in departements]
        if len(inside) == 1:
            return length, inside[0]
    return 1, None


def _may_be_name(words: Sequence[str], at: int, length: int) -> bool:
    own = [word for word in words[at : at + length] if word not in _LINKS]
    if not own or (len(own) == 1 and (own[0] in words_of("common_places") or own[0].isdigit())):
        return False
    before = at - 1
    while before >= 0 and words[before] in _LINKS:
        before -= 1
    return before < 0 or words[before] not in words_of("street_words")


def _spot(commune: Commune) -> Spot | None:
    if commune.lat is None or commune.lon is None:
        return None
    return Spot(commune.code, commune.name, commune.lat, commune.lon)
