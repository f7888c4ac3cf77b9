"""What the adapter asks of a Meilisearch server, and what it makes of its answers."""

import threading
from typing import Any

import pytest

from search import meilisearch_server
from search.engine import Circle, EngineUnavailable, Point, Query, Terms
from search.meilisearch import MeilisearchEngine
from search.meilisearch_keys import RIGHTS, setup_keys
from tests.factories.exchanges import ANY, Exchange, played
from tests.integration.search.exchanges import (
    AT,
    DECLARED,
    KEY,
    UID,
    accepted,
    error,
    found,
    indexes,
    made,
    task,
)

SEARCH, FETCH = f"/indexes/{UID}/search", f"/indexes/{UID}/documents/fetch"


def test_a_search_sends_words_filters_circle_and_facets() -> None:
    asked = {
        "q": "entretien espaces",
        "matchingStrategy": "all",
        "filter": [
            'kinds IN ["ESAT", "a \\"b\\" \\\\ c"]',
            "_geoRadius(45.75, 4.85, 50000)",
        ],
        "sort": ["_geoPoint(45.75, 4.85):asc", "order_0:desc"],
        "facets": ["kinds"],
        "hitsPerPage": 20,
        "page": 2,
    }
    hit = {
        "id": "7", "stored": {"name": "Jardins"}, "texts": {"name": "Espaces & Jardins"},
        "_geo": {"lat": 45.75, "lng": 4.85}, "_rankingScore": 0.9,
    }  # fmt: skip
    answer = found(hit, total=21, facetDistribution={"kinds": {"EI": 1, "ESAT": 20}})
    query = Query(
        "l’Entretien des espaces",
        filters=(Terms("kinds", ("ESAT", 'a "b" \\ c', "\x00", "²")),),
        circle=Circle(45.75, 4.85, 50),
        facets=("kinds",),
        offset=20,
    )
    with played([Exchange("POST", f"/indexes/{UID}/search", answer, asked=asked)], KEY) as url:
        hits = MeilisearchEngine(url, KEY).search("structures", query)
    assert (hits.total, dict(hits.facets)) == (21, {"kinds": {"ESAT": 20, "EI": 1}})
    (only,) = hits.hits
    assert (only.id, only.document, only.distance_km) == ("7", {"name": "Jardins", "id": "7"}, 0.0)
    assert only.highlights == {"name": "<mark>Espaces</mark> &amp; Jardins"}


def test_nothing_found_drops_words_and_says_so() -> None:
    path = f"/indexes/{UID}/search"
    count = {"results": [{"totalHits": 3, "hits": []}, {"totalHits": 1, "hits": []}]}
    weighed = [
        {"q": "ajaccio", "federationOptions": {"weight": ANY}},
        {"q": "blanchisserie ", "federationOptions": {"weight": ANY}},
    ]
    hit = {"id": "6", "stored": {}, "texts": {}, "_federation": {"weightedRankingScore": 0.4}}
    exchanges = [
        Exchange("POST", path, found(), asked={"q": "blanchisserie ajaccio"}),
        Exchange(
            "POST", "/multi-search", count,
            asked={"queries": [{"q": "blanchisserie "}, {"q": "ajaccio"}], "federation": None},
        ),
        Exchange(
            "POST", "/multi-search", found(hit),
            asked={"queries": weighed, "federation": {"hitsPerPage": 20, "page": 1}},
        ),
    ]  # fmt: skip
    with played(exchanges) as url:
        hits = MeilisearchEngine(url).search("structures", Query("blanchisserie Ajaccio"))
    assert (hits.relaxed, hits.total, hits.hits[0].id, hits.hits[0].score) == (True, 1, "6", 0.4)


def test_another_order_than_the_text_s_fetches_a_page_of_what_it_finds() -> None:
    fetched = {
        "results": [{"id": "9", "stored": {}, "texts": {}}], "offset": 1, "limit": 1, "total": 2,
    }  # fmt: skip
    exchanges = [
        Exchange(
            "POST", SEARCH, found(total=2, facetDistribution={"id": {"7": 1, "9": 1}}),
            asked={"q": "jardin", "hitsPerPage": 0, "facets": ["id"]},
        ),
        Exchange(
            "POST", FETCH, fetched,
            asked={
                "ids": ["7", "9"], "sort": ["sort_name:asc", "order_0:desc"],
                "offset": 1, "limit": 1,
            },
        ),
    ]  # fmt: skip
    with played(exchanges, KEY) as url:
        query = Query("jardin", sort="name", offset=1, limit=1)
        hits = MeilisearchEngine(url, KEY).search("structures", query)
    assert (hits.total, [hit.id for hit in hits.hits]) == (2, ["9"])


