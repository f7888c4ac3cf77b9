"""Words, marks and corrections, apart from any engine."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.geo.distance import distance_km
from search import ranking
from search.correction import corrected
from search.embedded_words import stem
from search.engine import Circle
from search.geometry import box_around
from search.highlight import EXCERPT, Sought, highlight
from search.schema import SCHEMAS, IndexSchema, Kind, date_number
from search.text import MAX_WORD, fold, query_words, tokens


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Élagage", "elagage"),
        ("ŒUVRE", "oeuvre"),
        ("e\u0301te\u0301", "ete"),  # accents as separate characters
        ("E.S.A.T.", "esat"),
        ("l’Aïn", "l’ain"),
        ("S.A. Dupont", "sa dupont"),
    ],
)
def test_fold_takes_off_case_accents_and_dots(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("l'entretien des espaces verts", ["entretien", "espaces", "verts"]),
        ("Aujourd’hui : tri, collecte", ["aujourd", "hui", "tri", "collecte"]),
        ("Saint-Étienne", ["saint", "etienne"]),
        ("le la les", []),
        ("", []),
        ("x" * (MAX_WORD + 1), []),
    ],
)
def test_tokens_cut_words_and_drop_those_that_say_nothing(text: str, words: list[str]) -> None:
    assert tokens(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("800 000 006 00015", ["80000000600015"]),
        ("siren 800.000.006", ["siren", "800000006"]),
        ("nettoyage 59 000", ["nettoyage", "59000"]),
        ("lot 2 nettoyage nettoyage", ["lot", "2", "nettoyage"]),
    ],
)
def test_numbers_written_with_spaces_are_one_word(text: str, words: list[str]) -> None:
    assert query_words(text, 10) == words


@given(st.text(max_size=300), st.integers(0, 20))
def test_query_words_are_few_distinct_and_folded(text: str, limit: int) -> None:
    words = query_words(text, limit)
    assert len(words) == len(set(words)) <= limit
    assert all(fold(word) == word for word in words)


def _same(word: str) -> str:
    return word


@pytest.mark.parametrize(
    ("text", "sought", "marked"),
    [
        ("L’Élagage", Sought(frozenset({"elagage"}), frozenset()), "L’<mark>Élagage</mark>"),
        ("<b>tri</b>", Sought(frozenset({"tri"}), frozenset()),
         "&lt;b&gt;<mark>tri</mark>&lt;/b&gt;"),
        ("nettoyage", Sought(frozenset(), frozenset(), ("nett",)), "<mark>nettoyage</mark>"),
        ("nettoyage", Sought(frozenset(), frozenset(), (), ("netoyage",)),
         "<mark>nettoyage</mark>"),
        ("lavage", Sought(frozenset(), frozenset(), (), ("netoyage",)), ""),
        ("le tri", Sought(frozenset({"le"}), frozenset()), ""),
    ],
)  # fmt: skip
def test_highlight_marks_the_words_found(text: str, sought: Sought, marked: str) -> None:
    assert highlight(text, sought, _same) == marked


def test_highlight_cuts_long_texts_around_the_first_word_found() -> None:
    text = "avant " * 200 + "le tri des papiers " + "apres " * 200
    marked = highlight(text, Sought(frozenset({"tri"}), frozenset()), _same)
    assert marked.startswith("… ")
    assert marked.endswith(" …")
    assert "<mark>tri</mark> des papiers" in marked
    assert len(marked) <= EXCERPT + 30


@given(st.text(max_size=600))
def test_highlight_adds_marks_and_nothing_else(text: str) -> None:
    words = tokens(text)[:2]
    marked = highlight(text, Sought(frozenset(words), frozenset()), _same)
    plain = html.unescape(re.sub("</?mark>", "", marked))
    assert plain.removeprefix("… ").removesuffix(" …") in text
    assert "<" not in re.sub("</?mark>", "", marked)


@pytest.mark.parametrize(
    ("text", "misspelt", "texts", "expected"),
    [
        ("netoyage", ["netoyage"], ["Nettoyage de locaux"], "nettoyage"),
        ("le Netoyage urbain", ["netoyage"], ["nettoyage"], "le nettoyage urbain"),
        ("netoyage", ["netoyage"], ["lavage"], ""),
        ("jardi", ["jardi"], ["jardin"], ""),
        ("nettoyage", [], ["netoyage"], ""),
        ("ateliers", ["ateliers"], ["Un atelier"], ""),  # a plural is no mistake
        ("netoyages", ["netoyages"], ["nettoyages"], "nettoyages"),
    ],
)
def test_corrected_takes_words_from_what_was_found(
    text: str, misspelt: list[str], texts: list[str], expected: str
) -> None:
    assert corrected(text, misspelt, texts, stem) == expected


@given(
    st.floats(-90, 90), st.floats(-180, 180), st.floats(0.1, 5_000),
    st.floats(-90, 90), st.floats(-180, 180),
)  # fmt: skip
def test_a_box_holds_its_circle(
    lat: float, lon: float, radius: float, other_lat: float, other_lon: float
) -> None:
    distance = distance_km(lat, lon, other_lat, other_lon)
    box = box_around(Circle(lat, lon, radius))
    if distance <= radius:
        assert box.south <= other_lat <= box.north
        spans = box.spans or ((-180.0, 180.0),)
        assert any(west <= other_lon <= east for west, east in spans)


@pytest.mark.parametrize(
    ("word", "typos"),
    [("tri", 0), ("linge", 1), ("jardiner", 1), ("nettoyage", 2), ("59000", 0), ("lot12345", 0)],
)
def test_typos_allowed_grow_with_the_word(word: str, typos: int) -> None:
    assert ranking.typos_allowed(word) == typos


def test_a_turn_lasts_a_day_and_bad_days_have_one() -> None:
    days = [f"2026-03-{day:02d}" for day in range(1, 8)]
    assert sorted(ranking.turn_of(day) for day in days) == list(range(ranking.TURNS))
    assert ranking.turn_of("") == ranking.turn_of("demain") == 0


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=lambda schema: schema.name)
def test_schemas_name_only_what_they_declare(schema: IndexSchema) -> None:
    columns = {column.name for column in schema.columns}
    assert {field.column for field in schema.texts} == columns
    assert len(schema.by_name) == len(schema.fields)
    assert not columns & {f.name for f in schema.fields if f.kind is not Kind.TEXT}
    named = {schema.numbers.departement, schema.numbers.postcode, schema.numbers.siret}
    assert named | {schema.title} | set(schema.sort_fields.values()) <= schema.by_name.keys()


def test_dates_become_numbers_that_sort() -> None:
    assert date_number("2026-01-31") == date_number("2026-01-31T12:00:00+01:00") == 20260131
    with pytest.raises(ValueError, match="not enough"):
        date_number("demain")
