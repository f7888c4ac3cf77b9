"""Whatever is typed, an answer: never an error, never what was not asked for."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engine import Engine, Query, Terms

HOSTILE = (
    "'", '"', "\\", '"; DROP TABLE', "a AND", "a OR b NOT", "(", "[x TO", "kinds:ESAT", "*", "?",
    "~2", "+-!{}^", "l'", "d’", "\x00\x01\x1b[31m", "nettoyage\x00", "\ud800", "\u202e", "%00",
    "é" * 10_000, "nettoyage " * 1_000, "a b " * 2_500, " ".join(f"mot{i}" for i in range(1_500)),
    "<mark>", "<script>alert(1)</script>", "{{7*7}}", "９９", "٣", "²", "🙂", "le la les", " ",
    "\n", "9" * 10_000, "../../etc/passwd", "_stored", "id:1",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(filled: Engine, text: str) -> None:
    for any_word in (False, True):
        query = Query(text, facets=("kinds",), any_word=any_word)
        answer = filled.search("structures", query)
        assert answer.total == len(answer.hits) == sum(answer.facets["kinds"].values())
        shown = "".join(v for hit in answer.hits for v in hit.highlights.values())
        assert "<" not in re.sub("</?mark>", "", shown)


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_filter_values_match_nothing(filled: Engine, value: str) -> None:
    for field in ("kinds", "departement", "id", "siret"):
        assert filled.search("structures", Query(filters=(Terms(field, (value,)),))).total == 0


@settings(max_examples=60)
@given(text=st.text(max_size=200), limit=st.integers(-5, 10**12), offset=st.integers(-5, 10**12))
def test_any_text_limit_and_offset_have_an_answer(
    filled: Engine, text: str, limit: int, offset: int
) -> None:
    answer = filled.search("structures", Query(text, limit=limit, offset=offset))
    assert len(answer.hits) <= answer.total <= 15


@pytest.mark.parametrize(("limit", "shown"), [(-1, 0), (0, 0), (1, 1), (10**9, 15)])
def test_limits_are_kept_within_bounds(filled: Engine, limit: int, shown: int) -> None:
    answer = filled.search("structures", Query(limit=limit))
    assert (answer.total, len(answer.hits)) == (15, shown)
