"""The place of an establishment in an answer: one line of address, a commune, a point."""

import re

from importers.files.fields import Warnings, clean, read_number
from importers.rows import InvalidRow, Warned
from importers.sources.esat.address import is_numbered
from importers.sources.esat.place import Given, Place, locate, read_locality
from importers.sources.recherche_entreprises.values import Json, text

# « 19 RUE DE LA POSTE 31700 CORNEBARRIEU »: the street is what comes before the postcode.
_STREET = re.compile(r"^(.*\S)\s+\d{5}\s+\D.*$", re.ASCII)


def read_place(establishment: Json, warnings: Warnings) -> Place | None:
    """The place; None abroad, without an address, or where its commune cannot be told (warned)."""
    code, postcode, city = (
        text(establishment.get(name)) for name in ("commune", "code_postal", "libelle_commune")
    )
    if text(establishment.get("code_pays_etranger")) or not (code or postcode or city):
        return None
    try:
        locality = read_locality(code, city, postcode, "", ("commune", "libelle_commune"), warnings)
    except InvalidRow as unknown:  # the state of the establishment is worth more than its place
        warnings.append(Warned(unknown.field, unknown.code, unknown.message))
        return None
    match = _STREET.match(clean(text(establishment.get("adresse"))[:500]))
    street = match[1] if match else None
    return locate(locality, street, _point(establishment, is_numbered(street)), warnings)


def _point(establishment: Json, numbered: bool) -> Given | None:
    """The point of INSEE's geocoding, degrees written as texts."""
    lat, lon = (text(establishment.get(name)) for name in ("latitude", "longitude"))
    if not lat and not lon:
        return None
    y, x = read_number(lat), read_number(lon)
    candidates = [(y, x)] if y is not None and x is not None else []
    return Given(f"{lat} ; {lon}", "latitude", candidates, "number" if numbered else "street")
