"""A few documents in memory, asked as the embedded engine asks its index: for who has questions
that wait for documents, rather than the reverse."""

from collections.abc import Iterable

from search.checks import checked
from search.embedded_query import Builder
from search.embedded_read import Documents
from search.embedded_schema import open_index, tantivy_document
from search.embedded_search import Search
from search.embedded_words import Synonyms
from search.engine import Document, IndexName, Query
from search.schema import SCHEMAS

WRITER_BYTES = 15_000_000  # the least that tantivy takes


class EmbeddedBatch:
    """Documents whose `id` is a number, held until nobody needs them; nothing is written."""

    def __init__(self, name: IndexName, documents: Iterable[Document], synonyms: Synonyms) -> None:
        self._schema = SCHEMAS[name]
        index = open_index(self._schema, None)
        writer = index.writer(WRITER_BYTES, 1)
        for document in documents:
            writer.add_document(tantivy_document(self._schema, document))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._builder = _AsWritten(self._schema, index.searcher(), synonyms)
        self._documents = Documents(self._builder.searcher)

    def ids(self, query: Query) -> list[int]:
        """Which of the documents the query finds, in no order. Every word counts, as it is written
        (its endings and synonyms, and what the last one begins): none is dropped, no typo is
        forgiven, as a few documents do not tell which words exist. Raises InvalidInputError."""
        search = Search(self._builder, checked(self._schema, query), self._documents)
        return search.numbers()


class _AsWritten(Builder):
    few_values = 100  # of so few documents

    def _misspelt(self, word: str, *, forgiving: bool) -> bool:
        return False
