"""Each engine under test, empty or filled. A new engine is one more line in ENGINES."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from annuaire.bench.documents import structure_documents
from search.embedded import EmbeddedEngine
from search.engine import Engine, IndexName, Query
from search.meilisearch import MeilisearchEngine
from tests.integration.search.register import (
    GENERATED,
    GENERATED_SEED,
    SYNONYMS,
    Find,
    contracts,
    structures,
)
from tests.integration.search.servers import meilisearch_server

Synonyms = Mapping[str, Sequence[str]]

Make = Callable[[Path, Synonyms], Engine]


@pytest.fixture(scope="session")
def meilisearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str | None]]:
    """The address and the key of a server; without one, its tests are skipped and say so."""
    with meilisearch_server(tmp_path_factory.mktemp("meilisearch")) as server:
        yield server


def _embedded(_request: pytest.FixtureRequest) -> Make:
    return lambda directory, synonyms: EmbeddedEngine(directory, synonyms=synonyms)


def _meilisearch(request: pytest.FixtureRequest) -> Make:
    url, key = request.getfixturevalue("meilisearch")

    def make(directory: Path, synonyms: Synonyms) -> Engine:
        place = hashlib.blake2b(str(directory).encode(), digest_size=6).hexdigest()
        engine = MeilisearchEngine(url, key, synonyms, prefix=f"annuaire-test-{place}-")
        request.addfinalizer(engine.remove_all)
        return engine

    return make


ENGINES: dict[str, Callable[[pytest.FixtureRequest], Make]] = {
    "embedded": _embedded,
    "meilisearch": _meilisearch,
}


@pytest.fixture(scope="session", params=sorted(ENGINES))
def make_engine(request: pytest.FixtureRequest) -> Callable[[Path], Engine]:
    """Opens the engine under test on a place of its own, named by a directory."""
    make = ENGINES[request.param](request)
    return lambda directory: make(directory, SYNONYMS)


@pytest.fixture
def engine(make_engine: Callable[[Path], Engine], tmp_path: Path) -> Engine:
    """An engine that holds nothing, for tests that write."""
    return make_engine(tmp_path)


@pytest.fixture(scope="session")
def filled(
    make_engine: Callable[[Path], Engine], tmp_path_factory: pytest.TempPathFactory
) -> Engine:
    """The small register, for reading only."""
    engine = make_engine(tmp_path_factory.mktemp("filled"))
    engine.index("structures", structures())
    engine.index("contracts", contracts())
    return engine


@pytest.fixture(scope="session")
def generated(
    make_engine: Callable[[Path], Engine], tmp_path_factory: pytest.TempPathFactory
) -> Engine:
    """A generated register of GENERATED structures, for reading only."""
    engine = make_engine(tmp_path_factory.mktemp("generated"))
    with engine.rebuild("structures", expected=GENERATED) as rebuild:
        rebuild.add(structure_documents(GENERATED, seed=GENERATED_SEED))
    return engine


@pytest.fixture
def find(filled: Engine) -> Find:
    """The identifiers that a query finds in the small register, in order."""

    def found(text: str = "", name: IndexName = "structures", **query: object) -> list[str]:
        asked = Query(text=text, **{"limit": 100, **query})  # type: ignore[arg-type]
        return [hit.id for hit in filled.search(name, asked).hits]

    return found
