"""What documents of structures and contracts are both made of."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from annuaire.activities.taxonomy import taxonomy
from annuaire.geo.gazetteer import gazetteer
from search.engine import Document


def groups_of(codes: Iterable[str]) -> tuple[str, ...]:
    """The groups of activities, each once."""
    known = taxonomy()
    return tuple(dict.fromkeys(g for code in codes if (g := known.group_of(code))))


@lru_cache(maxsize=50_000)
def place_words(departement: str | None, code_insee: str | None) -> tuple[str, ...]:
    """The names of what a place is in: département, région, intercommunalités."""
    places = gazetteer()
    words: list[str] = []
    if departement and (found := places.departement(departement)):
        words.append(found.name)
        if region := places.region(found.region):
            words.append(region.name)
    words += [epci.name for siren in epcis_of(code_insee) if (epci := places.epci(siren))]
    return tuple(words)


def region_of(departement: str | None) -> str | None:
    """The code of the région of a département."""
    found = gazetteer().departement(departement) if departement else None
    return found.region if found else None


def epcis_of(code_insee: str | None) -> list[str]:
    """The intercommunalités of a commune: in Grand Paris, the Métropole and its territory."""
    commune = gazetteer().commune(code_insee) if code_insee else None
    return [siren for siren in (commune.epci, commune.ept) if siren] if commune else []


def without_unknown(document: dict[str, Any]) -> Document:
    """A document with what is known alone."""
    return {name: value for name, value in document.items() if value is not None}
