"""From what a person types to a place: suggestions while typing, and one place at the end."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from annuaire.geo.communes import arrondissement_named, find_commune
from annuaire.geo.departements import normalise_departement
from annuaire.geo.gazetteer import gazetteer
from annuaire.geo.names import commune_key, name_key, without_article
from annuaire.geo.place_index import Place, PlaceKind, place_index

__all__ = ["Place", "PlaceKind", "locate", "near_names", "suggest_places"]

MAX_TEXT_LENGTH = 100
_LAST = "\uffff"  # sorts after every word
_TYPO_MIN_LENGTH = 4
_TWO_TYPOS_MIN_LENGTH = 8
_NAMED_ALONE = ("commune", "departement", "region")  # kinds whose name is typed as it stands
_NEAR = 3  # names proposed for one that is misspelt
_WITH_POSTCODE = re.compile(r"^(?:(\d{5})\b(.*)|(.*?)\b(\d{5}))$", re.DOTALL)
_EPCI_WORDS = {
    "cc": "communaute de communes",
    "ca": "communaute d agglomeration",
    "cu": "communaute urbaine",
}


def suggest_places(text: str, limit: int = 8) -> list[Place]:
    """Places that begin like the text, the likeliest first, small typing errors forgiven.

    Digits suggest départements and postcodes; words suggest communes, départements, régions and
    EPCI: the whole name first, then its beginning, then an inner word, then misspelt names, each
    by population.
    """
    text = text[:MAX_TEXT_LENGTH].strip()
    key = name_key(text)
    if not key or limit < 1:
        return []
    exact = locate(text)
    found = _by_code(key) if key[0].isdigit() else _by_words(key, limit)
    ranked = [exact, *found] if exact else found
    return list(islice(_once(ranked), limit))


def locate(text: str) -> Place | None:
    """The place that a text names: token, postcode, département, INSEE code, name, label.

    « Lyon », « lyon 3e », « 69003 », « 69 », « Nord », « Bretagne », « Métropole de Lyon »,
    « St-Denis (93) », « 93200 Saint-Denis », « commune:69123 ». Of places with one name the most
    populated is taken. None when nothing has that name: misspelt names are for `suggest_places`.
    """
    text = text[:MAX_TEXT_LENGTH].strip()
    if place := place_index().place_of(text):
        return place
    key = commune_key(text)
    if not key:
        return None
    token = _code_token(text)
    coded = place_index().place_of(token) if token else None
    return coded or _named(key) or _with_postcode(text)


def shown(text: str) -> str:
    """The code of a place (« commune:69123 ») as its label where that leads back to it: « Mayenne
    (53) » is two places. Any other text as it is."""
    place = locate(text)
    if place is None or place.token != text.strip() or locate(place.label) != place:
        return text
    return place.label


def near_names(text: str) -> list[Place]:
    """The communes, départements and regions whose whole name is one error from a misspelt text
    (two in a long one), same first letter, the most populated first: « lion » is near Lyon."""
    key = commune_key(text[:MAX_TEXT_LENGTH].strip())
    if len(key) < _TYPO_MIN_LENGTH:
        return []
    index = place_index()
    names, numbers = index.by_initial.get(key[0], ([], []))
    near = process.extract(
        key, names, scorer=OSA.distance, score_cutoff=_errors_in(key), limit=None
    )
    nearest = sorted((int(distance), numbers[position]) for _, distance, position in near)
    found = (index.places[number] for _, number in nearest)
    return list(islice(_once(p for p in found if p.kind in _NAMED_ALONE), _NEAR))


def _errors_in(key: str) -> int:
    """How many typing errors are forgiven in a text."""
    return 2 if len(key) >= _TWO_TYPOS_MIN_LENGTH else 1


def _code_token(text: str) -> str | None:
    """The token of a postcode, a SIREN, an INSEE code or a département's code."""
    code = text.replace(" ", "").upper()
    if not re.fullmatch(r"[0-9][0-9AB]?[0-9]*", code):
        return None
    for token in (f"postcode:{code}", f"epci:{code}"):
        if place_index().place_of(token):
            return token
    if len(code) == 5:
        commune = gazetteer().commune(code)
        return f"commune:{commune.code}" if commune else None
    departement = normalise_departement(code)
    return f"departement:{departement}" if departement else None


def _named(key: str) -> Place | None:
    index = place_index()
    if part := arrondissement_named(key):
        return place_index().place_of(f"commune:{part.code}")
    first, _, rest = key.partition(" ")
    for name in (key, f"{_EPCI_WORDS.get(first, first)} {rest}", without_article(key)):
        number = index.by_key.get(name)
        if number is not None:
            return index.places[number]
    former = gazetteer().communes_formerly_named(key)
    return place_index().place_of(f"commune:{former[0].code}") if former else None


def _with_postcode(text: str) -> Place | None:
    """« 93200 Saint-Denis », « Lyon 69003 »: the commune, or the arrondissement of the postcode."""
    match = _WITH_POSTCODE.match(text)
    if not match:
        return None
    postcode, name = match[1] or match[4], match[2] or match[3] or ""
    commune = find_commune(name, postcode)
    if not commune:
        return None
    return place_index().place_of(f"commune:{gazetteer().precise(commune, postcode).code}")


def _by_code(key: str) -> list[Place]:
    """Postcodes that begin with these digits, the most populated first."""
    index = place_index()
    digits = key.split(" ")[0]
    low, high = (bisect_left(index.postcodes, bound) for bound in (digits, digits + _LAST))
    by_code = index.by_code["postcode"]
    numbers = [by_code[code] for code in index.postcodes[low:high]]
    return [index.places[number] for number in sorted(numbers)]


def _by_words(key: str, limit: int) -> list[Place]:
    index = place_index()
    low, high = (bisect_left(index.words, bound) for bound in (key, key + _LAST))
    numbers = index.owners[low:high]
    # Numbers follow population: the smallest are the most populated.
    rank = np.where(index.whole[low:high], numbers, numbers + len(index.places))
    best = np.sort(np.unique(rank)[: 2 * limit]) % len(index.places)
    found = [index.places[number] for number in best.tolist()]
    return found if len(found) >= limit else [*found, *_misspelt(key, limit)]


def _misspelt(key: str, limit: int) -> list[Place]:
    """Names whose beginning is one error away (two in a long text), same first letter."""
    index = place_index()
    if len(key) < _TYPO_MIN_LENGTH:
        return []
    names, numbers = index.by_initial.get(key[0], ([], []))
    errors = _errors_in(key)
    scored: dict[int, int] = {}
    for length in (len(key), len(key) + 1):
        starts = [name[:length] for name in names]
        near = process.extract(key, starts, scorer=OSA.distance, score_cutoff=errors, limit=None)
        for _, distance, position in near:
            known = scored.get(numbers[position], errors)
            scored[numbers[position]] = min(int(distance), known)
    best = sorted(scored, key=lambda number: (scored[number], number))
    return [index.places[number] for number in best[:limit]]


def _once(places: Iterable[Place]) -> Iterator[Place]:
    """Each territory once: Paris is not both a commune and a département."""
    seen: set[tuple[str, tuple[str, ...]] | str] = set()
    for place in places:
        name = place.label.rpartition(" (")[0]
        same_ground = (name, place.departements)
        alike = same_ground in seen and place.kind in ("departement", "region")
        if place.token not in seen and not alike:
            seen |= {place.token, same_ground}
            yield place
