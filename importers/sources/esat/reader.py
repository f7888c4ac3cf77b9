"""One door for FINESS: the first character of the file tells its form."""

from collections.abc import Collection, Iterator
from pathlib import Path

from annuaire.structures.records import StructureRecord
from importers.files.blocks import beginning
from importers.rows import Row, UnreadableFile
from importers.sources.esat.legacy import read_legacy
from importers.sources.esat.plus import read_plus
from importers.sources.esat.record import KINDS, Reading

ESAT_ONLY = ("246",)


def read(path: Path, categories: Collection[str] = ESAT_ONLY) -> Iterator[Row[StructureRecord]]:
    """The open establishments of these FINESS categories (246 ESAT, 247 EA), streamed.

    Reads the legacy CSV (cs1100502, or cs1100507 with its points) and the FINESS+ JSON, plain,
    gzip or zip whatever the name. Other categories and closed establishments are skipped rows.
    Raises UnreadableFile when the file is neither or breaks on the way, ValueError for a
    category that is none of ours.
    """
    if unknown := set(categories) - set(KINDS):
        raise ValueError(f"unknown FINESS categories: {sorted(unknown)}")
    reading = Reading(frozenset(categories))
    head = beginning(path)[:11]
    if head.startswith(b"{"):
        return read_plus(path, reading)
    if head.lstrip(b'"').startswith((b"finess;", b"structureet")):
        return read_legacy(path, reading)
    raise UnreadableFile(
        f"{path.name} : ce n'est ni l'extraction CSV de FINESS (dont la première ligne commence "
        "par « finess;etalab »), ni le fichier JSON finess-structures."
    )
