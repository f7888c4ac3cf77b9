"""What the adapter asks of a Meilisearch server, and what it makes of its answers.

The exchanges are written from the documentation of Meilisearch's API: indexes, documents, tasks,
swap, search, keys, errors.
"""

import contextlib
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from search import meilisearch_server
from search.engine import Circle, EngineUnavailable, Query, RebuildRefused, Terms
from search.meilisearch import MeilisearchEngine
from search.meilisearch_keys import RIGHTS, setup_keys
from search.meilisearch_settings import settings
from search.schema import STRUCTURES
from tests.factories.exchanges import ANY, Exchange, played

KEY = "une-cle"
UID = MeilisearchEngine("http://x", KEY)._uids["structures"]  # the name is part of what is asked
NEW = "new"
AT = "2026-01-05T10:00:00.123456Z"
DECLARED = settings(STRUCTURES)


def task(number: int, status: str = "succeeded", **more: Any) -> Exchange:
    """The question after a task, and its answer."""
    said = {
        "uid": number, "status": status, "type": more.pop("type", "documentAdditionOrUpdate"),
        "enqueuedAt": AT, **more,
    }  # fmt: skip
    return Exchange("GET", f"/tasks/{number}", said)


def accepted(number: int, kind: str = "documentAdditionOrUpdate") -> dict[str, Any]:
    """What the server says when it takes a task in its queue (202)."""
    return {
        "taskUid": number, "indexUid": UID, "status": "enqueued", "type": kind,
        "enqueuedAt": AT,
    }  # fmt: skip


def error(code: str, message: str) -> dict[str, str]:
    return {"message": message, "code": code, "type": "invalid_request", "link": "https://x"}


def indexes(*uids: str) -> Exchange:
    """The list of indexes."""
    results = [
        {"uid": uid, "primaryKey": "pk", "createdAt": AT,
         "updatedAt": AT}
        for uid in uids
    ]  # fmt: skip
    return Exchange("GET", "/indexes?limit=1000", {"results": results, "total": len(uids)})


def made(uid: str, number: int, declared: Any = ANY) -> list[Exchange]:
    """An index being made, and given its settings."""
    return [
        Exchange("POST", "/indexes", accepted(number), 202, {"uid": uid, "primaryKey": "pk"}),
        task(number, type="indexCreation"),
        Exchange("GET", f"/indexes/{uid}/settings", {"rankingRules": ["words"]}),
        Exchange("PATCH", f"/indexes/{uid}/settings", accepted(number + 1), 202, declared),
        task(number + 1, type="settingsUpdate"),
    ]


def dropped(uid: str, number: int) -> list[Exchange]:
    return [Exchange("DELETE", f"/indexes/{uid}", accepted(number), 202), task(number)]


def counted(uid: str, count: int) -> Exchange:
    said = {"numberOfDocuments": count, "isIndexing": False, "fieldDistribution": {}}
    return Exchange("GET", f"/indexes/{uid}/stats", said)


