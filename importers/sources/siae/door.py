"""One door for the files of SIAE: the content tells the form."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.structures.records import StructureRecord
from importers.files.lines import iter_lines
from importers.files.sheets import is_workbook
from importers.rows import Row, UnreadableFile
from importers.sources.siae.asp import is_flux
from importers.sources.siae.geiq import read_geiq
from importers.sources.siae.online import read_online
from importers.sources.siae.reader import read as read_marche


def read(path: Path) -> Iterator[Row[StructureRecord]]:
    """The structures of a CSV of le marché, of JSON of les emplois or of data.inclusion, or of
    FFGEIQ's workbook; streamed.

    Raises UnreadableFile for anything else, and for one file alone of the ASP's pair.
    """
    if is_workbook(path):
        return read_geiq(path)
    lines = iter_lines(path)
    first = next((line.data for line in lines if line.data.strip()), b"")
    lines.close()
    if first.lstrip()[:1] in (b"{", b"["):
        return read_online(path)
    if is_flux(path):
        raise UnreadableFile(
            f"{path.name} : le flux IAE de l'ASP se lit par deux ; donnez les fichiers "
            "« Structure » et « AnnexeFinanciere » ensemble."
        )
    return read_marche(path)
