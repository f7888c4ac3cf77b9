"""The engine on a Meilisearch server: for many web processes, on many machines.

An index is named `<prefix><index>-<digest>`, the digest of what its documents are made from: a
program of another version has an index of its own and goes on until it is replaced.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from time import perf_counter

from search.checks import checked
from search.correction import corrected, texts_of
from search.engine import (
    Document,
    EngineUnavailable,
    Health,
    Hit,
    Hits,
    IndexName,
    Point,
    Query,
    Suggestion,
)
from search.meilisearch_documents import Maker, SameWords, primary_key, singular
from search.meilisearch_hits import handed
from search.meilisearch_rebuild import JOURNAL, MeilisearchRebuild, note
from search.meilisearch_search import Search
from search.meilisearch_server import Server
from search.meilisearch_settings import VERSION, settings
from search.schema import SCHEMAS
from search.suggesting import similar, suggest

BATCH = 5_000  # documents a request
PREFIX = "annuaire-"
INCOMPLETE = "-incomplete"  # an index of that name says that an older format waits for a rebuild


class MeilisearchEngine:
    """Indexes on a server; many processes may use them at once. Needs a key that may write to
    write, one that may search is enough to search."""

    def __init__(
        self,
        url: str,
        key: str | None = None,
        synonyms: Mapping[str, Sequence[str]] | None = None,
        prefix: str = PREFIX,
    ) -> None:
        """`synonyms`: a phrase and other ways to say it, in that direction only; they are written
        into documents, so another table is another format. `prefix` begins the indexes' names."""
        self._server = Server(url, key)
        self._prefix = prefix
        self._same = SameWords(synonyms or {})
        said = f"{VERSION} {sorted((synonyms or {}).items())!r}"
        self._uids = {
            name: f"{prefix}{name}-{schema.digest(f'{said} {settings(schema)!r}')}"
            for name, schema in SCHEMAS.items()
        }
        self._makers = {name: Maker(schema, self._same) for name, schema in SCHEMAS.items()}
        self._settled: set[IndexName] = set()

    # Writing

    def index(self, name: IndexName, documents: Iterable[Document]) -> int:
        """Add or replace documents by their `id`, in batches of BATCH; returns how many. Raises
        InvalidDocument, EngineUnavailable."""
        uid, maker, count = self._uids[name], self._makers[name], 0
        rest = iter(documents)
        while batch := list(islice(rest, BATCH)):
            lines = [maker.line(document) for document in batch]
            waiting = []
            if uid + JOURNAL in self._settle(name):
                waiting.append(note(self._server, uid, dict(lines)))
            waiting.append(self._server.put(uid, (line for _, line in lines)))
            self._server.wait(*waiting)
            count += len(batch)
        return count

    def delete(self, name: IndexName, ids: Iterable[str]) -> None:
        """Remove documents; unknown ids are no error. Raises EngineUnavailable."""
        keys = [primary_key(id_) for id_ in ids]
        if not keys:
            return
        uid = self._uids[name]
        waiting = []
        if uid + JOURNAL in self._settle(name):
            waiting.append(note(self._server, uid, dict.fromkeys(keys)))
        waiting.append(self._server.remove(uid, keys))
        self._server.wait(*waiting)

    def _settle(self, name: IndexName) -> set[str]:
        """The indexes of a name that exist; the one that is written to exists with its settings
        (checked once by each process)."""
        uid, wanted = self._uids[name], settings(SCHEMAS[name])
        existing = self._server.uids(f"{self._prefix}{name}-")
        if uid not in existing:
            if existing:
                self._server.create(uid + INCOMPLETE, {})
            self._server.create(uid, wanted)
        elif name not in self._settled:
            self._server.apply(uid, wanted)
        self._settled.add(name)
        return existing

    @contextlib.contextmanager
    def rebuild(self, name: IndexName, expected: int | None = None) -> Iterator[MeilisearchRebuild]:
        """Fill a new index beside the one in use; on leaving, check the count and swap them.

        What others index or delete meanwhile is replayed. Raises RebuildRefused when the count
        is not the expected one, EngineUnavailable; the index in use then stays.
        """
        uid = self._uids[name]
        existing = self._server.uids(f"{self._prefix}{name}-")
        with MeilisearchRebuild.beside(
            self._server, uid, existing, self._makers[name], expected
        ) as building:
            yield building
        old = {other for other in existing if not other.startswith(uid)}
        self._server.drop(old | ({uid + INCOMPLETE} & existing))
        self._settled.add(name)

    def remove_all(self) -> None:
        """Delete every index whose name begins with this engine's prefix."""
        self._server.drop(self._server.uids(self._prefix))

    # Searching

    def search(self, name: IndexName, query: Query) -> Hits:
        """Answer a query. Raises InvalidInputError (in French) and EngineUnavailable."""
        started = perf_counter()
        search = self._search(name, query)
        answer = search.run()
        sought = search.sought()
        hits = tuple(handed(hit, search.query, sought) for hit in answer.hits)
        return Hits(
            total=answer.total,
            hits=hits,
            facets=answer.facets,
            took_ms=(perf_counter() - started) * 1000,
            relaxed=answer.relaxed,
            correction=corrected(query.text, sought.misspelt, texts_of(hits), singular)
            if query.highlight
            else "",
        )

    def points(self, name: IndexName, query: Query) -> tuple[Point, ...]:
        """Where all that the query finds stands (what has coordinates), whatever its page."""
        return self._search(name, query).points()

    def _search(self, name: IndexName, query: Query) -> Search:
        schema = SCHEMAS[name]
        return Search(self._server, self._uids[name], schema, self._same, checked(schema, query))

    def suggest(self, name: IndexName, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """What a beginning may become. Raises EngineUnavailable."""
        return suggest(self, SCHEMAS[name], text, limit)

    def similar(self, name: IndexName, id_: str, limit: int = 5) -> tuple[Hit, ...]:
        """The documents most alike, the nearest first. Raises EngineUnavailable."""
        return similar(self, SCHEMAS[name], id_, limit)

    def version(self, name: IndexName) -> str | None:
        """None: to ask the server would cost as much as to search."""
        return None

    def health(self) -> Health:
        """Whether the server answers, what the indexes hold, and which wait for a rebuild (known
        to a key that may list indexes)."""
        try:
            counts = {str(name): self._count(uid) for name, uid in self._uids.items()}
        except EngineUnavailable as error:
            return Health(False, str(error), {}, ())
        waiting = self._waiting()
        message = "L’index change de format : lancez « annuaire index rebuild »." if waiting else ""
        return Health(True, message, counts, waiting)

    def _count(self, uid: str) -> int:
        said = self._server.search(uid, {"q": "", "hitsPerPage": 0})
        return int(said["totalHits"]) if said else 0

    def _waiting(self) -> tuple[IndexName, ...]:
        try:
            existing = self._server.uids(self._prefix)
        except EngineUnavailable:  # a key that may only search
            return ()
        formats = {
            name: {uid for uid in existing if uid.startswith(f"{self._prefix}{name}-")}
            for name in self._uids
        }
        return tuple(
            name
            for name, uid in self._uids.items()
            if uid + INCOMPLETE in existing or (formats[name] and uid not in existing)
        )
