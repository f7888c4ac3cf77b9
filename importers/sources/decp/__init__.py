"""Essential data of public contracts (DECP): who won what, for how much, under which clauses."""

from importers.rows import Source
from importers.sources.decp.download import DOWNLOAD
from importers.sources.decp.reader import read

__all__ = ["DOWNLOAD", "SOURCE", "read"]

SOURCE = Source(
    name="decp",
    title="Données essentielles de la commande publique (DECP)",
    publisher="Direction des affaires juridiques, ministères économiques et financiers",
    licence="Licence Ouverte 2.0",
    address=(
        "https://www.data.gouv.fr/datasets/"
        "donnees-essentielles-de-la-commande-publique-fichiers-consolides"
    ),
    frequency="quotidienne",
    formats=("json", "xml", "csv", "parquet"),
    minimum_rows=1,
)
