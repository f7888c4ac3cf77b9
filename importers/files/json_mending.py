"""JSON as programs wrongly write it, mended on its way to the parser: one slip must not cost the
rest of a file of a gigabyte."""

import codecs
import re
from pathlib import Path

from importers.files.blocks import Blocks
from importers.files.json_items import Watched

# What Python's own writer lets out for « not a number », and JSON does not know.
_BARE = re.compile(rb"(?<![\w\"-])(?:NaN|-?Infinity)(?=\s*(?:[,}\]]|\Z))")
_HELD = 16  # bytes kept back, in which such a word may be cut


class Mended(Watched):
    """Blocks for a parser: `NaN` is null, a byte that is no UTF-8 is the sign for an unknown
    character, a control character is a blank (`Watched`)."""

    def __init__(self, path: Path, blocks: Blocks) -> None:
        super().__init__(path, blocks)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = b""

    def read(self, size: int) -> bytes:
        """The next block; raises UnreadableFile as `Watched` does."""
        if size == 0:
            return b""
        while True:
            block = super().read(size)
            text = self._decoder.decode(block, final=not block).encode("utf-8")
            data = self._held + text
            if b"NaN" in data or b"Infinity" in data:
                data = _BARE.sub(b"null", data)
            if not block:
                self._held = b""
                return data
            self._held = data[-_HELD:]
            if given := data[:-_HELD]:
                return given
