"""More results than are ranked whole: the embedded engine still pages through each of them once."""

from dataclasses import replace

import pytest

from annuaire.bench.documents import structure_documents
from search import embedded_search
from search.embedded import EmbeddedEngine
from search.engine import Query

WINDOW = 50


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEngine:
    """500 generated structures, for reading only."""
    engine = EmbeddedEngine(tmp_path_factory.mktemp("many"))
    engine.index("structures", structure_documents(500, seed=5))
    return engine


@pytest.mark.parametrize(
    "query",
    [
        Query("entreprises"),
        Query("entreprises", origin=(48.85, 2.35)),
        Query("entreprises jardins", any_word=True, origin=(48.85, 2.35)),
    ],
    ids=str,
)
def test_pages_past_the_window_hold_the_rest_once(
    many: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch, query: Query
) -> None:
    monkeypatch.setattr(embedded_search, "WINDOW", WINDOW)
    monkeypatch.setattr(embedded_search, "WINDOW_NEAR", WINDOW)

    def page(offset: int, limit: int) -> list[str]:
        asked = replace(query, offset=offset, limit=limit, day="2026-03-02")
        return [hit.id for hit in many.search("structures", asked).hits]

    whole = page(0, 1_000)
    assert len(whole) == len(set(whole)) == many.search("structures", query).total > 3 * WINDOW
    assert [id_ for start in range(0, len(whole), 33) for id_ in page(start, 33)] == whole
