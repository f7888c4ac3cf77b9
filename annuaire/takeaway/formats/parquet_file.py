"""Parquet, by groups of rows: an extra, whose library is asked for only here."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from importlib.util import find_spec
from itertools import islice
from typing import IO, Any, Final

from annuaire.takeaway.tables import Cell, Column, Cover, Row, Table

GROUP: Final = 5_000  # rows held at a time
#: Columns of numbers and of days, in every table; the others are texts.
NUMBERS: Final = frozenset({"latitude", "longitude", "distance_km", "heures", "montant_ht", "lots"})
DAYS: Final = frozenset({"modifiee_le", "sortie_le", "publie_le", "reponse_avant"})


def can_write_parquet() -> bool:
    """Whether the library is there: `pip install "annuaire[parquet]"`."""
    return find_spec("pyarrow") is not None


def write_parquet(out: IO[bytes], _cover: Cover, table: Table) -> None:
    """The table, typed, its columns by their `key`."""
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    kinds = {
        column.key: pyarrow.float64()
        if column.key in NUMBERS
        else pyarrow.date32()
        if column.key in DAYS
        else pyarrow.string()
        for column in table.columns
    }
    schema = pyarrow.schema(list(kinds.items()))
    rows = iter(table.rows)
    with ParquetWriter(out, schema, compression="zstd") as writer:
        while group := list(islice(rows, GROUP)):
            arrays = [
                pyarrow.array(list(_cells(group, at, column)), type=kinds[column.key])
                for at, column in enumerate(table.columns)
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))


def _cells(rows: Sequence[Row], at: int, column: Column) -> Iterator[Any]:
    for row in rows:
        cell = row.cells[at]
        if cell is None or (column.key in NUMBERS | DAYS):
            yield _number(cell) if column.key in NUMBERS else cell
        else:
            yield _text(cell)


def _number(cell: Cell) -> float | None:
    return None if cell is None else float(cell)  # type: ignore[arg-type]  # a number, by its column


def _text(cell: Cell) -> str:
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell)
