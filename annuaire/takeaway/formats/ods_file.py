"""ODS in two sheets: what was searched and from which sources, then the table."""

from collections.abc import Iterable, Iterator
from typing import IO

from stream_write_ods import stream_write_ods

from annuaire.cells import plain
from annuaire.takeaway.formats.covering import cover_rows
from annuaire.takeaway.tables import Cell, Cover, Row, Table


def write_ods(out: IO[bytes], cover: Cover, table: Table) -> None:
    """Streamed: no part of the document is held whole. Texts are typed as texts."""
    title, *lines = (tuple(plain(text) for text in texts) for texts in cover_rows(cover))
    sheets = (
        ("Recherche", title, lines),
        (table.name, [column.heading for column in table.columns], _cells(table.rows)),
    )
    for chunk in stream_write_ods(sheets):
        out.write(chunk)


def _cells(rows: Iterable[Row]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [plain(cell) if isinstance(cell, str) else cell for cell in row.cells]
