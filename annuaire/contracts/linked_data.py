"""A contract in schema.org's words, for those who read pages by program."""

from typing import Any

from annuaire.contracts.models import Buyer, Contract
from annuaire.contracts.presenting import buyer_url, departement_name
from annuaire.contracts.reading import closing_day


def json_ld(contract: Contract, public_url: str) -> dict[str, Any]:
    """The contract as what its buyer seeks (a Demand). What is unknown is left out."""
    page = f"{public_url}/marches/{contract.reference}"
    closes = closing_day(contract.deadline, contract.expires_on)
    places = [
        {"@type": "AdministrativeArea", "name": departement_name(code)}
        for code in contract.departements
    ]
    demand = {
        "@type": "Demand",
        "@id": page,
        "mainEntityOfPage": page,
        "url": page,
        "name": contract.title,
        "identifier": contract.reference,
        "availabilityStarts": contract.published_on.isoformat(),
        "availabilityEnds": closes.isoformat() if closes else None,
        "areaServed": places,
        "itemOffered": [{"@type": "Service", "name": lot.title} for lot in contract.standing_lots],
        "sameAs": [notice.url for notice in contract.notices if notice.url],
    }
    return {
        "@context": "https://schema.org",
        **organization(contract.buyer, public_url),
        "seeks": {name: value for name, value in demand.items() if value not in (None, [])},
    }


def organization(buyer: Buyer, public_url: str) -> dict[str, Any]:
    """A buyer as an organisation."""
    address = {
        "@type": "PostalAddress",
        "postalCode": buyer.postcode,
        "addressLocality": buyer.city,
        "addressCountry": "FR",
    }
    data = {
        "@type": "GovernmentOrganization",
        "@id": public_url + buyer_url(buyer.key),
        "name": buyer.name,
        "identifier": buyer.siret,
        "address": {name: value for name, value in address.items() if value},
    }
    return {name: value for name, value in data.items() if value}
