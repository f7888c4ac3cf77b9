"""What the adapter says of a Meilisearch server that fails, refuses, is away or holds little."""

import threading
from typing import Any

import pytest

from search import meilisearch_server
from search.engine import EngineUnavailable, Query
from search.meilisearch import MeilisearchEngine
from tests.factories.exchanges import Exchange, played
from tests.integration.search.exchanges import (
    FETCH,
    SEARCH,
    UID,
    accepted,
    error,
    found,
    indexes,
    made,
    task,
)


def test_a_task_that_fails_is_raised_with_its_message() -> None:
    exchanges = [
        indexes(),
        *made(UID, 1),
        Exchange("POST", f"/indexes/{UID}/documents?primaryKey=pk", accepted(9), 202),
        task(9, "failed", error=error("no_space_left_on_device", "No space left on device")),
    ]
    with (
        played(exchanges) as url,
        pytest.raises(EngineUnavailable, match=r"No space left.*no_space_left_on_device"),
    ):
        MeilisearchEngine(url).index("structures", [{"id": "1", "name": "Un"}])


def test_a_task_that_is_never_done_says_that_it_stays_in_the_queue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(meilisearch_server, "TASK_MS", 1)
    monkeypatch.setattr(meilisearch_server, "ASKED_EVERY_MS", 1_000)
    exchanges = [
        indexes(UID),
        Exchange("POST", f"/indexes/{UID}/documents/delete-batch", accepted(5), 202),
        task(5, "enqueued"),
    ]
    with played(exchanges) as url:
        engine = MeilisearchEngine(url)
        engine._settled.add("structures")
        with pytest.raises(EngineUnavailable, match="reste dans sa file"):
            engine.delete("structures", ["1"])


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (error("internal", "An internal error has occurred"), 500, "ne répond pas"),
        (b"<html>502 Bad Gateway</html>", 502, "ne répond pas"),
        (b"<html>Welcome to nginx</html>", 200, "illisible"),
        (b'{"hits": [', 200, "illisible"),
        (b"", 503, "ne répond pas"),
        (error("invalid_api_key", "The provided API key is invalid."), 403, "refuse la clé"),
        (error("missing_authorization_header", "Missing."), 401, "ANNUAIRE_MEILISEARCH_KEY"),
        (error("invalid_search_filter", "Attribute is not filterable"), 400, "not filterable"),
    ],
)
def test_an_answer_that_is_none_says_what_to_do(answer: Any, status: int, said: str) -> None:
    exchanges = [Exchange("POST", SEARCH, answer, status)]
    with played(exchanges) as url, pytest.raises(EngineUnavailable, match=said):
        MeilisearchEngine(url).search("structures", Query("jardin"))


def test_a_server_that_is_silent_or_away_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meilisearch_server, "ANSWER_S", 0.05)
    never = threading.Event()
    with played([Exchange("POST", SEARCH, {}, pause=never)]) as url:
        engine = MeilisearchEngine(url)
        with pytest.raises(EngineUnavailable, match="rien n’est perdu"):
            engine.search("structures", Query("jardin"))
        never.set()
    with pytest.raises(EngineUnavailable, match="rien n’est perdu"):
        engine.search("structures", Query("jardin"))
    health = engine.health()
    assert (health.ok, "ANNUAIRE_MEILISEARCH_URL" in health.message) == (False, True)


def test_an_index_that_is_missing_holds_nothing() -> None:
    absent = error("index_not_found", "Index not found.")
    missing = Exchange("POST", SEARCH, absent, 404)
    with played([missing, Exchange("POST", FETCH, absent, 404)]) as url:
        engine = MeilisearchEngine(url)
        hits = engine.search("structures", Query("jardin", facets=("kinds",)))
        assert (hits.total, hits.hits, hits.facets) == (0, (), {"kinds": {}})
        assert engine.points("structures", Query()) == ()


def test_a_key_that_may_only_search_is_healthy() -> None:
    other = MeilisearchEngine("http://x")._uids["contracts"]
    refused = error("invalid_api_key", "The provided API key is invalid.")
    exchanges = [
        Exchange("POST", SEARCH, found(total=12)),
        Exchange("POST", f"/indexes/{other}/search", found(total=3)),
        Exchange("GET", "/indexes?limit=1000", refused, 403),
    ]
    with played(exchanges) as url:
        health = MeilisearchEngine(url).health()
    assert (health.ok, health.counts) == (True, {"structures": 12, "contracts": 3})
    assert health.needs_rebuild == ()


def test_an_index_of_another_format_asks_for_a_rebuild() -> None:
    other = MeilisearchEngine("http://x")._uids["contracts"]
    exchanges = [
        Exchange("POST", SEARCH, error("index_not_found", "Index not found."), 404),
        Exchange("POST", f"/indexes/{other}/search", found(total=3)),
        indexes("annuaire-structures-0123456789ab", other),
    ]
    with played(exchanges) as url:
        assert MeilisearchEngine(url).health().needs_rebuild == ("structures",)
