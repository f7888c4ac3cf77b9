"""Rows of one thing that stand apart in a file, brought together without holding the file.

The rows are parted by their key into files of a temporary folder, each small enough to be held,
then given back one part after the other: about as much disk as the file, whatever its size.
"""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import orjson

from importers.rows import UnreadableFile

PARTS = 128  # files open at once; 2.5 GB of rows make parts of 20 MB


def gathered(rows: Iterable[tuple[str, Any]]) -> Iterator[list[Any]]:
    """The rows (values that JSON can say) that share a key, in their order; keys come in an order
    of their own. What was read before an UnreadableFile is given, then it is raised."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        parts = [stack.enter_context((folder / str(n)).open("w+b")) for n in range(PARTS)]
        cut: UnreadableFile | None = None
        try:
            for key, row in rows:
                part = parts[zlib.crc32(key.encode("utf-8", "replace")) % PARTS]
                part.write(orjson.dumps([key, row]) + b"\n")
        except UnreadableFile as error:
            cut = error
        except OSError as e:
            raise UnreadableFile(
                f"Les fichiers temporaires n'ont pas pu être écrits dans {folder.parent} "
                f"({e.strerror}) : faites-y de la place, ou nommez un autre dossier dans TMPDIR."
            ) from e
        for part in parts:
            part.seek(0)
            yield from _groups(part)
            part.truncate(0)
        if cut:
            raise cut


def _groups(part: IO[bytes]) -> Iterator[list[Any]]:
    groups: dict[str, list[Any]] = {}
    for line in part:
        key, row = orjson.loads(line)
        groups.setdefault(key, []).append(row)
    yield from groups.values()
