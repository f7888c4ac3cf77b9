"""The stored documents of one commit, as they were read lately.

The questions of one need, and its page after them, read nearly the same documents; taking one out
of tantivy costs ten times as much as finding it here.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import orjson
import tantivy

from search.embedded_vocabulary import Vocabulary
from search.schema import IndexSchema

MOST: Final = 800  # documents of some two kilobytes, their texts unread
_TEXTS: Final = b',"texts":'  # before an object of texts, the last that a stored document has


class Texts(Mapping[str, str | list[str]]):
    """The text fields of a document, read once somebody looks at them: who only matches does not,
    and they are most of it."""

    __slots__ = ("_raw", "_read")

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._read: dict[str, str | list[str]] | None = None

    def _values(self) -> dict[str, str | list[str]]:
        if self._read is None:
            self._read = orjson.loads(self._raw)
        return self._read

    def __getitem__(self, name: str) -> str | list[str]:
        return self._values()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())


class Stored(NamedTuple):
    """What the index stores of a document; `values`, its `id` among them, are not to be changed."""

    id: str
    values: dict[str, Any]
    raw_texts: bytes


class Documents:
    """Reads the documents of one searcher. Safe between threads."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._guard = threading.Lock()
        self._kept: dict[tuple[int, int], Stored] = {}

    def stored(self, address: tantivy.DocAddress) -> Stored:
        """A document."""
        key = (address.segment_ord, address.doc)
        value = self._kept.get(key)
        return self._taken(key, address) if value is None else value

    def _taken(self, key: tuple[int, int], address: tantivy.DocAddress) -> Stored:
        raw = stored(self._searcher, address)
        # No text is an object: what looks like this key after it could only stand in a string,
        # where its quotation marks would be escaped.
        cut = raw.rfind(_TEXTS)
        read = orjson.loads(raw[:cut] + b"}")
        values = read["stored"]
        values["id"] = read["id"]
        value = Stored(read["id"], values, raw[cut + len(_TEXTS) : -1])
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
