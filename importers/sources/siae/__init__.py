"""The directory of SIAE: le marché's CSV, les emplois, data.inclusion, the ASP's pair, FFGEIQ."""

from importers.rows import Source
from importers.sources.siae.asp import read_pair
from importers.sources.siae.door import read
from importers.sources.siae.download import DOWNLOAD
from importers.sources.siae.geiq import read_geiq

__all__ = ["DOWNLOAD", "GEIQ_BY_HAND", "GEIQ_SOURCE", "SOURCE", "read", "read_geiq", "read_pair"]

SOURCE = Source(
    name="siae",
    title="Structures de l'insertion par l'activité économique",
    publisher="Plateforme de l'inclusion, d'après l'Agence de services et de paiement (ASP)",
    licence="Données publiques, Licence Ouverte 2.0 à confirmer par le producteur",
    address="https://lemarche.inclusion.gouv.fr",
    frequency="hebdomadaire",
    formats=("csv", "csv.gz", "zip", "json"),
    minimum_rows=3000,
    may_lose=0.1,
)

GEIQ_SOURCE = Source(
    name="geiq",
    title="Groupements d'employeurs pour l'insertion et la qualification labellisés",
    publisher="Fédération française des GEIQ (FFGEIQ)",
    licence="Liste transmise par la fédération, réutilisation à convenir avec elle",
    address="https://www.lesgeiq.fr",
    frequency="annuelle",
    formats=("xlsx", "ods", "csv"),
    minimum_rows=150,
    may_lose=0.15,
)

GEIQ_BY_HAND = (
    "La liste des GEIQ n'est pas publiée en fichier ouvert : demandez-la à la Fédération française "
    "des GEIQ (https://www.lesgeiq.fr), puis lancez « annuaire import geiq FICHIER »."
)
