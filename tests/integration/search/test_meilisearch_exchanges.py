"""What the adapter asks of a Meilisearch server, and what it makes of its answers."""

from search.engine import Circle, Point, Query, Terms
from search.meilisearch import MeilisearchEngine
from search.meilisearch_keys import RIGHTS, setup_keys
from tests.factories.exchanges import ANY, Exchange, played
from tests.integration.search.exchanges import (
    AT,
    DECLARED,
    FETCH,
    KEY,
    SEARCH,
    UID,
    accepted,
    error,
    found,
    indexes,
    made,
    task,
)


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
