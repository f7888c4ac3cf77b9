"""FINESS, the national register of health and social establishments: its ESAT and its EA."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.structures.records import StructureRecord
from importers.rows import Row, Source
from importers.sources.esat.download import DOWNLOAD
from importers.sources.esat.reader import read

__all__ = ["DOWNLOAD", "EA_SOURCE", "SOURCE", "read", "read_ea"]

_PUBLISHER = "Agence du numérique en santé (ANS), ministère chargé de la Santé"
_LICENCE = "Licence Ouverte 2.0 (la page du jeu de données le dit ; son API dit ODbL)"
_ADDRESS = "https://www.data.gouv.fr/datasets/finess-structures-1"
_FORMATS = ("json.gz", "csv")

SOURCE = Source(
    name="esat",
    title="Établissements et services d'accompagnement par le travail (FINESS, catégorie 246)",
    publisher=_PUBLISHER,
    licence=_LICENCE,
    address=_ADDRESS,
    frequency="quotidienne",
    formats=_FORMATS,
    minimum_rows=1200,
    may_lose=0.05,
)

EA_SOURCE = Source(
    name="ea_finess",
    title="Entreprises adaptées connues de FINESS (catégorie 247, liste ancienne et incomplète)",
    publisher=_PUBLISHER,
    licence=_LICENCE,
    address=_ADDRESS,
    frequency="quotidienne",
    formats=_FORMATS,
    minimum_rows=100,
    may_lose=0.1,
)


def read_ea(path: Path) -> Iterator[Row[StructureRecord]]:
    """The EA of the same files, as `read` gives the ESAT."""
    return read(path, ("247",))
