"""CPV and NAF codes as notices and directories write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.activities import cpv, naf


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("90910000-9", "90910000"),
        ("90910000", "90910000"),
        (" 90910000 - 9 ", "90910000"),
        ("03311000-2", "03311000"),
        ("72600000-6", "72600000"),
        ("90910000-1", None),
        ("99999999", None),
        ("9091", None),
        ("", None),
        (None, None),
    ],
)
def test_cpv_normalise_keeps_known_codes_with_a_right_check_digit(
    written: str | None, expected: str | None
) -> None:
    assert cpv.normalise(written) == expected
    assert cpv.is_known(written) is (expected is not None)


def test_cpv_says_label_full_code_and_parents() -> None:
    assert cpv.label("90911200-8") == "Services de nettoyage de bâtiments"
    assert cpv.full("90911200") == "90911200-8"
    assert cpv.parents("90911200") == ["90911000", "90910000", "90900000", "90000000"]
    assert cpv.parents("30000000") == []


def test_cpv_unknown_has_no_label_nor_parents() -> None:
    assert cpv.label("12345678") is cpv.full("12345678") is None
    assert cpv.parents("12345678") == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("8121Z", "Nettoyage courant des bâtiments"),
        ("81.21z", "Nettoyage courant des bâtiments"),
        ("81", "Services relatifs aux bâtiments et aménagement paysager"),
        ("0000Z", None),
        ("", None),
    ],
)
def test_naf_label(written: str, expected: str | None) -> None:
    assert naf.label(written) == expected
    assert naf.is_known(written) is (expected is not None)


@given(st.text(max_size=20))
def test_any_text_is_a_known_code_or_none(text: str) -> None:
    assert cpv.normalise(text) is None or cpv.label(text)
    assert naf.normalise(text) is None or naf.label(text)
