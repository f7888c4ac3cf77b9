"""One door for the notices: the first character of the file tells its form."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.contracts.records import NoticeRecord
from importers.files.lines import iter_lines
from importers.rows import Row
from importers.sources.boamp.archive import read_archive
from importers.sources.boamp.documents import read_records


def read(path: Path) -> Iterator[Row[NoticeRecord]]:
    """The notices of an archive CSV, or of API records in JSON, streamed.

    Raises UnreadableFile when the file is neither, or breaks on the way.
    """
    lines = iter_lines(path)
    first = next((line.data for line in lines if line.data.strip()), b"")
    lines.close()
    if first.lstrip()[:1] in (b"{", b"["):
        return read_records(path)
    return read_archive(path)
