"""One door for the files of EA: the content tells the form, and opens the ASP's archive."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.structures.records import StructureRecord
from importers.files.lines import iter_lines
from importers.files.sheets import is_workbook
from importers.rows import Row
from importers.sources.ea.archive import is_archive, unpacked
from importers.sources.ea.ea2 import is_ea2, read_ea2
from importers.sources.ea.listing import read_region


def read(path: Path, password: str | None = None) -> Iterator[Row[StructureRecord]]:
    """The EA and EATT of the ASP's file (plain, or in its zip) or of a list, CSV or workbook.

    `password` is that of the ASP's archive. Raises UnreadableFile for anything else, for a wrong
    or missing password, or where the file breaks.
    """
    if is_workbook(path):
        yield from read_region(path)
    elif is_archive(path):
        with unpacked(path, password) as member:
            yield from _read_text(member)
    else:
        yield from _read_text(path)


def _read_text(path: Path) -> Iterator[Row[StructureRecord]]:
    lines = iter_lines(path)
    first = next((line.data for line in lines if line.data.strip()), b"")
    lines.close()
    return read_ea2(path) if is_ea2(first) else read_region(path)
