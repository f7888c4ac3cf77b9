"""Public notices of the BOAMP: the archive of 2019-2021 and the records of today's API."""

from importers.rows import Source
from importers.sources.boamp.download import DOWNLOAD
from importers.sources.boamp.reader import read

__all__ = ["DOWNLOAD", "SOURCE", "read"]

SOURCE = Source(
    name="boamp",
    title="Bulletin officiel des annonces des marchés publics (BOAMP)",
    publisher="Direction de l'information légale et administrative (DILA)",
    licence="Licence Ouverte 2.0",
    address="https://boamp-datadila.opendatasoft.com/explore/dataset/boamp/",
    frequency="quotidienne",
    formats=("csv.gz", "jsonl", "json"),
    minimum_rows=1,
)