def found(*hits: dict[str, Any], total: int | None = None, **more: Any) -> dict[str, Any]:
    return {
        "hits": list(hits), "query": "", "processingTimeMs": 1, "hitsPerPage": 20, "page": 1,
        "totalPages": 1, "totalHits": len(hits) if total is None else total, **more,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def known_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The random part of a new index's name, known to the exchanges."""
    monkeypatch.setattr("search.meilisearch_rebuild.uuid.uuid4", lambda: Named())


class Named:
    hex = NEW


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


SEARCH = f"/indexes/{UID}/search"


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
    missing = Exchange("POST", SEARCH, error("index_not_found", "Index not found."), 404)
    with played([missing, missing]) as url:
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


# Rebuilding

FRESH, JOURNAL = f"{UID}-new-{NEW}", f"{UID}-journal"


def started(*existing: str, swept: Sequence[Exchange] = ()) -> list[Exchange]:
    """A rebuild that begins: what was left is swept, a journal and a new index are made."""
    return [
        indexes(*existing),
        *swept,
        *made(JOURNAL, 10, {"searchableAttributes": ["pk"]}),
        *made(FRESH, 12, DECLARED),
    ]


def filled(count: int, held: int, number: int = 20) -> list[Exchange]:
    return [
        Exchange("POST", f"/indexes/{FRESH}/documents?primaryKey=pk", accepted(number), 202),
        task(number),
        counted(FRESH, held),
    ]


def journal(*entries: dict[str, Any]) -> Exchange:
    said = {"results": list(entries), "offset": 0, "limit": 1_000, "total": len(entries)}
    return Exchange("POST", f"/indexes/{JOURNAL}/documents/fetch", said)


DOCUMENTS = [{"id": "1", "name": "Un"}, {"id": "2", "name": "Deux"}]
SWEPT = [*dropped(JOURNAL, 40), *dropped(FRESH, 41)]
SETTLED = Exchange("GET", f"/indexes/{FRESH}/settings", DECLARED)
SWAP = [
    Exchange("GET", f"/indexes/{FRESH}", {"uid": FRESH, "createdAt": AT, "primaryKey": "pk"}),
    Exchange("POST", "/swap-indexes", accepted(30, "indexSwap"), 202, [{"indexes": [UID, FRESH]}]),
]


def test_a_rebuild_replays_what_was_written_meanwhile_then_swaps() -> None:
    put = {"pk": "2", "stamp": "a", "document": '{"pk": "2", "id": "2"}'}
    gone = {"pk": "1", "stamp": "b", "document": None}
    late = {"pk": "3", "stamp": "c", "document": '{"pk": "3", "id": "3"}'}
    exchanges = [
        *started(UID),
        *filled(2, 2),
        SETTLED,
        journal(put, gone),
        Exchange(
            "POST", f"/indexes/{FRESH}/documents?primaryKey=pk", accepted(21), 202,
            ({"pk": "2", "id": "2"},),
        ),
        Exchange(
            "POST", f"/indexes/{FRESH}/documents/delete-batch", accepted(22), 202, ["1"]
        ),
        task(21),
        task(22),
        *SWAP,
        task(30, type="indexSwap"),
        journal(put, gone, late),
        Exchange(
            "POST", f"/indexes/{UID}/documents?primaryKey=pk", accepted(23), 202,
            ({"pk": "3", "id": "3"},),
        ),
        task(23),
        journal(put, gone, late),
        *SWEPT,
    ]  # fmt: skip
    with (
        played(exchanges, KEY) as url,
        MeilisearchEngine(url, KEY).rebuild("structures", expected=2) as rebuild,
    ):
        rebuild.add(DOCUMENTS)


def test_a_write_during_a_rebuild_is_noted_before_it_is_done() -> None:
    noted = {"pk": "7", "stamp": NEW, "document": ANY}
    exchanges = [
        indexes(UID, JOURNAL),
        Exchange("POST", f"/indexes/{JOURNAL}/documents?primaryKey=pk", accepted(1), 202, (noted,)),
        Exchange("POST", f"/indexes/{UID}/documents?primaryKey=pk", accepted(2), 202),
        task(1),
        task(2),
    ]
    with played(exchanges) as url:
        engine = MeilisearchEngine(url)
        engine._settled.add("structures")
        engine.index("structures", [{"id": "7", "name": "Sept"}])


def test_a_count_that_differs_refuses_the_rebuild_and_swaps_nothing() -> None:
    exchanges = [*started(UID), *filled(2, 1), *SWEPT]
    with (
        played(exchanges) as url,
        pytest.raises(RebuildRefused, match="1 documents, 2 expected"),
        MeilisearchEngine(url).rebuild("structures", expected=2) as rebuild,
    ):
        rebuild.add(DOCUMENTS)


def test_a_swap_that_fails_leaves_the_index_in_use() -> None:
    failed = error("index_not_found", f"Index `{FRESH}` not found.")
    exchanges = [
        *started(UID),
        *filled(2, 2),
        SETTLED,
        journal(),
        *SWAP,
        task(30, "failed", type="indexSwap", error=failed),
        *SWEPT,
    ]
    with (
        played(exchanges) as url,
        pytest.raises(EngineUnavailable, match=r"indexSwap.*not found"),
        MeilisearchEngine(url).rebuild("structures", expected=2) as rebuild,
    ):
        rebuild.add(DOCUMENTS)


@pytest.mark.parametrize("swapped", [True, False])
def test_a_swap_that_the_key_is_not_shown_is_known_by_its_effect(swapped: bool) -> None:
    hidden = error("task_not_found", "Task `30` not found.")
    exchanges = [
        *started(UID),
        *filled(2, 2),
        SETTLED,
        journal(),
        *SWAP,
        Exchange("GET", "/tasks/30", hidden, 404),
        Exchange("PATCH", f"/indexes/{FRESH}/settings", accepted(31), 202, {}),
        task(31),
        Exchange("GET", f"/indexes/{UID}", {"uid": UID, "createdAt": AT if swapped else "before"}),
        *([journal()] if swapped else []),
        *SWEPT,
    ]
    refused = contextlib.nullcontext() if swapped else pytest.raises(EngineUnavailable)
    with (
        played(exchanges) as url,
        refused,
        MeilisearchEngine(url).rebuild("structures", expected=2) as rebuild,
    ):
        rebuild.add(DOCUMENTS)


def test_what_a_killed_rebuild_left_is_swept_by_the_next() -> None:
    left = f"{UID}-new-killed"
    swept = [*dropped(JOURNAL, 1), *dropped(left, 2)]
    exchanges = [
        *started(UID, JOURNAL, left, swept=swept),
        *filled(2, 2),
        SETTLED,
        journal(),
        *SWAP,
        task(30, type="indexSwap"),
        journal(),
        *SWEPT,
    ]
    with (
        played(exchanges) as url,
        MeilisearchEngine(url).rebuild("structures", expected=2) as rebuild,
    ):
        rebuild.add(DOCUMENTS)


def test_a_rebuild_whose_index_another_took_away_is_refused() -> None:
    bare = Exchange("GET", f"/indexes/{FRESH}/settings", {"rankingRules": ["words"]})
    exchanges = [*started(UID), *filled(2, 2), bare, *SWEPT]
    with (
        played(exchanges) as url,
        pytest.raises(RebuildRefused, match="another rebuild"),
        MeilisearchEngine(url).rebuild("structures", expected=2) as rebuild,
    ):
        rebuild.add(DOCUMENTS)


def test_a_first_rebuild_makes_the_index_and_drops_older_formats() -> None:
    old = "annuaire-structures-0123456789ab"
    exchanges = [
        *started(old),
        *filled(2, 2),
        SETTLED,
        journal(),
        *made(UID, 50, DECLARED),
        *SWAP,
        task(30, type="indexSwap"),
        journal(),
        *SWEPT,
        *dropped(old, 60),
    ]
    with (
        played(exchanges) as url,
        MeilisearchEngine(url).rebuild("structures", expected=2) as rebuild,
    ):
        rebuild.add(DOCUMENTS)


# Keys


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
    assert RIGHTS[search] == ["search"]
    assert not {"*", "keys.create", "keys.*"} & set(RIGHTS[write])
