"""Names that try to be formulas, and what cannot be seen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.cells import FORMULA, harmless, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jardins d'Essai", "Jardins d'Essai"),
        ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
        ("+33 3 20 00 00 00", "'+33 3 20 00 00 00"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("\r\n=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("\u200b=1+1", "'=1+1"),  # hidden by a space of no width
        ("\ufeff=1+1", "'=1+1"),
        ("\u202e=1+1", "'=1+1"),  # read from right to left
        ("＝1+1", "'＝1+1"),  # full width, a formula in some editions
        ("", ""),
    ],
)
def test_what_begins_a_formula_is_made_text(text: str, expected: str) -> None:
    assert harmless(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sur\ndeux lignes", "Sur deux lignes"),
        ("a\x00b\x07c", "abc"),
        ("gnp.\u202eexe", "gnp.exe"),
        ("co\u00adupé", "coupé"),
        ("\ud800seul", "seul"),
        ("Œuvre à l’été", "Œuvre à l’été"),
    ],
)
def test_a_cell_is_one_line_of_what_can_be_seen(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text())
def test_no_text_begins_a_formula_or_breaks_a_file(text: str) -> None:
    shown = harmless(text)
    assert not shown.lstrip().startswith(FORMULA)
    assert shown.encode().decode() == shown
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in shown)
