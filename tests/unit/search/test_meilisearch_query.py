"""What is sent to Meilisearch: nothing that a user typed is read as a filter or an operator."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engine import Circle, Query, Range, Terms
from search.meilisearch_documents import Maker, SameWords, marked, primary_key, singular
from search.meilisearch_query import asked, filters, number, page, text_of
from search.meilisearch_server import differs
from search.meilisearch_settings import settings
from search.schema import CONTRACTS, SCHEMAS, STRUCTURES, IndexSchema, Kind


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Terms("kinds", ("ESAT", "EA")), 'kinds IN ["ESAT", "EA"]'),
        (Terms("kinds", ('a" OR id EXISTS OR kinds = "',)),
         'kinds IN ["a\\" OR id EXISTS OR kinds = \\""]'),
        (Terms("kinds", ("a\\",)), 'kinds IN ["a\\\\"]'),
        (Terms("kinds", ('\\"',)), 'kinds IN ["\\\\\\""]'),
        (Terms("labels", ("Écolabel d’Île", "Qualité n° 1 · « RSE »")),
         'labels IN ["Écolabel d’Île", "Qualité n° 1 · « RSE »"]'),
        (Terms("kinds", ()), 'id = ""'),
        (Terms("kinds", ("\x00", "\x1b[31m", "a\nb", "\u202e", "\ud800")), 'id = ""'),
        (Terms("id", ("²", "９９", "№", "9" * 1_000)), 'id = ""'),  # « ² » would find « 2 »
        (Terms("id", ("²", "2")), 'id IN ["2"]'),
        (Range("completeness", 0.5, None), "completeness >= 0.5"),
        (Range("completeness", None, 1e-7), "completeness <= 0.0000001"),
        (Range("completeness", -1, 20260131.0),
         "completeness >= -1 AND completeness <= 20260131"),
        (Range("completeness"), "completeness EXISTS"),
    ],
)  # fmt: skip
def test_filters_are_written_value_by_value(wanted: Terms | Range, expected: str) -> None:
    assert filters(STRUCTURES, Query(filters=(wanted,))) == [expected]


@given(st.text(max_size=40))
def test_no_value_ends_its_quotes(value: str) -> None:
    (expression,) = filters(STRUCTURES, Query(filters=(Terms("kinds", (value,)),)))
    if expression != 'id = ""':
        inside = re.fullmatch(r'kinds IN \["((?:[^"\\]|\\.)*)"\]', expression)
        assert inside
        assert re.sub(r"\\(.)", r"\1", inside.group(1)) == value


def test_a_name_that_is_no_field_is_never_sent() -> None:
    with pytest.raises(ValueError, match="password"):
        filters(STRUCTURES, Query(filters=(Terms("password", ("x",)),)))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_never_sent(value: float) -> None:
    with pytest.raises(ValueError, match=str(value)):
        number(value)
    with pytest.raises(ValueError, match=str(value)):
        filters(STRUCTURES, Query(circle=Circle(value, 2.0, 5.0)))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('nettoyage -lyon "à Paris"', 'nettoyage "lyon" paris'),  # no operator
        ("l’entretien 59", 'entretien "59"'),
        ("800 000 006 00015", '"80000000600015"'),
        ("E.S.A.T. d'Œuvre", '"esat" oeuvre'),
        ("le la les", ""),
        ("mot " * 50, "mot"),
        ("ab bc cd ef fg gh hi ij jk kl lm mn", "ab bc cd ef fg gh hi ij jk kl"),
    ],
)  # fmt: skip
def test_a_text_is_sent_as_words(typed: str, expected: str) -> None:
    assert text_of(asked(STRUCTURES, Query(typed)).words) == expected


def test_a_finished_word_is_no_beginning() -> None:
    assert text_of(("net",), typing=False) == "net "


def test_four_letters_are_forgiven_once_nothing_is_found() -> None:
    words = ("lnge", "blanc", "59")
    assert text_of(words) == '"lnge" blanc "59"'
    assert text_of(words, forgiving=True) == 'lnge blanc "59"'


@given(st.integers(0, 50_000), st.integers(0, 2_000))
def test_a_page_holds_the_span_asked_for(offset: int, limit: int) -> None:
    size, which, skipped = page(offset, limit)
    assert (which - 1) * size + skipped == offset
    assert skipped + limit <= size


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query("jardin"), ["order_0:desc"]),
        (Query("jardin", day="2026-03-02"), ["order_1:desc"]),
        (Query("jardin", origin=(45.0, 4.5)), ["_geoPoint(45, 4.5):asc", "order_0:desc"]),
        (Query(sort="name"), ["sort_name:asc", "order_0:desc"]),
        (Query("jardin", sort="name"), ["sort_name:asc", "order_0:desc"]),
    ],
)
def test_equal_results_are_told_apart_by_distance_then_by_the_day(
    query: Query, expected: list[str]
) -> None:
    assert asked(STRUCTURES, query).sort == expected


def test_contracts_are_browsed_newest_first() -> None:
    assert asked(CONTRACTS, Query()).sort == ["published:desc", "order_0:desc"]


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=lambda schema: schema.name)
def test_settings_declare_every_field_of_the_schema(schema: IndexSchema) -> None:
    declared = settings(schema)
    filtered = {field.name for field in schema.fields if field.kind is not Kind.TEXT}
    keywords, *others = declared["filterableAttributes"]
    assert {*keywords["attributePatterns"], *others} == filtered | {"id", "_geo"}
    assert declared["searchableAttributes"][0] == "in_title_words"
    assert declared["pagination"]["maxTotalHits"] > 100_000
    assert declared["faceting"]["maxValuesPerFacet"] >= 20_000


def test_settings_differ_by_what_we_declare_alone() -> None:
    declared = {"rankingRules": ["words", "typo"], "stopWords": ["a", "b"], "typo": {"on": True}}
    assert not differs(declared, {**declared, "stopWords": ["b", "a"], "embedders": {}})
    assert not differs(declared, {**declared, "typo": {"on": True, "words": []}})
    assert differs(declared, {**declared, "rankingRules": ["typo", "words"]})
    assert differs(declared, {**declared, "stopWords": ["a"]})
    assert differs(declared, {**declared, "typo": {"on": False}})
    assert differs(declared, {})


@pytest.mark.parametrize(
    ("id_", "kept"), [("12", True), ("a-B", True), ("a b", False), ("é", False), ("a_b", False)]
)
def test_a_primary_key_is_what_the_server_admits(id_: str, kept: bool) -> None:
    key = primary_key(id_)
    assert (key == id_) == kept
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,511}", key)


@pytest.mark.parametrize(
    ("word", "expected"), [("haies", "haie"), ("eaux", "eau"), ("bus", "bus"), ("tri", "tri")]
)
def test_singular(word: str, expected: str) -> None:
    assert singular(word) == expected


SAME = SameWords({"espaces verts": ("jardinage",), "btp": ("travaux publics",)})


@pytest.mark.parametrize(
    ("words", "finding", "found"),
    [
        ("espace vert", [], ["jardinage"]),
        ("taille espaces verts haies", [], ["jardinage"]),
        ("jardinages", ["espaces verts"], []),
        ("travaux publics", ["btp"], []),
        ("travaux", [], []),
        ("btp", [], ["travaux publics"]),
    ],
)
def test_same_words_are_found_in_any_number_and_in_their_direction(
    words: str, finding: list[str], found: list[str]
) -> None:
    assert SAME.that_find(words.split()) == list(map(marked, finding))
    assert SAME.also_found(words.split()) == found


def test_a_document_holds_the_words_that_find_it() -> None:
    _, line = Maker(STRUCTURES, SAME).line(
        {"id": "1", "name": "L’Œuvre des Haies", "activity_words": ["Jardinage"], "city": "Lyon",
         "departement": "69", "postcode": "69003", "siret": "80000000600015", "lat": 45.0,
         "lon": 4.0, "completeness": 1.0, "_stored": {"name": "x"}}
    )  # fmt: skip
    made = json.loads(line)
    assert made["in_title_words"] == ["oeuvre haies", "haie"]
    assert made["in_same_words"] == [marked("espaces verts")]
    assert made["in_town"] == ["lyon"]
    assert made["in_numbers"] == ["69", "69003", "80000000600015", "800000006"]
    assert made["_geo"] == {"lat": 45.0, "lng": 4.0}
    assert 400 <= made["order_0"] < 500
