"""Filling a Meilisearch index beside the one in use, and swapping them.

<uid>              the index in use
<uid>-new-<hex>    one being filled, by one rebuild
<uid>-journal      what was written to the index in use meanwhile: the newest state of each
                   document; writers add to it as long as it exists, before they write
"""

import contextlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import orjson

from search.engine import Document, EngineUnavailable, RebuildRefused
from search.meilisearch_documents import Maker
from search.meilisearch_server import Server
from search.meilisearch_settings import settings

JOURNAL = "-journal"
NEW = "-new-"
BATCH = 10_000  # documents a request: some 25 MB, where servers take 100 by default
JOURNAL_SETTINGS = {"searchableAttributes": ["pk"]}


def note(server: Server, uid: str, written: Mapping[str, bytes | None]) -> int:
    """Tell the rebuild under way what is about to be written: by primary key, a document in
    JSON, or None for one deleted. Returns the task to wait for."""
    entries = (
        {"pk": key, "stamp": uuid.uuid4().hex, "document": line.decode() if line else None}
        for key, line in written.items()
    )
    return server.put(uid + JOURNAL, map(orjson.dumps, entries))


class MeilisearchRebuild:
    """An index being filled; `count` documents so far."""

    def __init__(self, server: Server, uid: str, maker: Maker, expected: int | None) -> None:
        self.count = 0
        self.expected = expected
        self.uid = uid
        self._server = server
        self._maker = maker
        self._tasks: list[int] = []

    def add(self, documents: Iterable[Document]) -> None:
        """Take more documents; each `id` is given once. Raises InvalidDocument. The server works
        while more are made: its tasks are awaited at the end."""
        rest = iter(documents)
        while batch := [self._maker.line(document)[1] for document in islice(rest, BATCH)]:
            self._tasks.append(self._server.put(self.uid, batch))
            self.count += len(batch)

    @classmethod
    @contextlib.contextmanager
    def beside(
        cls, server: Server, uid: str, existing: set[str], maker: Maker, expected: int | None
    ) -> Iterator["MeilisearchRebuild"]:
        """A rebuild of the index `uid`: on leaving, it is checked and takes its place; on an
        error it is thrown away. What a killed rebuild left is swept first."""
        wanted = settings(maker.schema)
        server.drop(name for name in existing if name.startswith((uid + NEW, uid + JOURNAL)))
        server.create(uid + JOURNAL, JOURNAL_SETTINGS)
        building = cls(server, f"{uid}{NEW}{uuid.uuid4().hex[:8]}", maker, expected)
        try:
            server.create(building.uid, wanted)
            yield building
            building.check(wanted)
            seen = building.replay(uid, building.uid, set())
            if uid not in existing:
                server.create(uid, wanted)
            server.swap(uid, building.uid)
            while newer := building.replay(uid, uid, seen):
                seen |= newer
        finally:
            with contextlib.suppress(EngineUnavailable):  # swept by the next rebuild
                server.drop((building.uid, uid + JOURNAL))

    def check(self, wanted: Mapping[str, Any]) -> None:
        """Wait for the server, then count. Raises RebuildRefused."""
        self._server.wait(*self._tasks)
        held = self._server.count(self.uid)
        expected = self.count if self.expected is None else self.expected
        if held != expected or self.count != expected:
            raise RebuildRefused(f"{self.uid}: {held} documents, {expected} expected")
        if not self._server.has_settings(self.uid, wanted):
            raise RebuildRefused(f"{self.uid}: another rebuild took this index away")

    def replay(self, uid: str, into: str, seen: set[str]) -> set[str]:
        """Do again what the journal of `uid` holds and was not seen; returns its stamps."""
        done: set[str] = set()
        fresh = (e for e in self._server.documents(uid + JOURNAL) if e["stamp"] not in seen)
        while batch := list(islice(fresh, BATCH)):
            puts = [e["document"].encode() for e in batch if e["document"] is not None]
            gone = [e["pk"] for e in batch if e["document"] is None]
            tasks = [self._server.put(into, puts)] if puts else []
            tasks += [self._server.remove(into, gone)] if gone else []
            self._server.wait(*tasks)
            done |= {e["stamp"] for e in batch}
        return done
