"""The CSV export of the API: a record a row, `;` between cells, `,` between values of a list."""

import re
from collections.abc import Iterator
from pathlib import Path

from annuaire.contracts.records import NoticeRecord
from importers.files.fields import Warnings
from importers.files.tables import Cells, read_table
from importers.rows import InvalidRow, Row
from importers.sources.boamp import api

REQUIRED = ("idweb", "objet", "dateparution")
OPTIONAL = tuple(sorted(api.LISTED.difference(REQUIRED)))
#: Labels hold commas of their own, which a space follows.
_BETWEEN_LABELS = re.compile(r",(?=\S)")


def read_export(path: Path) -> Iterator[Row[NoticeRecord]]:
    """The notices of the export, streamed. Raises UnreadableFile as `read_table` does."""
    for row in read_table(path, REQUIRED, OPTIONAL):
        if row.record is None:
            yield Row(row.number, warnings=row.warnings, refusal=row.refusal)
            continue
        warnings: Warnings = list(row.warnings)
        try:
            record = api.transform(_record(row.record), warnings)
        except InvalidRow as refusal:
            yield Row(row.number, warnings=tuple(warnings), refusal=refusal)
        else:
            yield Row(row.number, record, tuple(warnings))


def _record(cells: Cells) -> api.Record:
    """A row as the record that the API gives: what is empty is not there."""
    record: api.Record = {name: text for name, text in cells.items() if text.strip()}
    if labels := record.get("descripteur_libelle"):
        record["descripteur_libelle"] = _BETWEEN_LABELS.split(labels)
    return record
