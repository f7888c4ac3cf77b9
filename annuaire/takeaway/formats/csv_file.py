"""CSV as French Excel reads it: UTF-8 with its mark, semicolons, decimal commas."""

import csv
import io
from datetime import date
from typing import IO

from annuaire.cells import harmless
from annuaire.takeaway.tables import Cell, Cover, Table


def write_csv(out: IO[bytes], _cover: Cover, table: Table) -> None:
    """The table alone, its header first: a program reads it without knowing us."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    try:
        writer = csv.writer(text, delimiter=";")
        writer.writerow([column.heading for column in table.columns])
        for row in table.rows:
            writer.writerow([_text(cell) for cell in row.cells])
    finally:
        text.detach()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace(".", ",")
