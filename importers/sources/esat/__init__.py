"""FINESS, the national register of health and social establishments: its ESAT and its EA."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.structures.records import StructureRecord
from importers.rows import Row
from importers.sources.esat.download import DOWNLOAD
from importers.sources.esat.reader import read

__all__ = ["DOWNLOAD", "read", "read_ea"]


def read_ea(path: Path) -> Iterator[Row[StructureRecord]]:
    """The EA of the same files, as `read` gives the ESAT."""
    return read(path, ("247",))
