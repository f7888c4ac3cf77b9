"""Numbers as people type them, and lists as they send them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.bench.files import invented_siret
from annuaire.errors import InvalidInputError
from annuaire.takeaway.lists import numbers_of
from annuaire.takeaway.numbers import ROUNDED, ZERO, read_number
from importers.files.grids import grids_of_text

SIRET = invented_siret(1)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        (SIRET, SIRET),
        (f"{SIRET[:3]} {SIRET[3:6]} {SIRET[6:9]} {SIRET[9:]}", SIRET),
        (f"\u00a0{SIRET[:9]}\u202f{SIRET[9:]}\u200b", SIRET),
        (f"SIRET : {SIRET}", SIRET),
        (f"n° siret {SIRET[:9]}-{SIRET[9:]}", SIRET),
        ("35600000000048", "35600000000048"),  # La Poste, by its own rule
        ("552 100 554", "552100554"),
    ],
)
def test_separators_are_forgiven(text: str, digits: str) -> None:
    number = read_number(text)
    assert (number.digits, number.wrong) == (digits, "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "pas un numéro"),
        ("Jardins d'Essai", "pas un numéro"),
        ("1", "1 chiffre :"),
        (SIRET[:-1] + str((int(SIRET[-1]) + 1) % 10), "clé de contrôle de ce SIRET"),
        ("552100555", "clé de contrôle de ce SIREN"),
        ("00000000000000", "clé de contrôle"),
        ("8,00001E+13", ROUNDED),
        ("2.6E+13", ROUNDED),
        ("٣٥٦٠٠٠٠٠٠٠٠٠٤٨", "pas un numéro"),  # digits, and none of INSEE's
        ("9" * 500, "60 chiffres"),
    ],
)
def test_what_is_no_number_is_said_why(text: str, why: str) -> None:
    number = read_number(text)
    assert number.digits == ""
    assert why in number.wrong


def test_a_leading_zero_that_a_spreadsheet_lost_is_put_back() -> None:
    found = read_number("5632001300016")
    assert (found.digits, found.note) == ("05632001300016", ZERO)


@given(st.text(max_size=80))
def test_any_text_is_a_number_or_a_reason(text: str) -> None:
    number = read_number(text)
    assert bool(number.digits) != bool(number.wrong)
    assert len(number.digits) in (0, 9, 14)


LISTS = {
    "one a line": [SIRET, "", "12"],
    "with a heading": ["SIRET", SIRET, "12"],
    "semicolons": ["Nom;SIRET;Note", f"A;{SIRET};x", "B;12;y"],
    "commas and quotes": ['Nom,"N° SIRET"', f'"A, et fils","{SIRET}"', "B,12"],
    "tabs, as pasted": ["Nom\tsiret", f"A\t{SIRET}", "B\t12"],
    "SIREN beside": ["siren;nom;siret", f"{SIRET[:9]};A;{SIRET}", "1;B;12"],
    "numbers elsewhere": ["tel;siret", f"0320000000;{SIRET}", "0320000001;12"],
}


@pytest.mark.parametrize("lines", LISTS.values(), ids=LISTS)
def test_the_column_of_the_numbers_is_found(lines: list[str]) -> None:
    asked = numbers_of(grids_of_text(lines))
    assert [a.number.digits for a in asked] == [SIRET, ""]
    assert [a.number.given for a in asked] == [SIRET, "12"]
    assert asked[-1].line == 3


def test_lines_keep_their_number_in_a_list_with_gaps_and_long_cells() -> None:
    lines = ["Nom;SIRET", '"deux', f'lignes";{SIRET}', "", f"B;{SIRET}"]
    assert [a.line for a in numbers_of(grids_of_text(lines))] == [2, 5]


def test_a_quote_that_nothing_closes_loses_no_line() -> None:
    lines = ["Nom;SIRET", f'"jamais fermé;{SIRET}', *[f"B{n};{SIRET}" for n in range(20)]]
    assert len(numbers_of(grids_of_text(lines))) == 21


@pytest.mark.parametrize("lines", [["Bonjour"], ["a;b", "c;d"], ["x" * 100]])
def test_a_list_without_numbers_is_refused(lines: list[str]) -> None:
    with pytest.raises(InvalidInputError, match="Aucune colonne"):
        numbers_of(grids_of_text(lines))


def test_a_list_of_wrong_numbers_is_answered_line_by_line() -> None:
    asked = numbers_of(grids_of_text(["12345678901234", "1234567890123"]))
    assert [bool(a.number.wrong) for a in asked] == [True, True]
