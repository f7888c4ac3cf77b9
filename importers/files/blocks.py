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


class Counted:
    """Blocks counted between two things that a parser gives: its reader sets `since` back to 0.
    `what` names such a thing in French, `most` is how many bytes may go by without one."""

    def __init__(self, path: Path, blocks: Blocks, what: str, most: int) -> None:
        self._path, self._blocks, self._what, self._most = path, blocks, what, most
        self.since = 0

    def read(self, size: int) -> bytes:
        """The next block. Raises UnreadableFile past `most` bytes."""
        block = self._blocks.read(size)
        self.since += len(block)
        if self.since > self._most:
            raise UnreadableFile(
                f"{self._path.name} : {self._what} dépasse {self._most // 10**6} Mo, la lecture "
                "s'arrête."
            )
        return block


@contextmanager
def open_blocks(path: Path, *, xml: bool = False) -> Iterator[Blocks]:
    """The file opened as UTF-8 text in blocks. Raises UnreadableFile for what is not text, and for
    XML where it is not awaited."""
    with ExitStack() as stack:
        yield Blocks(path, _open(path, stack, xml=xml).chunks())


def beginning(path: Path, *, xml: bool = False) -> bytes:
    """The first block without the blanks before it, which tells a file's form however long its
    first line is. Raises UnreadableFile as `open_blocks` does."""
    with open_blocks(path, xml=xml) as blocks:
        return blocks.read().lstrip()
