"""A correction that a person gives, read as strictly as a row: what is in doubt is refused, as the
person is there to correct it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from annuaire.errors import InvalidInputError
from annuaire.geo.gazetteer import departement_of_postcode
from importers.files.contacts import read_email, read_phone
from importers.files.fields import Warnings, clean, read_text, read_website, shown
from importers.places import read_coded_place
from importers.rows import InvalidRow

Reader = Callable[[str, str, Warnings], str | None]

LIMITS: Final = {
    "name": 255, "brand": 255, "legal_form": 100, "employees_range": 60, "description": 5_000,
}  # fmt: skip
MAX_ADDRESS: Final = 255
_READERS: Final[dict[str, tuple[Reader, str]]] = {
    "phone": (read_phone, "n'est pas un numéro de téléphone français"),
    "email": (read_email, "n'est pas une adresse électronique"),
    "website": (read_website, "n'est pas l'adresse d'un site web (https://…)"),
}
_ADDRESS: Final = ("address", "postcode", "city")


def read_edit(given: Mapping[str, str], current: Mapping[str, Any]) -> dict[str, Any]:
    """The corrected values, ready to be stored. `current` holds the address shown now, which
    completes one whose street alone changes: its point is then the commune's centre.

    Raises InvalidInputError, with its field, for a value that an import would warn of or refuse.
    """
    values = {name: _read(name, value) for name, value in given.items() if name not in _ADDRESS}
    if any(name in given for name in _ADDRESS):
        values |= _read_place(given, current)
    return values


def _read(name: str, value: str) -> str:
    if not clean(value):
        raise InvalidInputError(
            f"« {name} » est vide. Pour ne plus montrer un champ : annuaire hide.", name
        )
    warnings: Warnings = []
    if name in _READERS:
        reader, expected = _READERS[name]
        found = reader(value, name, warnings)
        if warnings or not found:
            raise InvalidInputError(f"« {name} » : {shown(value)} {expected}.", name)
        return found
    limit = LIMITS.get(name, MAX_ADDRESS)
    found = read_text(value, name, limit, warnings)
    if warnings or not found:
        raise InvalidInputError(f"« {name} » dépasse {limit} caractères.", name)
    return found


def _read_place(given: Mapping[str, str], current: Mapping[str, Any]) -> dict[str, Any]:
    """Postcode and commune are given together, or neither: half an address is nobody's."""
    if ("postcode" in given) != ("city" in given):
        raise InvalidInputError("Donnez le code postal et la commune ensemble.", "postcode")
    cells = {name: given.get(name, str(current.get(name) or "")) for name in _ADDRESS}
    if len(clean(cells["address"])) > MAX_ADDRESS:
        raise InvalidInputError(f"« address » dépasse {MAX_ADDRESS} caractères.", "address")
    warnings: Warnings = []
    try:
        place = read_coded_place(warnings, **cells)
    except InvalidRow as unknown:
        raise InvalidInputError(_no_commune(cells), "city") from unknown
    there = departement_of_postcode(place.postcode or "", place.city)
    if warnings or not place.code_insee or there != place.departement:
        raise InvalidInputError(_no_commune(cells), "city")
    return {
        "address": place.address,
        "postcode": place.postcode,
        "city": place.city,
        "code_insee": place.code_insee,
        "departement": place.departement,
        "lat": place.lat,
        "lon": place.lon,
        "geo_precision": place.precision,
    }


def _no_commune(cells: Mapping[str, str]) -> str:
    return (
        f"Aucune commune {shown(cells['city'])} n'a le code postal {shown(cells['postcode'])} : "
        "vérifiez les deux."
    )
