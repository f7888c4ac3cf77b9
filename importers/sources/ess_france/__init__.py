"""The list of ESS France: which companies are of the social and solidarity economy."""

from importers.rows import Source
from importers.sources.ess_france.download import DOWNLOAD
from importers.sources.ess_france.reader import read

__all__ = ["DOWNLOAD", "SOURCE", "read"]

SOURCE = Source(
    name="ess_france",
    title="Liste des entreprises de l'économie sociale et solidaire (ESS)",
    publisher="ESS France",
    licence="Licence Ouverte 2.0",
    address="https://www.data.gouv.fr/datasets/646c8d45de96cc3428092c6b",
    frequency="annuelle",
    formats=("csv", "csv.gz", "zip"),
    minimum_rows=0,  # as many as the register holds
)
