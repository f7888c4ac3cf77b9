"""What the readers of directories share: a row made a record, or why not, and no key twice."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from annuaire.structures.records import StructureRecord
from importers.files.fields import Warnings
from importers.rows import InvalidRow, Row, SkipRow, Warned

Transform = Callable[[Any, Warnings], StructureRecord]


def read_rows(
    rows: Iterable[Row[Any]], transform: Transform, repeats: str | None = "siret"
) -> Iterator[Row[StructureRecord]]:
    """Each row transformed, its warnings after those of the file.

    A key that came before gives a row without record, with a warning that names the column
    `repeats`; without a word when that is None, where the source rightly repeats itself.
    """
    seen: dict[str, int] = {}
    for row in rows:
        warnings = list(row.warnings)
        record: StructureRecord | None = None
        refusal = row.refusal
        try:
            record = transform(row.record, warnings) if row.record is not None else None
        except SkipRow:
            pass
        except InvalidRow as invalid:
            refusal = invalid
        if record and (first := seen.setdefault(record.source_key, row.number)) != row.number:
            warnings = [_repeated(record, first, repeats)] if repeats else []
            record = None
        yield Row(row.number, record, tuple(warnings), refusal)


def _repeated(record: StructureRecord, first: int, field: str) -> Warned:
    message = f"Le SIRET {record.siret} figure déjà à la ligne {first} avec le même type."
    return Warned(field, "doublon", message)
