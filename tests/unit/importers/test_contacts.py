"""Telephone numbers and e-mail addresses, as directories write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.files.contacts import read_email, read_phone
from importers.files.fields import Warnings


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("02 61 91 00 01", "+33261910001"),
        ("02.61.91.00.01", "+33261910001"),
        ("261910001", "+33261910001"),
        ("+33 2 61 91 00 01", "+33261910001"),
        ("0261910001/0639980001", "+33261910001"),
        ("0596 00 00 01", "+596596000001"),
        ("", None),
    ],
)
def test_a_number_comes_in_its_international_form(text: str, phone: str | None) -> None:
    warnings: Warnings = []
    assert read_phone(text, "tel", warnings) == phone
    assert warnings == []


@pytest.mark.parametrize("text", ["néant", "12", "99 99 99 99 99", "2,6E+09"])
def test_what_is_no_number_is_left_out_and_said(text: str) -> None:
    warnings: Warnings = []
    assert read_phone(text, "tel", warnings) is None
    assert [w.code for w in warnings] == ["telephone"]


def test_an_address_is_kept_when_it_may_be_one() -> None:
    warnings: Warnings = []
    assert read_email(" Contact@Example.org ", "mail", warnings) == "Contact@example.org"
    assert read_email("", "mail", warnings) is None
    assert warnings == []
    assert read_email("voir le site", "mail", warnings) is None
    assert [w.code for w in warnings] == ["courriel"]


@given(st.text())
def test_any_text_gives_a_value_or_none(text: str) -> None:
    assert isinstance(read_phone(text, "tel", []), str | None)
    assert isinstance(read_email(text, "mail", []), str | None)
