"""Filters, circles, sorts, facets and pages."""

from collections import Counter
from datetime import date

import numpy as np
import pytest

from annuaire.bench.documents import structure_documents
from annuaire.errors import InvalidInputError
from annuaire.geo.distance import haversine_km
from search.engine import Circle, Either, Engine, Filter, Query, Range, Terms
from search.facets import search_with_facets
from search.filters import STRUCTURE_FILTERS, STRUCTURE_SORTS, parse
from tests.integration.search.register import GENERATED, GENERATED_SEED, NETWORKS, Find

LILLE = (50.633, 3.058)
TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ((Terms("kinds", ("ESAT",)),), {"6", "8"}),
        ((Terms("kinds", ("ESAT", "ETTI")),), {"6", "8", "10"}),
        ((Terms("kinds", ("ESAT",)), Terms("departement", ("59",))), {"6"}),
        ((Terms("kinds", ()),), set()),
        ((Terms("kinds", ("nothing",)),), set()),
        ((Terms("id", ("3", "4")),), {"3", "4"}),
        ((Range("completeness", 0.6, None), Terms("departement", ("59",))), set()),
        ((Range("completeness", 0.5, 0.5), Terms("departement", ("2A",))), {"10"}),
    ],
)
def test_filters_keep_only_what_they_say(
    find: Find, filters: tuple[Filter, ...], expected: set[str]
) -> None:
    assert set(find(filters=filters)) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"intervient": ["Lille"]}, {"3", "8"}),
        ({"intervient": ["Roubaix"]}, {"8"}),
        ({"intervient": ["Arras"]}, {"3", "8"}),
        ({"intervient": ["Nord"]}, {"3", "8"}),  # a part of it is enough
        ({"intervient": ["Hauts-de-France"]}, {"3", "8"}),
        ({"intervient": ["69003"]}, {"5", "8"}),
        ({"intervient": ["Métropole de Lyon"]}, {"5", "8"}),
        ({"intervient": ["Roubaix", "42"]}, {"5", "8"}),
        ({"intervient": ["974"], "cotraitance": ["oui"]}, {"8"}),
        ({"intervient": ["Lyon"], "cotraitance": ["non"]}, {"5"}),
        ({"cotraitance": ["oui", "non"]}, {"3", "5", "8"}),
    ],
)
def test_who_declares_to_work_somewhere_and_to_co_contract(
    filled: Engine, asked: dict[str, list[str]], expected: set[str]
) -> None:
    search = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, asked)
    assert search.errors == ()
    found = filled.search("structures", search.query(TODAY)).hits
    assert {hit.id for hit in found} == expected


@pytest.mark.parametrize("key", sorted(NETWORKS))
def test_a_name_is_found_by_the_value_that_its_count_gives(filled: Engine, key: str) -> None:
    facets = filled.search("structures", Query(facets=("networks",), limit=0)).facets["networks"]
    (name,) = NETWORKS[key]
    assert facets[name] == 1
    (hit,) = filled.search("structures", Query(filters=(Terms("networks", (name,)),))).hits
    assert hit.id == key


