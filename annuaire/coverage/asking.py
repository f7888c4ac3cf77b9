"""What a user asks of the page of gaps, checked: nothing is raised, what cannot be used is said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from annuaire.activities.taxonomy import taxonomy
from annuaire.geo.gazetteer import gazetteer
from annuaire.structures.kinds import FAMILIES
from search.filters import InputError

RADII_KM = (10, 25, 50, 100)
DEFAULT_RADIUS_KM = 50
_KNOWN: dict[str, tuple[Callable[[str], bool], str]] = {
    "activite": (lambda v: taxonomy().get(v) is not None, "Activité"),
    "famille": (FAMILIES.__contains__, "Famille"),
    "departement": (lambda v: gazetteer().departement(v) is not None, "Département"),
}
KEYS = (*_KNOWN, "rayon")


@dataclass(frozen=True, slots=True)
class Asked:
    """An activity (leaf or group; "" for none yet), a radius in km, a family of statuses and a
    département ("" for all)."""

    activity: str
    radius_km: int
    family: str
    departement: str
    errors: tuple[InputError, ...]


def read(values: Mapping[str, Sequence[str]]) -> Asked:
    """Check a query string (key → values)."""
    errors = [
        InputError("", f"Le réglage « {key[:40]} » n'existe pas.")
        for key in values
        if key not in KEYS
    ]
    given = {key: (values.get(key) or ("",))[0].strip() for key in KEYS}
    for key, (known, name) in _KNOWN.items():
        if given[key] and not known(given[key]):
            errors.append(
                InputError(key, f"{name} : la valeur « {given[key][:40]} » n'existe pas.")
            )
            given[key] = ""
    radius = DEFAULT_RADIUS_KM
    if given["rayon"]:
        if given["rayon"] in map(str, RADII_KM):
            radius = int(given["rayon"])
        else:
            choices = ", ".join(map(str, RADII_KM))
            errors.append(InputError("rayon", f"Rayons possibles, en km : {choices}."))
    return Asked(given["activite"], radius, given["famille"], given["departement"], tuple(errors))
