"""The list of ESS France: which companies are of the social and solidarity economy."""

from importers.sources.ess_france.download import DOWNLOAD
from importers.sources.ess_france.reader import read

__all__ = ["DOWNLOAD", "read"]
