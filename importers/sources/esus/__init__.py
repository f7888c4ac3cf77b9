"""Entreprises solidaires d'utilité sociale: the Treasury's list of agreements."""

from importers.sources.esus.download import DOWNLOAD
from importers.sources.esus.reader import read

__all__ = ["DOWNLOAD", "read"]
