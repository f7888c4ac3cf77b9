"""Where a contract stands, as far as its notices say: a commune, else a département."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from annuaire.contracts.models import Contract
from annuaire.geo.gazetteer import Commune, find_commune, gazetteer
from annuaire.geo.places import locate

COMMUNE: Final = "commune"
DEPARTEMENT: Final = "departement"


@dataclass(frozen=True, slots=True)
class Standing:
    """`lat`, `lon` (WGS84 degrees) are the centre of what `precision` says; None for all when the
    notices tell no place, or several départements."""

    code_insee: str | None = None
    precision: str | None = None
    lat: float | None = None
    lon: float | None = None


def standing(contract: Contract) -> Standing:
    """The centre of the commune, else of the only département."""
    commune = _commune_of(contract)
    if commune and (centre := gazetteer().centre_of(commune, contract.buyer.postcode)):
        return Standing(commune.code, COMMUNE, *centre)
    code = commune.code if commune else None
    if len(contract.departements) == 1 and (centre := _centre(contract.departements[0])):
        return Standing(code, DEPARTEMENT, *centre)
    return Standing(code)


def _commune_of(contract: Contract) -> Commune | None:
    """Where it is done, when all lots say one commune; else the buyer's, when it is among the
    départements of the notice: a ministry buys for the whole country."""
    named = {(lot.city, lot.departement) for lot in contract.standing_lots if lot.city}
    if len(named) == 1 and (found := _commune(*named.pop())):
        return found
    buyer = contract.buyer
    found = _commune(buyer.city, buyer.departement, buyer.postcode)
    elsewhere = contract.departements and found and found.departement not in contract.departements
    return None if elsewhere else found


@lru_cache(maxsize=200)
def _centre(departement: str) -> tuple[float, float] | None:
    place = locate(f"departement:{departement}")
    if place is None or place.lat is None or place.lon is None:
        return None
    return place.lat, place.lon


@lru_cache(maxsize=50_000)
def _commune(
    city: str | None, departement: str | None, postcode: str | None = None
) -> Commune | None:
    return find_commune(city, postcode=postcode, departement=departement) if city else None
