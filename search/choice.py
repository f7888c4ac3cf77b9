"""Which engine serves: a Meilisearch server when there is one, else the embedded engine."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from search.embedded import EmbeddedEngine
from search.embedded_batch import EmbeddedBatch
from search.embedded_words import Synonyms
from search.engine import Document, Engine, IndexName
from search.synonyms import synonyms


def make_engine(directory: Path, url: str | None = None, key: str | None = None) -> Engine:
    """The search engine of this installation; making it is quick and asks nobody anything.

    `url` and `key` of a Meilisearch server; without them, the index is under `directory`.
    """
    if url is None:
        return EmbeddedEngine(directory, synonyms=synonyms())
    # Loaded only by those who use it: the client brings pydantic and requests.
    from search.meilisearch import MeilisearchEngine

    return MeilisearchEngine(url, key, synonyms())


def make_batch(name: IndexName, documents: Iterable[Document]) -> EmbeddedBatch:
    """A few documents in memory, to be asked many questions; the same whichever engine serves."""
    return EmbeddedBatch(name, documents, _synonyms())


@cache
def _synonyms() -> Synonyms:
    return Synonyms(synonyms())
