"""One door for the notices: the first character of the file tells its form."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.contracts.records import NoticeRecord
from importers.rows import Row
from importers.sources.boamp.archive import read_archive


def read(path: Path) -> Iterator[Row[NoticeRecord]]:
    """The notices of an archive CSV or of API records in JSON, streamed; UnreadableFile else."""
    yield from read_archive(path)
