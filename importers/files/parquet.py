"""Rows of a Parquet file as a CSV table would give them; its library is asked for only here."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from importers.files.tables import Cells
from importers.rows import Row, UnreadableFile, Warned

MAGIC = b"PAR1"
BATCH = 5_000  # rows decoded at a time
MISSING = (
    "lire un fichier Parquet demande un complément : installez-le par "
    '« pip install "annuaire[parquet]" », ou prenez la même table au format CSV'
)


def is_parquet(path: Path) -> bool:
    """Whether the file is Parquet by its content, whatever its name."""
    try:
        with path.open("rb") as file:
            return file.read(4) == MAGIC
    except OSError:
        return False


def read_parquet(
    path: Path, required: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[Row[Cells]]:
    """The rows as cells by column, streamed; only the columns named are decoded, the others are
    said once. A missing value is an empty text, `number` counts rows from 1.

    Raises UnreadableFile without the library, without a required column, for a damaged file.
    """
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as e:
        raise UnreadableFile(f"{path.name} : {MISSING}.") from e
    try:
        with ParquetFile(path) as file:
            names = list(file.schema_arrow.names)
            missing = [name for name in required if name not in names]
            if missing:
                raise UnreadableFile(
                    f"{path.name} : il manque la ou les colonnes {', '.join(missing)}."
                )
            kept = [name for name in names if name in {*required, *optional}]
            first = tuple(_new(name) for name in names if name not in kept)
            number = 0
            for batch in file.iter_batches(BATCH, columns=kept):
                for values in batch.to_pylist():
                    number += 1
                    cells = {name: _cell(value) for name, value in values.items()}
                    yield Row(number, cells, first)
                    first = ()
    except (ArrowException, OSError, ValueError) as e:
        raise UnreadableFile(
            f"{path.name} : le fichier Parquet est abîmé ; ce qui précède a été lu. "
            "Téléchargez-le à nouveau."
        ) from e


def _new(name: str) -> Warned:
    message = f"La colonne « {name[:60]} » est inconnue, elle est ignorée."
    return Warned(name[:60], "colonne_nouvelle", message)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float | Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if value == value else ""
    if isinstance(value, list | tuple):
        return ", ".join(_cell(one) for one in value)
    return str(value)
