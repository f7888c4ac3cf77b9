"""The commune in an address typed freely: « 12 rue de la Paix, 59000 Lille » is around Lille."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from annuaire.geo.communes import find_commune
from annuaire.geo.gazetteer import gazetteer
from annuaire.geo.geocoder import Geocoded
from annuaire.geo.names import name_key
from annuaire.geo.outlines import check_coordinates
from annuaire.geo.place_index import Place, place_index
from annuaire.geo.places import MAX_TEXT_LENGTH, locate, near_names
from annuaire.geo.store import data_bytes
from annuaire.geo.typed_point import NoPoint, is_point, read_point

LEAST_SCORE = 0.6  # of the address base, under which the centre of the commune is surer
MAX_NAME_WORDS = 6
#: What is said of a place that cannot be told, and of one that no name is near; {} holds what was
#: typed.
_UNKNOWN = "Lieu inconnu : « {} »."
_EXPECTED = (
    "Essayez un nom de commune, un code postal, un département ou une région ; une adresse finit "
    "par sa commune."
)
_POSTCODE = re.compile(r"\b(\d{5})\b")
_LINKS = frozenset({"de", "du", "des", "d", "la", "le", "les", "l", "et", "sur", "sous", "en"})
_NUMBER = re.compile(r"^\d{1,4}(?: ?(?:bis|ter|quater|[a-d]))?$")


@dataclass(frozen=True, slots=True)
class Located:
    """The place that a text names; `note` says in French how near to it, when it is not exact or
    was looked up."""

    place: Place
    note: str | None = None


@cache
def _ways() -> frozenset[str]:
    """Kinds of way, in full and abbreviated, as `name_key` writes them."""
    return frozenset(data_bytes("ways.txt").decode().split())


Finder = Callable[[str], Located | None]


def find_place(text: str) -> Located | None:
    """The place of a text, without any network: what `locate` knows, or the commune of an
    address, which the note then says."""
    if is_point(text):
        try:
            return Located(*read_point(text))
        except NoPoint:
            return None
    place = locate(text)
    if place:
        return Located(place)
    commune = commune_of_address(text)
    if commune is None:
        return None
    return Located(
        commune,
        f"L'adresse n'est pas située précisément : recherche autour du centre de {commune.label}.",
    )


def unknown_place(text: str) -> str:
    """What is said of a text for which `find_place` knows no place: the names that it is near
    (« Vouliez-vous dire Bordeaux (33) ? »), else what can be typed."""
    if is_point(text):
        try:
            read_point(text)
        except NoPoint as error:
            return str(error)
    near = near_names(text)
    said = f"Vouliez-vous dire {' ou '.join(p.label for p in near)} ?" if near else _EXPECTED
    return f"{_UNKNOWN.format(text[:60])} {said}"


def exact_place(text: str, found: Geocoded) -> Located | None:
    """The point of an address as the address base gives it; None when it cannot be right: unsure,
    or outside the commune that the text names."""
    commune = commune_of_address(text)
    if commune is None or found.precision == "commune" or found.score < LEAST_SCORE:
        return None
    theirs = gazetteer().commune(found.code_insee) if found.code_insee else None
    if theirs is None or theirs.departement not in commune.departements:
        return None
    if commune.kind == "commune" and not _same_town(commune.code, theirs.code):
        return None
    if check_coordinates(found.lat, found.lon, theirs.departement):
        return None
    label = found.label or text.strip()
    place = Place("address", theirs.code, label, found.lat, found.lon, (theirs.departement,))
    return Located(place, f"Adresse située par la Base adresse nationale : {label}.")


def _same_town(one: str, other: str) -> bool:
    places = gazetteer()
    towns = [(c.city or c.code) if (c := places.commune(code)) else code for code in (one, other)]
    return towns[0] == towns[1]


def commune_of_address(text: str) -> Place | None:
    """The commune (or the postcode's, when its name is unknown) at the end of what looks like an
    address: a number or a kind of way, then a postcode or a commune. None otherwise."""
    text = text[:MAX_TEXT_LENGTH].strip()
    if not _looks_like_address(text):
        return None
    for match in reversed(list(_POSTCODE.finditer(text))):
        if match.start() == 0:
            continue
        if place := _with_postcode(match[1], text[: match.start()], text[match.end() :]):
            return place
    return _by_last_words(text)


def _looks_like_address(text: str) -> bool:
    words = name_key(text).split()
    return len(words) >= 3 and bool(_NUMBER.match(words[0]) or not _ways().isdisjoint(words[:3]))


def _with_postcode(postcode: str, before: str, after: str) -> Place | None:
    """The commune named after the postcode, or before it; else the postcode itself."""
    for name in (after.strip(" ,;"), before.rstrip(" ,;").rpartition(",")[2], *_endings(before)):
        commune = find_commune(name, postcode) if name.strip() else None
        if commune and (postcode in commune.postcodes or name is after.strip(" ,;")):
            return place_index().place_of(f"commune:{gazetteer().precise(commune, postcode).code}")
    return place_index().place_of(f"postcode:{postcode}")


def _by_last_words(text: str) -> Place | None:
    """« 12 rue de la Paix, Lille », « 12 rue de la Paix Lille »; never « rue de Lille »."""
    last = text.rpartition(",")[2].strip()
    if last != text and (place := _commune(last)):
        return place
    return next((place for name in _endings(text) if (place := _commune(name))), None)


def _endings(text: str) -> Iterator[str]:
    """The last words of a text that may be a name, the longest first: not after « rue de »."""
    words = name_key(text).split()
    for size in range(min(MAX_NAME_WORDS, len(words) - 2), 0, -1):
        before, first = words[-size - 1], words[-size]
        if before not in _LINKS and before not in _ways() and not first.isdigit():
            yield " ".join(words[-size:])


def _commune(name: str) -> Place | None:
    place = locate(name)
    return place if place and place.kind == "commune" else None
