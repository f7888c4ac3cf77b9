"""A file as blocks of bytes, for parsers that cut it themselves: plain, gzip or zip."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from importers.files.lines import BROKEN, _open
from importers.rows import UnreadableFile


class Blocks:
    """What a parser reads: one block a call, whatever size it asks, b"" at the end."""

    def __init__(self, path: Path, chunks: Iterator[bytes]) -> None:
        self._path = path
        self._chunks = chunks

    def read(self, size: int = -1) -> bytes:
        """The next block; raises UnreadableFile for a truncated archive or a zip bomb."""
        if size == 0:
            return b""
        try:
            return next((chunk for chunk in self._chunks if chunk), b"")
        except BROKEN as e:
            raise UnreadableFile(
                f"{self._path.name} : le fichier est tronqué ou abîmé à partir d'ici ; ce qui "
                "précède a été lu. Téléchargez le fichier à nouveau."
            ) from e


@contextmanager
def open_blocks(path: Path, *, xml: bool = False) -> Iterator[Blocks]:
    """The file opened as UTF-8 text in blocks. Raises UnreadableFile for what is not text, and for
    XML where it is not awaited."""
    with ExitStack() as stack:
        yield Blocks(path, _open(path, stack, xml=xml).chunks())
