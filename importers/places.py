"""Where a structure is: its département is sure, its point is checked or else its commune's."""

import re
from dataclasses import dataclass, replace

from annuaire.geo.gazetteer import (
    Commune,
    departement_of_postcode,
    find_commune,
    gazetteer,
    normalise_departement,
)
from annuaire.geo.outlines import check_coordinates
from importers.files.fields import Warnings, read_number, read_text, shown
from importers.files.tables import Cells
from importers.rows import InvalidRow, Warned

_POSTCODE = re.compile(r"^\d{5}$", re.ASCII)
_NUMBERED = re.compile(r"^\d")
_WRONG = {
    "zero": "sont nulles",
    "outside-france": "sont hors de France",
    "outside-departement": "sont hors du département",
    "swapped": "sont inversées (latitude et longitude)",
    "unreadable": "sont illisibles",
}


@dataclass(frozen=True, slots=True)
class Place:
    """An address with its point, WGS84 degrees, and how precise that point is."""

    address: str | None
    postcode: str | None
    city: str | None
    code_insee: str | None
    departement: str
    lat: float | None
    lon: float | None
    precision: str | None


def read_place(cells: Cells, warnings: Warnings) -> Place:
    """The place of a row. Raises InvalidRow when its département cannot be known."""
    address = read_text(cells.pop("address"), "address", 255, warnings)
    city = read_text(cells.pop("city"), "city", 100, warnings)
    postcode = _read_postcode(cells.pop("post_code"), warnings)
    departement = _read_departement(cells.pop("department"), postcode, city, warnings)
    commune = find_commune(city, postcode, departement) if city else None
    lat, lon = cells.pop("lat"), cells.pop("lon")
    point, problem = _read_point(lat, lon, departement)
    precision: str | None
    if point:
        numbered = address and _NUMBERED.match(address)
        precision = "number" if numbered else "street" if address else "commune"
    else:
        point = _centre(commune, postcode, departement)
        precision = "commune" if point else None
    if problem:
        end = "le centre de la commune est utilisé" if point else "la structure reste hors carte"
        message = f"Les coordonnées {shown(f'{lat} ; {lon}', 60)} {_WRONG[problem]} ; {end}."
        warnings.append(Warned("lat", "coordonnees", message))
    code = commune.code if commune else None
    y, x = point or (None, None)
    return Place(address, postcode, city, code, departement, y, x, precision)


def _centre(
    commune: Commune | None, postcode: str | None, departement: str
) -> tuple[float, float] | None:
    """The centre of the commune, or of the main one of the postcode when its name is unknown."""
    if commune:
        return gazetteer().centre_of(commune, postcode)
    served = gazetteer().communes_by_postcode(postcode or "")
    inside = [c for c in served if c.departement == departement]
    return gazetteer().centre_of(inside[0], postcode) if inside else None


def _read_postcode(value: str, warnings: Warnings) -> str | None:
    text = value.replace(" ", "").strip()
    postcode = text.zfill(5) if len(text) == 4 and text.isdigit() else text
    if _POSTCODE.match(postcode):
        if postcode != text:
            warnings.append(
                Warned(
                    "post_code", "code_postal", f"Le code postal {shown(value)} est lu {postcode}."
                )
            )
        return postcode
    if text:
        warnings.append(
            Warned(
                "post_code",
                "code_postal",
                f"Le code postal {shown(value)} n'a pas 5 chiffres, il est ignoré.",
            )
        )
    return None


def _read_departement(
    value: str, postcode: str | None, city: str | None, warnings: Warnings
) -> str:
    by_postcode = departement_of_postcode(postcode, city) if postcode else None
    departement = normalise_departement(value, postcode) if value.strip() else None
    if departement:
        if by_postcode in (None, departement):
            return departement
        kept = by_postcode if _only_there(city, postcode, departement) else departement
        message = (
            f"Le département {shown(value)} et le code postal {postcode} se contredisent ; "
            f"{kept} est gardé."
        )
        warnings.append(Warned("department", "departement", message))
        return kept
    found = by_postcode or _departement_of_city(city)
    if not found:
        raise InvalidRow(
            "department",
            "departement",
            f"Le département {shown(value)} est inconnu, et ni le code postal ni la commune ne "
            "le disent ; corrigez-le.",
        )
    warnings.append(
        Warned(
            "department",
            "departement",
            f"Le département {shown(value)} est inconnu ; {found} est déduit de l'adresse.",
        )
    )
    return found


def _only_there(city: str | None, postcode: str | None, departement: str) -> bool:
    """Whether the city is where the postcode says, and not in that département.

    So it is of Saint-Martin and Saint-Barthélemy, long written as 971.
    """
    return bool(
        city and find_commune(city, postcode) and not find_commune(city, departement=departement)
    )


def _departement_of_city(city: str | None) -> str | None:
    commune = find_commune(city) if city else None
    return commune.departement if commune else None


def _read_point(
    lat: str, lon: str, departement: str
) -> tuple[tuple[float, float] | None, str | None]:
    """The point of the row if it can be right, else what is wrong with it (a key of _WRONG)."""
    if not lat.strip() and not lon.strip():
        return None, None
    y, x = read_number(lat), read_number(lon)
    if y is None or x is None:
        return None, "unreadable"
    problem = check_coordinates(y, x, departement)
    if problem is None:
        return (y, x), None
    swapped = problem != "zero" and check_coordinates(x, y, departement) is None
    return None, "swapped" if swapped else problem


def read_coded_place(
    warnings: Warnings,
    *,
    address: str = "",
    postcode: str = "",
    city: str = "",
    code_insee: str = "",
    departement: str = "",
    lat: str = "",
    lon: str = "",
) -> Place:
    """The place of a row that may say its commune by INSEE code, which then names it.

    Raises InvalidRow when the département cannot be known.
    """
    commune = gazetteer().commune(code_insee.strip().zfill(5)) if code_insee.strip() else None
    if code_insee.strip() and not commune:
        message = f"Le code de commune {shown(code_insee)} est inconnu, il est ignoré."
        warnings.append(Warned("code_insee", "code_insee", message))
    cells = {
        "address": address,
        "post_code": postcode,
        "city": city if city.strip() or not commune else commune.name,
        "department": departement if departement.strip() or not commune else commune.departement,
        "lat": lat,
        "lon": lon,
    }
    said: Warnings = []
    place = read_place(cells, said)
    # A source without a column for the département is not warned of its absence.
    warnings += [w for w in said if w.code != "departement" or departement.strip()]
    if not commune or commune.departement != place.departement:
        return place
    point = gazetteer().centre_of(commune, place.postcode) if place.lat is None else None
    if point:
        place = replace(place, lat=point[0], lon=point[1], precision="commune")
    return replace(place, code_insee=commune.city or commune.code)
