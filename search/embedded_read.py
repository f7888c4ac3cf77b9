"""The stored documents of one commit, as they were read lately.

The questions of one need, and its page after them, read nearly the same documents; taking one out
of tantivy costs ten times as much as finding it here.
"""

import threading
from dataclasses import dataclass
from typing import Any, Final

import orjson
import tantivy

from search.embedded_vocabulary import Vocabulary
from search.schema import IndexSchema

MOST: Final = 500  # documents of some kilobytes


class Documents:
    """Reads the documents of one searcher. Safe between threads."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._guard = threading.Lock()
        self._kept: dict[tuple[int, int], dict[str, Any]] = {}

    def stored(self, address: tantivy.DocAddress) -> dict[str, Any]:
        """What the index stores of a document, its `id` among its values; not to be changed."""
        key = (address.segment_ord, address.doc)
        value = self._kept.get(key)
        return self._taken(key, address) if value is None else value

    def _taken(self, key: tuple[int, int], address: tantivy.DocAddress) -> dict[str, Any]:
        value: dict[str, Any] = orjson.loads(stored(self._searcher, address))
        value["stored"]["id"] = value["id"]
        with self._guard:
            if len(self._kept) >= MOST:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = value
        return value


def stored(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> bytes:
    """The JSON that the index stores of a document."""
    return bytes(searcher.doc(address).get_first("json") or b"")


@dataclass(frozen=True, slots=True)
class Opened:
    """An index as of one commit, with what was read of it."""

    searcher: tantivy.Searcher
    version: str
    documents: Documents
    vocabulary: Vocabulary


def opened_as(version: str, schema: IndexSchema, searcher: tantivy.Searcher) -> Opened:
    """A searcher of which nothing was read yet."""
    return Opened(searcher, version, Documents(searcher), Vocabulary(schema, searcher))
