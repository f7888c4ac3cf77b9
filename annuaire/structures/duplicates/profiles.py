"""A structure as it is compared with others: names, address and contacts made comparable; pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from stdnum.fr import siret as siret_number

from annuaire.company_names import name_key
from annuaire.geo.names import name_key as words_key

#: What street names are called for short, in full.
_WAYS: Final = {
    "r": "rue", "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard",
    "blvd": "boulevard", "pl": "place", "rte": "route", "ch": "chemin", "che": "chemin",
    "chem": "chemin", "all": "allee", "imp": "impasse", "crs": "cours", "sq": "square",
    "fg": "faubourg", "za": "zone artisanale", "zi": "zone industrielle", "zac": "zone",
    "dr": "docteur", "gal": "general", "mal": "marechal", "b": "bis", "t": "ter",
}  # fmt: skip
_LINKS: Final = frozenset(("de", "du", "des", "d", "l", "la", "le", "les", "a"))
_BOX = re.compile(r"\b(?:b ?p|cs|tsa|cedex)\b ?\d*")
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_SPLIT_REPEAT = re.compile(r"\b(\d+)(bis|ter|quater|b|t)\b")
#: Sites on which many organisations have a page: the host tells nothing, the page does.
_SHARED_HOSTS: Final = ("facebook.", "linkedin.", "instagram.", "google.", "wordpress.", "wix")


@dataclass(frozen=True, slots=True)
class Raw:
    """What the register says of a structure, as it stands."""

    id: int
    key: str
    siret: str | None
    name: str
    brand: str | None
    address: str | None
    postcode: str | None
    city: str | None
    code_insee: str | None
    departement: str | None
    lat: float | None
    lon: float | None
    precise: bool
    phone: str | None
    email: str | None
    website: str | None
    ended_on: date | None
    kinds: frozenset[str] = frozenset()
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A structure with what is compared of it; "" or an empty set for what is unknown."""

    raw: Raw
    siren: str
    valid: bool  # whether the SIRET's checksum is right; true without a SIRET
    names: tuple[tuple[str, str], ...]  # (key, name as written)
    words: frozenset[str]
    address: str
    numbered: bool
    phone: str
    email: str
    site: str


def profile(raw: Raw) -> Profile:
    """Make a structure comparable."""
    address = address_key(raw.address or "")
    names = _names((raw.name, raw.brand))
    return Profile(
        raw=raw,
        siren=raw.siret[:9] if raw.siret else raw.key.partition("siren:")[2],
        valid=raw.siret is None or siret_number.is_valid(raw.siret),
        names=names,
        words=frozenset(word for key, _ in names for word in key.split() if len(word) > 2),
        address=address,
        numbered=address[:1].isdigit(),
        phone=raw.phone or "",
        email=(raw.email or "").lower(),
        site=site_key(raw.website or ""),
    )


def address_key(address: str) -> str:
    """« 12bis, Av. du Gal Leclerc - BP 21 » and « 12 bis avenue du Général Leclerc » are one.

    Begins with the number where there is one, even after the name of a building.
    """
    plain = words_key(_INITIALS.sub(lambda found: found[0].replace(".", "") + " ", address))
    words = _SPLIT_REPEAT.sub(r"\1 \2", _BOX.sub(" ", plain)).split()
    full = " ".join(_WAYS.get(word, word) for word in words).split()
    kept = [word for word in full if word not in _LINKS]
    start = next((at for at, word in enumerate(kept[:-1]) if word.isdigit() and len(word) < 5), 0)
    return " ".join(kept[start:])


def site_key(website: str) -> str:
    """The host of a site without « www. »; with its path where many share the host."""
    try:
        parts = urlsplit(website if "//" in website else f"//{website}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if "." not in host:
        return ""
    shared = any(name in host for name in _SHARED_HOSTS)
    return f"{host}{parts.path.rstrip('/').lower()}" if shared else host


def _names(names: Iterable[str | None]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for name in filter(None, names):
        if key := name_key(name):
            found.setdefault(key, name)
    return tuple(found.items())