def test_areas_are_counted_by_departement(filled: Engine) -> None:
    search = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, {"cotraitance": ["oui"]})
    hits = search_with_facets(
        filled, "structures", search, TODAY, facets=("served", "cocontract"), per_page=20
    )
    assert {code: hits.facets["served"].get(code) for code in ("59", "62", "69", "2A")} == {
        "59": 2, "62": 2, "69": 1, "2A": 1,
    }  # fmt: skip
    assert hits.facets["cocontract"] == {"oui": 2, "non": 1}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"intervient": ["Atlantide"]}, "Intervient à : la valeur « Atlantide » n'existe pas"),
        ({"intervient": ["a" * 10_000]}, "Intervient à"),
        ({"intervient": ["\\\"' OR 1"]}, "Intervient à"),
        ({"cotraitance": ["peut-être"]}, "Co-traitance"),
    ],
)
def test_what_cannot_be_asked_of_areas_is_said(asked: dict[str, list[str]], said: str) -> None:
    search = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, asked)
    assert [said in error.message for error in search.errors] == [True]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Range("published", 20260111, None), ["102", "104"]),
        (Range("deadline", None, 20260201), ["102", "103"]),
        (Range("amount", 100_000, 500_000), ["102", "103"]),
        (Terms("social", ("oui",)), ["101", "103"]),
        (Terms("clause_types", ("execution_insertion",)), ["101"]),
        (Either((Range("amount", 300_000, None), Terms("amount_known", ("non",)))), ["103", "104"]),
        (Either((Terms("state", ("awarded",)), Terms("cpv", ("9091",)))), ["102", "104"]),
        (Either((Terms("id", ()), Range("hours", 100, None))), ["101"]),
        (Either(()), []),
    ],
)
def test_contract_filters(find: Find, wanted: Filter, expected: list[str]) -> None:
    assert sorted(find(name="contracts", filters=(wanted,))) == expected


@pytest.mark.parametrize(
    ("circle", "expected"),
    [
        (Circle(*LILLE, 5), {"2", "3", "9", "13"}),
        (Circle(*LILLE, 15), {"2", "3", "9", "13", "7", "15"}),
        (Circle(*LILLE, 0.001), {"2", "3", "9", "13"}),
        (Circle(-13.3, 179.9, 500), {"12"}),  # across the antimeridian
        (Circle(89.9, 0, 4_500), {"2", "3", "9", "13", "7", "15", "6"}),  # over the pole
        (Circle(0.0, -30.0, 100), set()),  # at sea
    ],
)
def test_a_circle_keeps_what_stands_in_it(find: Find, circle: Circle, expected: set[str]) -> None:
    assert set(find(circle=circle)) == expected


def test_a_circle_over_the_whole_earth_keeps_all_that_has_a_place(find: Find) -> None:
    assert len(find(circle=Circle(*LILLE, 20_000))) == 14


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("newest", [{"102", "104"}, {"102", "104"}, {"101"}, {"103"}]),
        ("deadline", [{"103"}, {"102"}, {"101"}, {"104"}]),  # without a deadline: last
        ("hours", [{"101"}, {"103"}, {"102", "104"}, {"102", "104"}]),  # without hours: last
        ("name", [{"101"}, {"102"}, {"103"}, {"104"}]),
    ],
)
def test_contracts_sort(find: Find, sort: str, expected: list[set[str]]) -> None:
    found = find(name="contracts", sort=sort)
    assert all(key in place for key, place in zip(found, expected, strict=True))
    assert len(set(found)) == 4


def test_distance_sorts_and_is_told(filled: Engine) -> None:
    hits = filled.search("structures", Query(origin=LILLE, sort="distance", limit=100)).hits
    distances = [hit.distance_km for hit in hits]
    assert distances[:4] == [pytest.approx(0, abs=0.01)] * 4
    assert distances[-1] is None  # the one without a place
    assert hits[-1].id == "14"
    known = [d for d in distances if d is not None]
    assert known == sorted(known)


def test_nearer_comes_first_among_equals(find: Find) -> None:
    near = Circle(*LILLE, 1_000)
    assert find("recyclage", origin=(-20.9, 55.4)) == ["11", "12"]
    assert find("nettoyage", circle=near)[0] == "2"


def test_facets_count_within_filters_and_circle_as_by_hand(generated: Engine) -> None:
    documents = list(structure_documents(GENERATED, seed=GENERATED_SEED))
    lats = np.array([d.get("lat", np.nan) for d in documents])
    lons = np.array([d.get("lon", np.nan) for d in documents])
    for lat, lon, radius in [(48.85, 2.35, 50), (45.75, 4.85, 120), (50.6, 3.1, 30), (43, 5, 800)]:
        inside = haversine_km(lat, lon, lats, lons) <= radius
        kept = [d for d, kept in zip(documents, inside, strict=True) if kept and "EA" in d["kinds"]]
        answer = generated.search(
            "structures",
            Query(
                filters=(Terms("kinds", ("EA",)),),
                circle=Circle(lat, lon, radius),
                facets=("activities", "departement"),
                limit=0,
            ),
        )
        assert answer.total == len(kept)
        assert answer.facets == {
            "activities": Counter(code for d in kept for code in d["activities"]),
            "departement": Counter(d["departement"] for d in kept),
        }


