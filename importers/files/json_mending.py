"""JSON as programs wrongly write it, mended on its way to the parser: one slip must not cost the
rest of a file of a gigabyte."""

import codecs
import re
from pathlib import Path

from importers.files.blocks import Blocks
from importers.files.json_items import Watched

# What Python's own writer lets out for « not a number », and JSON does not know.
_BARE = re.compile(rb"(?<![\w\"-])(?:NaN|-?Infinity)(?=\s*(?:[,}\]]|\Z))")
# A pair of escapes for one character, or a half of one, which no text may hold.
_PAIRED = re.compile(
    rb"(\\u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
_ESCAPE = 6  # bytes
_HELD = 16  # bytes kept back, in which such a word, or a half of a pair, may be cut


class Mended(Watched):
    """Blocks for a parser: `NaN` is null; a byte that is no UTF-8, or half a character, is the
    sign for an unknown character; a control character is a blank (`Watched`)."""

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
            last = not block
            data = self._held + self._decoder.decode(block, final=last).encode("utf-8")
            if b"NaN" in data or b"Infinity" in data:
                data = _BARE.sub(b"null", data)
            if b"\\ud" in data or b"\\uD" in data:
                data = _whole_characters(data, last=last)
            if last:
                self._held = b""
                return data
            self._held = data[-_HELD:]
            if given := data[:-_HELD]:
                return given


def _whole_characters(data: bytes, *, last: bool) -> bytes:
    """Pairs as the character that they are, halves as an unknown one; a half at the very end waits
    for what follows."""
    end = len(data) if last else len(data) - _ESCAPE

    def whole(match: re.Match[bytes]) -> bytes:
        if match[1]:
            high, low = int(match[1][2:6], 16), int(match[1][8:12], 16)
            return chr(0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF)).encode("utf-8")
        return "\ufffd".encode() if match.end() <= end else match[0]

    return _PAIRED.sub(whole, data)
