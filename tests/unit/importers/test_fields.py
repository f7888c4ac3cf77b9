"""Cells as directories write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.files.fields import (
    read_date,
    read_naf,
    read_number,
    read_siret,
    read_text,
    read_website,
)
from importers.files.text import repair, tidy, tidy_lines
from importers.rows import InvalidRow, Warned

GOOD = "00000001800010"  # invented: its keys are right, its SIREN was never given


@pytest.mark.parametrize(
    ("value", "read", "warned"),
    [
        (GOOD, GOOD, []),
        ("000 000 018 00010", GOOD, []),
        ("00000001800011", "00000001800011", ["siret_cle"]),
        ("35600000000048", "35600000000048", []),  # La Poste's head office
    ],
)
def test_a_siret_of_14_digits_is_kept_even_when_its_key_is_wrong(
    value: str, read: str, warned: list[str]
) -> None:
    warnings: list[Warned] = []
    assert read_siret(value, "siret", warnings) == read
    assert [w.code for w in warnings] == warned


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        ("00000000000000", "siret", "zéros"),
        ("", "siret", "14 chiffres"),
        ("123", "siret", "« 123 »"),
        ("0000000180001a", "siret", "14 chiffres"),
        ("٠١٢٣٤٥٦٧٨٩٠١٢٣", "siret", "14 chiffres"),
        ("2,601E+13", "siret_tableur", "tableur"),
        ("2.601e13", "siret_tableur", "tableur"),
        ("9" * 5000, "siret", "…"),
    ],
)
def test_another_siret_is_refused_naming_the_value_and_what_to_do(
    value: str, code: str, said: str
) -> None:
    with pytest.raises(InvalidRow, match=said) as caught:
        read_siret(value, "siret", [])
    assert (caught.value.code, caught.value.field) == (code, "siret")
    assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    ("value", "read"),
    [("56.21Z", "5621Z"), ("5621z", "5621Z"), ("", None), ("5621", None), ("AZERT", None)],
)
def test_naf_codes_lose_their_dot(value: str, read: str | None) -> None:
    warnings: list[Warned] = []
    assert read_naf(value, "naf", warnings) == read
    assert bool(warnings) == (read is None and value != "")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("https://atelier.example.org/a?b=1", "https://atelier.example.org/a?b=1"),
        ("http://atelier.example.org", "http://atelier.example.org"),
        ("atelier.example.org", "https://atelier.example.org"),
        ("", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://atelier.example.org", None),
        ("https://user:secret@atelier.example.org", None),
        ("https://x.org/<script>", None),
        ("https://", None),
        ("http://[::1", None),
        ("pas de site", None),
    ],
)
def test_only_web_addresses_are_kept(value: str, read: str | None) -> None:
    warnings: list[Warned] = []
    assert read_website(value, "website", warnings) == read
    assert bool(warnings) == (read is None and value != "")


@pytest.mark.parametrize(
    ("value", "read"),
    [("48,5", 48.5), (" 48.5 ", 48.5), ("nan", None), ("inf", None), ("1e400", None), ("", None)],
)
def test_numbers_are_finite(value: str, read: float | None) -> None:
    assert read_number(value) == read


def test_dates_are_iso_or_french_and_others_are_warned() -> None:
    warnings: list[Warned] = []
    assert read_date("2026-12-31", "d", warnings) == date(2026, 12, 31)
    assert read_date("31/12/2026", "d", warnings) == date(2026, 12, 31)
    assert read_date("", "d", warnings) is None
    assert warnings == []
    assert read_date("31/02/2026", "d", warnings) is None
    assert [w.code for w in warnings] == ["date"]


def test_a_long_text_is_cut_with_a_warning() -> None:
    warnings: list[Warned] = []
    assert read_text("a" * 300, "name", 255, warnings) == "a" * 255
    assert [w.code for w in warnings] == ["trop_long"]


@pytest.mark.parametrize(
    ("damaged", "right"),
    [
        ("rÃ©novation de lâ\x80\x99Ã©cole", "rénovation de l’école"),
        ("rÃ©novation de lâ€™Ã©cole", "rénovation de l’école"),
        ("Bâtiment \x96 lot 2", "Bâtiment – lot 2"),
        ("maitrise d'\x9cuvre", "maitrise d'œuvre"),
        ("BÂTIMENT COMMUNAL", "BÂTIMENT COMMUNAL"),
        ("PONTCHÂTEAU", "PONTCHÂTEAU"),
        ("HyÃ?res", "HyÃ?res"),  # lost for good: left as it is
        ("rénovation de l'Ã©cole", "rénovation de l'Ã©cole"),  # half damaged: not sure
    ],
)
def test_text_is_repaired_only_where_it_is_sure(damaged: str, right: str) -> None:
    assert repair(damaged) == right


def test_entities_are_decoded_once() -> None:
    assert tidy("l&#039;école &amp;amp; le   parc\n") == "l'école &amp; le parc"
    assert tidy_lines("a&nbsp;b\n\n  c ") == "a b\nc"


@given(st.text())
def test_repair_and_tidy_never_fail(text: str) -> None:
    assert isinstance(tidy(repair(text)), str)


@given(st.text())
def test_a_website_is_http_or_none(text: str) -> None:
    address = read_website(text, "website", [])
    assert address is None or address.lower().startswith(("http://", "https://"))
