"""Public notices of the BOAMP: the archive of 2019-2021 and the records of today's API."""

from importers.sources.boamp.download import DOWNLOAD
from importers.sources.boamp.reader import read

__all__ = ["DOWNLOAD", "read"]
