"""One notice a document: an XML file, a folder of them, or a zip."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.contracts.records import NoticeRecord
from importers.files.bundles import iter_documents, told_of
from importers.files.fields import Warnings
from importers.rows import InvalidRow, Row, SkipRow
from importers.sources.ted.notice import transform


def read(path: Path) -> Iterator[Row[NoticeRecord]]:
    """The notices of French buyers; those of others are passed over. Raises UnreadableFile for a
    folder without XML, a zip that is broken, or a bomb."""
    for document in iter_documents(path):
        warnings: Warnings = []
        try:
            if document.refusal:
                raise document.refusal
            record = transform(document.data, document.name, warnings)
        except InvalidRow as refusal:
            why = told_of(document, path, refusal)
            yield Row(document.rank, warnings=tuple(warnings), refusal=why)
        except SkipRow:
            yield Row(document.rank)
        else:
            yield Row(document.rank, record, tuple(warnings))
