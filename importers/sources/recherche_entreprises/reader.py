"""Reads saved answers of the service, for a register that may not reach it."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.structures.records import Known, StructureRecord
from importers.files.fields import Warnings
from importers.files.json_items import iter_items
from importers.rows import InvalidRow, Row
from importers.sources.recherche_entreprises.results import of_result


def read(path: Path, known: Known) -> Iterator[Row[StructureRecord]]:
    """What pages of results say of known structures, each once; rows are counted by result.

    Raises UnreadableFile where the file stops being JSON.
    """
    seen: set[str] = set()
    for number, item in iter_items(path):
        warnings: Warnings = []
        try:
            records = of_result(item, known, warnings)
        except InvalidRow as refusal:
            yield Row(number, warnings=tuple(warnings), refusal=refusal)
            continue
        for record in (one for one in records if one.source_key not in seen):
            seen.add(record.source_key)
            yield Row(number, record, tuple(warnings))
            warnings = []
        if not records:
            yield Row(number)
