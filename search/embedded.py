"""The embedded engine: tantivy, in the process that asks, on files that many processes share."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from time import perf_counter

import orjson
import tantivy

from search.checks import checked
from search.correction import corrected, texts_of
from search.embedded_found import Found
from search.embedded_query import Builder
from search.embedded_read import Opened
from search.embedded_schema import tantivy_document
from search.embedded_search import Search
from search.embedded_store import Store
from search.embedded_words import Synonyms, stem
from search.engine import (
    Document,
    EngineUnavailable,
    Health,
    Hit,
    Hits,
    IndexName,
    Point,
    Query,
    RebuildRefused,
    Suggestion,
)
from search.prepared import identifier
from search.schema import SCHEMAS, IndexSchema
from search.suggesting import similar, suggest

BATCH = 5_000  # documents a commit
TOTALS = 1_000  # totals kept for what only counts, of any version of the indexes


class EmbeddedEngine:
    """Indexes under a directory; several processes and threads may use them at once."""

    def __init__(
        self, directory: Path, synonyms: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """`synonyms`: a phrase and other ways to say it, e.g. {"espaces verts": ("jardinage",)};
        applied when searching, in that direction only."""
        self._stores = {name: Store(directory, schema) for name, schema in SCHEMAS.items()}
        self._synonyms = Synonyms(synonyms or {})
        self._totals: dict[tuple[IndexName, str, Query], Hits] = {}

    def index(self, name: IndexName, documents: Iterable[Document]) -> int:
        """Add or replace documents by their `id`, in commits of BATCH; returns how many."""
        store, count = self._stores[name], 0
        for batch in _batches(documents):
            latest = {identifier(document): document for document in batch}
            ready = {key: tantivy_document(store.schema, doc) for key, doc in latest.items()}
            with store.writing() as writing:
                writing.note([["put", _plain(document)] for document in latest.values()])
                for key, document in ready.items():
                    writing.writer.delete_documents_by_term("id", key)
                    writing.writer.add_document(document)
            count += len(batch)
        return count

    def delete(self, name: IndexName, ids: Iterable[str]) -> None:
        """Remove documents; unknown ids are no error."""
        keys = list(ids)
        if not keys:
            return
        with self._stores[name].writing() as writing:
            writing.note([["delete", key] for key in keys])
            for key in keys:
                writing.writer.delete_documents_by_term("id", key)

    def search(self, name: IndexName, query: Query) -> Hits:
        """Answer a query. Raises InvalidInputError (in French) and EngineUnavailable."""
        started = perf_counter()
        opened = self._stores[name].opened()
        asked = (name, opened.version, _counting(query)) if _counted(query) else None
        if asked and query == asked[2] and (known := self._totals.get(asked)) is not None:
            return replace(known, took_ms=(perf_counter() - started) * 1000)
        search, found, relaxed = self._found(name, query, opened)
        if asked:
            self._remember(asked, Hits(found.total, (), {}, 0.0, relaxed))
        page = search.page(found)
        misspelt = search.asked.sought.misspelt
        return Hits(
            total=found.total,
            hits=page,
            facets=search.facets(found),
            took_ms=(perf_counter() - started) * 1000,
            relaxed=relaxed,
            correction=corrected(query.text, misspelt, texts_of(page), stem)
            if query.highlight
            else "",
        )

    def _remember(self, asked: tuple[IndexName, str, Query], total: Hits) -> None:
        if len(self._totals) >= TOTALS:
            self._totals.clear()
        self._totals[asked] = total

    def points(self, name: IndexName, query: Query) -> tuple[Point, ...]:
        """Where all that the query finds stands (what has coordinates), whatever its page."""
        opened = self._stores[name].opened()
        whole = replace(query, offset=0, limit=max(1, opened.searcher.num_docs))
        search, found, _ = self._found(name, whole, opened)
        return search.points(found)

    def suggest(self, name: IndexName, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """What a beginning may become. Raises EngineUnavailable."""
        return suggest(self, SCHEMAS[name], text, limit)

    def similar(self, name: IndexName, id_: str, limit: int = 5) -> tuple[Hit, ...]:
        """The documents most alike, the nearest first. Raises EngineUnavailable."""
        return similar(self, SCHEMAS[name], id_, limit)

    @contextlib.contextmanager
    def rebuild(self, name: IndexName, expected: int | None = None) -> Iterator["EmbeddedRebuild"]:
        """Fill a new index beside the one in use; on leaving, check the count and switch.

        What other processes index or delete meanwhile is replayed before the switch. Raises
        RebuildRefused when the count is not the expected one.
        """
        store = self._stores[name]
        with store.rebuilding() as (writer, path):
            building = EmbeddedRebuild(store.schema, writer, expected)
            yield building
            if building.expected not in (None, building.count):
                raise RebuildRefused(
                    f"{name}: {building.count} documents, {building.expected} expected"
                )
            writer.commit()
            with store.switching(path, writer) as journal:
                building.replay(journal)

    def version(self, name: IndexName) -> str:
        """The generation in use and its last commit."""
        return self._stores[name].version()

    def health(self) -> Health:
        """Whether both indexes can be read, their counts, and which wait for a rebuild."""
        try:
            counts = {str(n): int(s.searcher().num_docs) for n, s in self._stores.items()}
        except EngineUnavailable as error:
            return Health(False, str(error), {}, tuple(self._stores))
        waiting = tuple(name for name, store in self._stores.items() if store.needs_rebuild())
        message = "L’index change de format : lancez « annuaire index rebuild »." if waiting else ""
        return Health(True, message, counts, waiting)

    def _found(self, name: IndexName, query: Query, opened: Opened) -> tuple[Search, Found, bool]:
        schema = self._stores[name].schema
        checked_query = checked(schema, query)
        builder = Builder(schema, opened.searcher, self._synonyms, opened.vocabulary)
        search = Search(builder, checked_query, opened.documents)
        return search, *search.run()


class EmbeddedRebuild:
    """A generation being filled; `count` documents so far."""

    def __init__(
        self, schema: IndexSchema, writer: tantivy.IndexWriter, expected: int | None = None
    ) -> None:
        self.count = 0
        self.expected = expected
        self._schema = schema
        self._writer = writer

    def add(self, documents: Iterable[Document]) -> None:
        """Take more documents; each `id` is given once. Raises InvalidDocument."""
        for document in documents:
            self._writer.add_document(tantivy_document(self._schema, document))
            self.count += 1

    def replay(self, journal: Path) -> None:
        """Do again, in order, what was written to the index in use meanwhile."""
        with journal.open("rb") as lines:
            for line in lines:
                action, value = orjson.loads(line)
                key = value if action == "delete" else value["id"]
                self._writer.delete_documents_by_term("id", key)
                if action == "put":
                    self._writer.add_document(tantivy_document(self._schema, value))


def _counted(query: Query) -> bool:
    """Whether the total may be asked again: not of a page whose texts nobody sees, which
    candidates are taken from."""
    return query.highlight or not query.limit


def _counting(query: Query) -> Query:
    """The query that only asks how many: pages and orders of one search find as many."""
    return replace(query, facets=(), sort="relevance", offset=0, limit=0, highlight=False)


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    rest = iter(documents)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _plain(document: Document) -> dict[str, object]:
    return dict(document)
