"""Codes of the CPV by their beginning or by words."""

import pytest

from annuaire.activities import cpv_search


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("90910000", ("90910000",)),
        ("90910000-9", ("90910000",)),
        ("9091", ("90910000",)),
        ("90", ("90000000",)),
        ("espaces verts", ("77310000", "45112710")),
        ("Espace vert", ("77310000", "45112710")),
        ("99", ()),
        ("9", ()),
        ("", ()),
        ("de la", ()),
        ("zzzz", ()),
        ("٣٣", ()),
        ("1" * 400, ()),
    ],
)
def test_text_names_the_codes_that_it_begins_or_whose_words_it_holds(
    typed: str, codes: tuple[str, ...]
) -> None:
    assert cpv_search.under(typed) == codes


def test_words_give_no_code_under_another_of_them_and_no_division() -> None:
    starts = [cpv_search.beginning(code) for code in cpv_search.under("nettoyage")]
    assert all(len(start) > 2 for start in starts)
    assert not any(a != b and a.startswith(b) for a in starts for b in starts)


def test_code_is_found_under_each_of_its_beginnings() -> None:
    assert cpv_search.beginnings("90911200-8") == [
        "90", "909", "9091", "90911", "909112", "9091120", "90911200",
    ]  # fmt: skip
    assert cpv_search.beginnings("9091") == cpv_search.beginnings(None) == []


@pytest.mark.parametrize(("typed", "first"), [("9091", "90910000"), ("jardin", "16160000")])
def test_widest_code_is_proposed_first(typed: str, first: str) -> None:
    found = cpv_search.suggestions(typed, 5)
    assert found[0][0] == first
    assert len(found) <= 5
