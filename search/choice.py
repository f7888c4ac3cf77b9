"""Which engine serves: the embedded one, kept in the data folder."""

from pathlib import Path

from search.embedded import EmbeddedEngine
from search.engine import Engine
from search.synonyms import synonyms


def make_engine(directory: Path) -> Engine:
    """The search engine of this installation; opening it makes nothing slow."""
    return EmbeddedEngine(directory, synonyms=synonyms())