def test_identifiers_that_a_facet_takes_for_one_are_read_from_the_hits() -> None:
    place = {"lat": 1.0, "lng": 2.0}
    exchanges = [
        Exchange("POST", SEARCH, found(total=2, facetDistribution={"id": {"a": 2}})),
        Exchange("POST", SEARCH, found({"id": "a"}, {"id": "A"}), asked={"hitsPerPage": 1_000_000}),
        Exchange(
            "POST", FETCH, {"results": [{"id": "A", "_geo": place}, {"id": "a"}], "total": 2},
            asked={"ids": ["a", "A"], "fields": ["id", "_geo"]},
        ),
    ]  # fmt: skip
    with played(exchanges) as url:
        assert MeilisearchEngine(url).points("structures", Query("jardin")) == (Point("A", 1, 2),)


def test_any_word_around_a_place_asks_the_circle_once() -> None:
    near, far = {"id": "1", "_federation": {"weightedRankingScore": 0.4}}, {"id": "2"}
    counted = {UID: {"distribution": {"id": {"1": 1, "2": 1}}, "stats": {}}}
    box = {"filter": [ANY], "federationOptions": {"weight": ANY}}
    exchanges = [
        Exchange(
            "POST", "/multi-search", found(far, near, facetsByIndex=counted),
            asked={"queries": [box] * 4, "federation": {"facetsByIndex": {UID: ["id"]}}},
        ),
        Exchange(
            "POST", FETCH, {"results": [{"id": "1"}], "total": 1},
            asked={"ids": ["1", "2"], "filter": "_geoRadius(45, 4.5, 50000)"},
        ),
    ]  # fmt: skip
    query = Query("jardin haies", any_word=True, circle=Circle(45.0, 4.5, 50), highlight=False)
    with played(exchanges) as url:
        hits = MeilisearchEngine(url).search("structures", query)
    assert (hits.total, [hit.id for hit in hits.hits], hits.hits[0].score) == (1, ["1"], 0.4)


def test_documents_are_sent_in_lines_and_their_task_awaited() -> None:
    line = {
        "pk": "7", "id": "7", "in_title_words": ["haies rhone", "haie"], "kinds": ["EI"],
        "texts": {"name": "Haies du Rhône"}, "in_numbers": ["69"], "sort_name": "haies du rhone",
    }  # fmt: skip
    exchanges = [
        indexes(),
        *made(UID, 1, DECLARED),
        Exchange(
            "POST", f"/indexes/{UID}/documents?primaryKey=pk", accepted(3), 202, asked=(line,)
        ),
        task(3, "processing"),
        task(3),
        indexes(UID),
        Exchange(
            "POST", f"/indexes/{UID}/documents/delete-batch", accepted(4), 202,
            ["7"],
        ),
        task(4),
    ]  # fmt: skip
    document = {"id": "7", "name": "Haies du Rhône", "kinds": ["EI"], "departement": "69"}
    with played(exchanges, KEY) as url:
        engine = MeilisearchEngine(url, KEY)
        assert engine.index("structures", [document]) == 1
        engine.delete("structures", ["7"])


def test_settings_that_the_server_has_are_not_sent_again() -> None:
    same = {**DECLARED, "stopWords": DECLARED["stopWords"][::-1], "dictionary": []}
    exchanges = [
        indexes(UID),
        Exchange("GET", f"/indexes/{UID}/settings", same),
        Exchange("POST", f"/indexes/{UID}/documents?primaryKey=pk", accepted(2), 202),
        task(2),
    ]
    with played(exchanges) as url:
        MeilisearchEngine(url).index("structures", [{"id": "1", "name": "Un"}])


def test_an_index_that_another_process_made_meanwhile_is_used() -> None:
    exchanges = [
        indexes(),
        Exchange("POST", "/indexes", accepted(1), 202),
        task(1, "failed", error=error("index_already_exists", "Index exists")),
        Exchange("GET", f"/indexes/{UID}/settings", DECLARED),
        Exchange("POST", f"/indexes/{UID}/documents?primaryKey=pk", accepted(2), 202),
        task(2),
    ]
    with played(exchanges) as url:
        MeilisearchEngine(url).index("structures", [{"id": "1", "name": "Un"}])


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


def test_keys_are_made_once_with_the_least_rights() -> None:
    search, write = RIGHTS
    known = {
        "name": search, "key": "deja", "uid": "u", "description": "", "actions": ["search"],
        "indexes": ["annuaire-*"], "expiresAt": None, "createdAt": AT,
        "updatedAt": AT,
    }  # fmt: skip
    listed = {"results": [known], "offset": 0, "limit": 1_000, "total": 1}
    asked = {"name": write, "indexes": ["annuaire-*"], "actions": RIGHTS[write], "expiresAt": None}
    exchanges = [
        Exchange("GET", "/keys?limit=1000", listed),
        Exchange("POST", "/keys", {**known, "name": write, "key": "neuve"}, 201, asked),
    ]
    with played(exchanges, "maitresse") as url:
        assert setup_keys(url, "maitresse") == {search: "deja", write: "neuve"}
    assert RIGHTS[search] == ["search", "documents.get"]
    assert not {"*", "keys.create", "keys.*"} & set(RIGHTS[write])
