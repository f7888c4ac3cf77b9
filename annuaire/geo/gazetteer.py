"""The front door of the gazetteer: records, look-ups by code, and the readers of addresses."""

from annuaire.geo.communes import find_commune
from annuaire.geo.departements import (
    departement_label,
    departement_of_postcode,
    normalise_departement,
)
from annuaire.geo.records import Commune, Departement, Epci, Region
from annuaire.geo.store import Gazetteer, gazetteer

__all__ = [
    "Commune",
    "Departement",
    "Epci",
    "Gazetteer",
    "Region",
    "departement_label",
    "departement_of_postcode",
    "find_commune",
    "gazetteer",
    "normalise_departement",
]
