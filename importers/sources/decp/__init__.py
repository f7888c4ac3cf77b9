"""Essential data of public contracts (DECP): who won what, for how much, under which clauses."""

from importers.sources.decp.download import DOWNLOAD
from importers.sources.decp.reader import read

__all__ = ["DOWNLOAD", "read"]
