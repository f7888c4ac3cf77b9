"""A structure in schema.org's words, for those who read pages by program."""

from collections.abc import Sequence
from typing import Any

from annuaire.activities.taxonomy import taxonomy
from annuaire.structures.models import Structure
from annuaire.wording import lien_web

REGISTER = "https://annuaire-entreprises.data.gouv.fr"


def register_url(structure: Structure) -> str | None:
    """The page of the establishment in the State's register of companies."""
    return f"{REGISTER}/etablissement/{structure.siret}" if structure.siret else None


def company_url(structure: Structure) -> str | None:
    """The page of the company, by its SIREN, in the State's register."""
    siren = structure.siren or structure.key.removeprefix("siren:")
    return f"{REGISTER}/entreprise/{siren}" if siren.isdigit() and len(siren) == 9 else None


def json_ld(structure: Structure, public_url: str, served: Sequence[str] = ()) -> dict[str, Any]:
    """The structure as an Organization and a LocalBusiness; `served` names the territories where
    it is known to have worked. What is unknown or hidden is left out."""
    page = f"{public_url}/structures/{structure.key}"
    website = lien_web(structure.website) or None
    known = taxonomy()
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": ["Organization", "LocalBusiness"],
        "@id": page,
        "mainEntityOfPage": page,
        "name": structure.shown_name,
        "legalName": structure.name,
        "description": structure.description,
        "url": website or page,
        "sameAs": [url for url in (website, register_url(structure)) if url],
        "telephone": structure.phone,
        "email": structure.email,
        "address": _address(structure),
        "geo": _geo(structure),
        "identifier": _identifiers(structure),
        "knowsAbout": [known.label(activity.code) for activity in structure.activities],
        "areaServed": [{"@type": "AdministrativeArea", "name": name} for name in served],
    }
    return {name: value for name, value in data.items() if value not in (None, [], {})}


def _address(structure: Structure) -> dict[str, Any]:
    parts = {
        "streetAddress": structure.address,
        "postalCode": structure.postcode,
        "addressLocality": structure.city,
    }
    known = {name: value for name, value in parts.items() if value}
    return {"@type": "PostalAddress", **known, "addressCountry": "FR"} if known else {}


def _geo(structure: Structure) -> dict[str, Any]:
    if structure.lat is None or structure.lon is None:
        return {}
    return {
        "@type": "GeoCoordinates",
        "latitude": round(structure.lat, 5),
        "longitude": round(structure.lon, 5),
    }


def _identifiers(structure: Structure) -> list[dict[str, str]]:
    numbers = {"SIRET": structure.siret, "SIREN": structure.siren, "FINESS": structure.finess}
    return [
        {"@type": "PropertyValue", "propertyID": name, "value": value}
        for name, value in numbers.items()
        if value
    ]
