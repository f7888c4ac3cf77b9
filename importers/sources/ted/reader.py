"""One notice a document: an XML file, a folder of them, or a zip."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.contracts.records import NoticeRecord
from importers.files.bundles import read_documents
from importers.rows import Row
from importers.sources.ted.notice import transform


def read(path: Path) -> Iterator[Row[NoticeRecord]]:
    """The notices of French buyers; those of others are passed over. Raises UnreadableFile for a
    folder without XML, a zip that is broken, or a bomb."""
    return read_documents(path, transform)
