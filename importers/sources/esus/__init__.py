"""Entreprises solidaires d'utilité sociale: the Treasury's list of agreements."""

from importers.rows import Source
from importers.sources.esus.download import DOWNLOAD
from importers.sources.esus.reader import read

__all__ = ["DOWNLOAD", "SOURCE", "read"]

SOURCE = Source(
    name="esus",
    title="Liste nationale des agréments « entreprise solidaire d'utilité sociale » (ESUS)",
    publisher="Direction générale du Trésor",
    licence="Données publiques, Licence Ouverte 2.0 à confirmer par le producteur",
    address=(
        "https://www.tresor.economie.gouv.fr/banque-assurance-finance/"
        "finance-sociale-et-solidaire/liste-nationale-agrements-esus"
    ),
    frequency="semestrielle",
    formats=("xlsx", "ods", "csv"),
    minimum_rows=1500,
    may_lose=0.3,
)
