"""Where a contract is carried out, from its code and the kind of code that it is."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from annuaire.geo.gazetteer import departement_of_postcode, gazetteer, normalise_departement
from annuaire.words import fold
from importers.files.fields import Warnings, shown
from importers.rows import Warned
from importers.sources.decp.values import flat, text

FIELD = "lieuExecution"


@dataclass(frozen=True, slots=True)
class Place:
    """`departements` are codes; `city` is known from the code of a commune alone."""

    departements: tuple[str, ...] = ()
    city: str | None = None


def read_place(node: Any, warnings: Warnings) -> Place:
    """The départements of a « lieuExecution »; of a whole région, all of its own; of a country,
    none. A code that leads nowhere is a warning."""
    told = next((value for value in flat(node) if isinstance(value, dict)), {})
    code, kind = text(told.get("code"), 20).upper(), fold(text(told.get("typeCode"), 40))
    if not code or "pays" in kind:
        return Place()
    place = _by_kind(code, kind)
    if not place.departements:
        message = f"Le lieu d'exécution {shown(code)} ({kind or 'sans type'}) est inconnu, ignoré."
        warnings.append(Warned(FIELD, "lieu", message))
    return place


@lru_cache(maxsize=50_000)
def _by_kind(code: str, kind: str) -> Place:
    known = gazetteer()
    if "commune" in kind and (commune := known.commune(code)):
        return Place((commune.departement,), commune.name)
    if "region" in kind:
        # A few put the code of a département, or of a région of before 2016, under this name.
        codes = tuple(d.code for d in known.departements_of_region(code.zfill(2)))
        return Place(codes)
    if "departement" in kind:
        return _one(normalise_departement(code))
    if "canton" in kind or "arrondissement" in kind:  # both begin with their département's
        return _one(normalise_departement(code[:3] if code.startswith("97") else code[:2]))
    if len(code) == 5:
        return _one(departement_of_postcode(code)) or _one(_of_commune(code))
    return _one(normalise_departement(code))


def _of_commune(code: str) -> str | None:
    commune = gazetteer().commune(code)
    return commune.departement if commune else None


def _one(code: str | None) -> Place:
    return Place((code,) if code else ())
