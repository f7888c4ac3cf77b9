"""Notices of the Official Journal of the European Union (TED) of French buyers, in eForms."""

from importers.rows import Source
from importers.sources.ted.download import DOWNLOAD
from importers.sources.ted.reader import read

__all__ = ["DOWNLOAD", "SOURCE", "read"]

SOURCE = Source(
    name="ted",
    title="Journal officiel de l'Union européenne, marchés publics (TED)",
    publisher="Office des publications de l'Union européenne",
    licence="CC BY 4.0",
    address="https://ted.europa.eu/",
    frequency="quotidienne",
    formats=("xml", "zip"),
    minimum_rows=1,
)
