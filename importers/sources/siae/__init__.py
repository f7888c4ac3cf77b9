"""The directory of SIAE, GEIQ and EA in the CSV layout of le marché de l'inclusion."""

from importers.rows import Source
from importers.sources.siae.reader import read

__all__ = ["SOURCE", "read"]

SOURCE = Source(
    name="siae",
    title="Structures de l'insertion par l'activité économique",
    publisher="Plateforme de l'inclusion, d'après l'Agence de services et de paiement (ASP)",
    licence="Données publiques, Licence Ouverte 2.0 à confirmer par le producteur",
    address="https://lemarche.inclusion.gouv.fr",
    frequency="hebdomadaire",
    formats=("csv", "csv.gz", "zip"),
    minimum_rows=3000,
)
