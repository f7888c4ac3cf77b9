"""Sirene, the register of companies (INSEE): state, activity, size and place of establishments."""

from importers.rows import Source
from importers.sources.sirene.download import DOWNLOAD
from importers.sources.sirene.reader import read

__all__ = ["DOWNLOAD", "SOURCE", "read"]

SOURCE = Source(
    name="sirene",
    title="Base Sirene des établissements (StockEtablissement)",
    publisher="Institut national de la statistique et des études économiques (Insee)",
    licence="Licence Ouverte 2.0",
    address="https://www.data.gouv.fr/datasets/5b7ffc618b4c4169d30727e0",
    frequency="mensuelle",
    formats=("zip", "csv", "csv.gz"),
    minimum_rows=0,  # as many as the register holds
)
