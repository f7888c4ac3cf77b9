"""Every place a person may type, built once: communes, EPCI, départements, régions, postcodes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from annuaire.geo.names import name_key, without_article
from annuaire.geo.records import Commune
from annuaire.geo.store import gazetteer

PlaceKind = Literal["commune", "postcode", "epci", "departement", "region", "address", "point"]
# People look for a town more often than for the EPCI around it, which is more populated.
_EPCI_WEIGHT = 0.3
KINDS: tuple[PlaceKind, ...] = get_args(PlaceKind)


@dataclass(frozen=True, slots=True)
class Place:
    """A place to search around or within.

    `code` is INSEE's, a postcode or a SIREN by `kind`; an arrondissement of Paris, Lyon or
    Marseille is a commune; a point is « 48.8566,2.3522 ». `lat`, `lon` (WGS84) are the
    centre, weighted by population for a territory, None where the gazetteer knows none.
    `departements` are those it touches.
    """

    kind: PlaceKind
    code: str
    label: str
    lat: float | None
    lon: float | None
    departements: tuple[str, ...]

    @property
    def token(self) -> str:
        """The stable name of the place in addresses: « commune:69123 »."""
        return f"{self.kind}:{self.code}"


@dataclass(frozen=True, slots=True)
class PlaceIndex:
    """Places, the most populated first, and the sorted beginnings of words that lead to them."""

    places: tuple[Place, ...]
    by_code: dict[str, dict[str, int]]  # by kind, then code
    by_key: dict[str, int]  # names and labels; the most populated place of a name
    words: list[str]  # sorted: each name from each of its words on
    owners: npt.NDArray[np.int32]  # the place of each entry of `words`
    whole: npt.NDArray[np.bool_]  # the entry is the whole name, its article apart
    by_initial: dict[str, tuple[list[str], list[int]]]  # whole names by first letter
    postcodes: list[str]  # sorted

    def place_of(self, token: str) -> Place | None:
        """The place of a token (« commune:69123 »)."""
        kind, _, code = token.partition(":")
        number = self.by_code.get(kind, {}).get(code)
        return None if number is None else self.places[number]


@cache
def place_index() -> PlaceIndex:
    """The index over the whole gazetteer, built at the first question."""
    found = sorted(_all_places(), key=lambda t: (-t[2], KINDS.index(t[0].kind), t[0].code))
    places = tuple(place for place, _, _ in found)
    keys = [key for _, key, _ in found]
    by_key: dict[str, int] = {}
    by_code: dict[str, dict[str, int]] = {}
    same: dict[str, str] = {}  # each name is held once, however often it is found again
    by_initial: dict[str, tuple[list[str], list[int]]] = {}
    entries: list[tuple[str, int, bool]] = []
    for number, (place, key) in enumerate(zip(places, keys, strict=True)):
        key = same.setdefault(key, key)
        by_key.setdefault(key, number)
        by_code.setdefault(place.kind, {})[place.code] = number
        if place.kind == "postcode":
            continue
        bare = without_article(key)
        bare = same.setdefault(bare, bare)
        for name in {key, bare}:
            names, numbers = by_initial.setdefault(name[0], ([], []))
            names.append(name)
            numbers.append(number)
        parts = key.split(" ")
        for n in range(len(parts)):
            start = " ".join(parts[n:])
            entries.append((same.setdefault(start, start), number, start in (key, bare)))
    for number, place in enumerate(places):
        by_key.setdefault(name_key(place.label), number)
        by_key.setdefault(without_article(keys[number]), number)
    entries.sort()
    return PlaceIndex(
        places=places,
        by_code=by_code,
        by_key=by_key,
        words=[entry[0] for entry in entries],
        owners=np.array([entry[1] for entry in entries], dtype=np.int32),
        whole=np.array([entry[2] for entry in entries], dtype=np.bool_),
        by_initial=by_initial,
        postcodes=sorted(place.code for place in places if place.kind == "postcode"),
    )


def _all_places() -> Iterator[tuple[Place, str, int]]:
    """Each place with the key of its name and its weight: its population, less for an EPCI."""
    alone = {d.code: (d.code,) for d in gazetteer().departements}
    for c in (*gazetteer().communes, *gazetteer().arrondissements):
        label = f"{c.name} ({c.departement})"
        place = Place("commune", c.code, label, c.lat, c.lon, alone[c.departement])
        yield place, name_key(c.name), c.population
    yield from _territories()
    yield from _postcodes()


def _territories() -> Iterator[tuple[Place, str, int]]:
    members: dict[tuple[PlaceKind, str], list[Commune]] = {}
    region_of = {d.code: d.region for d in gazetteer().departements}
    for c in gazetteer().communes:
        members.setdefault(("departement", c.departement), []).append(c)
        members.setdefault(("region", region_of[c.departement]), []).append(c)
        for siren in (c.epci, c.ept):
            if siren:
                members.setdefault(("epci", siren), []).append(c)
    named: list[tuple[PlaceKind, str, str, str]] = [
        *(("departement", d.code, d.name, d.code) for d in gazetteer().departements),
        *(("region", r.code, r.name, "région") for r in gazetteer().regions),
        *(("epci", e.siren, e.name, "intercommunalité") for e in gazetteer().epcis),
    ]
    for kind, code, name, hint in named:
        communes = members.get((kind, code), [])
        yield (
            _territory(kind, code, f"{name} ({hint})", communes),
            name_key(name),
            int(sum(c.population for c in communes) * (_EPCI_WEIGHT if kind == "epci" else 1)),
        )


def _postcodes() -> Iterator[tuple[Place, str, int]]:
    codes = {p for c in gazetteer().communes for p in c.postcodes}
    for code in sorted(codes):
        part = gazetteer().arrondissement_by_postcode(code)
        communes = (part,) if part else gazetteer().communes_by_postcode(code)
        others = len(communes) - 1
        more = f" et {others} autre{'s' if others > 1 else ''}" if others else ""
        place = _territory("postcode", code, f"{code} {communes[0].name}{more}", communes)
        yield place, code, sum(c.population for c in communes)


def _territory(kind: PlaceKind, code: str, label: str, communes: Iterable[Commune]) -> Place:
    """A place made of communes, its centre weighted by their population."""
    weight = lat = lon = 0.0
    departements: dict[str, None] = {}
    for c in communes:
        departements[c.departement] = None
        if c.lat is not None and c.lon is not None:
            share = max(c.population, 1)
            weight, lat, lon = weight + share, lat + share * c.lat, lon + share * c.lon
    touched = tuple(sorted(departements))
    if not weight:
        return Place(kind, code, label, None, None, touched)
    return Place(kind, code, label, round(lat / weight, 4), round(lon / weight, 4), touched)
