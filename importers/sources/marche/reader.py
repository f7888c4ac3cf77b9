"""Reads what the API lists, saved as pages or as it comes: one object is one structure."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from annuaire.structures.records import Known, StructureRecord
from importers.files.fields import Warnings
from importers.files.json_items import iter_items
from importers.rows import InvalidRow, Row, SkipRow, Warned
from importers.sources.marche.record import transform


def read(path: Path, known: Known) -> Iterator[Row[StructureRecord]]:
    """The structures of saved pages. Raises UnreadableFile where the file stops being JSON."""
    return read_items(iter_items(path), known)


def read_items(items: Iterable[tuple[int, Any]], known: Known) -> Iterator[Row[StructureRecord]]:
    """A row for each object: known structures told more, EA and EATT granted their status.

    A structure that comes twice, as shifting pages have it, is passed over; so is a sector
    without an activity of ours, said once.
    """
    seen: set[str] = set()
    said: set[str] = set()
    for number, item in items:
        warnings: Warnings = []
        try:
            record = transform(item, known, warnings)
        except SkipRow:
            yield Row(number)
            continue
        except InvalidRow as refusal:
            yield Row(number, warnings=tuple(warnings), refusal=refusal)
            continue
        new = record.source_key not in seen
        seen.add(record.source_key)
        yield Row(number, record if new else None, tuple(_once(warnings, said)))


def _once(warnings: Warnings, said: set[str]) -> Iterator[Warned]:
    for warning in warnings:
        if warning.code != "secteur":
            yield warning
        elif warning.message not in said:
            said.add(warning.message)
            yield warning
