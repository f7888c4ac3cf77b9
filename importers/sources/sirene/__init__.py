"""Sirene, the register of companies (INSEE): state, activity, size and place of establishments."""

from importers.sources.sirene.download import DOWNLOAD
from importers.sources.sirene.reader import read

__all__ = ["DOWNLOAD", "read"]
