"""One door for the notices: the first character of the file tells its form."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.contracts.records import NoticeRecord
from importers.files.blocks import beginning
from importers.files.bundles import holds_documents
from importers.rows import Row
from importers.sources.boamp.archive import read_archive
from importers.sources.boamp.documents import read_records
from importers.sources.boamp.export_csv import read_export
from importers.sources.boamp.old_xml import read_xml


def read(path: Path) -> Iterator[Row[NoticeRecord]]:
    """The notices of an archive CSV, of API records in JSON or CSV, or of old XML, streamed; a
    folder or a zip of XML too. Raises UnreadableFile when the file is none, or breaks on the way.
    """
    if holds_documents(path):
        return read_xml(path)
    head = beginning(path)
    if head[:1] in (b"{", b"["):
        return read_records(path)
    if b"dateparution" in head.partition(b"\n")[0]:
        return read_export(path)
    return read_archive(path)
