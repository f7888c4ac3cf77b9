"""The CSV export of the API: a record a row, `;` between cells, `,` between values of a list."""

import re
from collections.abc import Iterator
from pathlib import Path

from annuaire.contracts.records import NoticeRecord
from importers.files.fields import Warnings
from importers.files.tables import Cells, read_table
from importers.rows import Row, transformed
from importers.sources.boamp import api

REQUIRED = ("idweb", "objet", "dateparution")
OPTIONAL = tuple(sorted(api.LISTED.difference(REQUIRED)))
#: Labels hold commas of their own, which a space follows.
_BETWEEN_LABELS = re.compile(r",(?=\S)")


def read_export(path: Path) -> Iterator[Row[NoticeRecord]]:
    """The notices of the export, streamed. Raises UnreadableFile as `read_table` does."""
    return transformed(read_table(path, REQUIRED, OPTIONAL), _transform)


def _transform(cells: Cells, warnings: Warnings) -> NoticeRecord:
    return api.transform(_record(cells), warnings)


def _record(cells: Cells) -> api.Record:
    """A row as the record that the API gives: what is empty is not there."""
    record: api.Record = {name: text for name, text in cells.items() if text.strip()}
    if labels := record.get("descripteur_libelle"):
        record["descripteur_libelle"] = _BETWEEN_LABELS.split(labels)
    return record
