"""Notices of the Official Journal of the European Union (TED) of French buyers, in eForms."""

from importers.sources.ted.download import DOWNLOAD
from importers.sources.ted.reader import read

__all__ = ["DOWNLOAD", "read"]