@pytest.mark.parametrize(
    ("text", "circle"),
    [
        ("xylophonique", None),
        ("xylophonique zymotechnie", Circle(*LILLE, 15)),
        ("littoral xylophonique", Circle(*LILLE, 55)),  # 6 stands in its box, and not in it
    ],
)
def test_nothing_found_counts_nothing(filled: Engine, text: str, circle: Circle | None) -> None:
    answer = filled.search("structures", Query(text, circle=circle, facets=("kinds",)))
    assert (answer.total, dict(answer.facets)) == (0, {"kinds": {}})


def test_points_are_all_that_the_query_finds(generated: Engine) -> None:
    query = Query("nettoyage", circle=Circle(48.85, 2.35, 100), offset=40, limit=3)
    points = generated.points("structures", query)
    assert len(points) == generated.search("structures", query).total
    assert len({point.id for point in points}) == len(points)


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query("nettoyage"),
        Query("entreprises"),
        Query("jardins", any_word=True),
        Query(sort="name"),
        Query("entreprises", sort="name", circle=Circle(48.85, 2.35, 200)),
        Query(circle=Circle(48.85, 2.35, 200)),
        Query("entreprises", circle=Circle(48.85, 2.35, 200), sort="distance"),
    ],
)
def test_pages_hold_everything_once_and_in_the_same_order(generated: Engine, query: Query) -> None:
    def page(offset: int, limit: int) -> list[str]:
        fields = {name: getattr(query, name) for name in query.__slots__}
        asked = Query(**{**fields, "offset": offset, "limit": limit, "day": "2026-03-02"})
        return [hit.id for hit in generated.search("structures", asked).hits]

    total = generated.search("structures", query).total
    whole = page(0, 3_000)
    assert len(whole) == len(set(whole)) == total
    assert [key for start in range(0, total, 97) for key in page(start, 97)] == whole
    assert page(total, 20) == []
    assert page(10**9, 20) == []


@pytest.mark.parametrize("text", ["", "salariés"])
def test_equal_results_turn_by_day(generated: Engine, text: str) -> None:
    def shown(day: str) -> list[str]:
        return [hit.id for hit in generated.search("structures", Query(text, day=day)).hits]

    days = [f"2026-03-{day:02d}" for day in range(1, 8)]
    assert len({shown(day)[0] for day in days}) > 3
    assert shown(days[0]) == shown(days[0])


@pytest.mark.parametrize(
    "query",
    [
        Query(filters=(Terms("password", ("x",)),)),
        Query(filters=(Terms("name", ("x",)),)),
        Query(filters=(Range("kinds", 1, 2),)),
        Query(filters=(Either((Terms("kinds", ("EI",)), Terms("password", ("x",)))),)),
        Query(filters=(Range("completeness", float("nan"), None),)),
        Query(facets=("description",)),
        Query(facets=("lat",)),
        Query(sort="deadline"),
        Query(sort="id; drop"),
        Query(sort="distance"),
        Query(circle=Circle(48.0, 2.0, -5)),
        Query(circle=Circle(48.0, 2.0, float("inf"))),
        Query(circle=Circle(float("nan"), 2.0, 5)),
        Query(circle=Circle(95.0, 2.0, 5)),
        Query(origin=(48.0, 400.0)),
    ],
)
def test_what_cannot_be_is_refused_in_french(filled: Engine, query: Query) -> None:
    with pytest.raises(InvalidInputError):
        filled.search("structures", query)
