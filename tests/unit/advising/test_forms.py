from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.advising.hours_form import MAX_LOTS, lot_count, read_hours
from annuaire.advising.oeth_form import read_oeth
from annuaire.advising.typed import number

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("12 000,50 € HT", 12_000.5), ("7,5 %", 7.5), ("1\u202f000", 1000), ("25 000 ht", 25_000)],
)
def test_numbers_are_read_as_people_type_them(typed: str, expected: float) -> None:
    assert number(typed) == expected


@pytest.mark.parametrize("typed", ["nan", "inf", "1e999", "beaucoup", "", "1" * 30, "0x10"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, the form says its own
        number(typed)


def test_hours_form_reads_lots_rule_and_names() -> None:
    asked, errors = read_hours(
        {
            "nature": "services", "montant1": "100 000", "metier1": "peinture", "nom1": "Nord",
            "montant3": "50000", "part3": "80", "cout": "25", "temps_plein": "1820",
        }
    )  # fmt: skip
    assert not errors
    assert asked is not None
    assert [(p.part.label, p.part.share) for p in asked.total.lots] == [
        ("Nord", 0.7),
        ("Lot 3", 0.8),
    ]
    assert (asked.rule.rate, asked.rule.cost_eur, asked.rule.full_time_hours) == (0.1, 25, 1820)
    assert [lot.hours for lot in asked.total.lots] == [280, 160]


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, ["montant1"]),
        ({"montant1": "x"}, ["montant1"]),
        ({"montant1": "-5"}, ["montant1"]),
        ({"montant1": "1000", "part1": "101"}, ["part1"]),
        ({"montant1": "1000", "taux": "500", "cout": "1"}, ["taux", "cout"]),
        ({"montant1": "1000", "metier1": "zz", "methode": "q"}, ["methode", "metier1"]),
        ({"montant1": "1000", "nature": "magie"}, ["nature"]),
    ],
)
def test_hours_form_says_which_field_is_wrong(values: dict[str, str], fields: list[str]) -> None:
    asked, errors = read_hours(values)
    assert asked is None
    assert [error.field for error in errors] == fields


@pytest.mark.parametrize(
    ("values", "count"),
    [({}, 3), ({"lots": "5"}, 5), ({"lots": "999"}, MAX_LOTS), ({"lots": "-1"}, 3),
     ({"lots": "1", "montant4": "1"}, 4), ({"lots": "0"}, 1), ({"lots": "٣"}, 3)],
)  # fmt: skip
def test_form_has_as_many_lines_as_asked_or_filled(values: dict[str, str], count: int) -> None:
    assert lot_count(values) == count


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"couts": "1"}, "prix"),
        ({"prix": "x"}, "prix"),
        ({"prix": "100", "couts": "200"}, "couts"),
        ({"prix": "100", "taux": "150"}, "taux"),
        ({"prix": "100", "date": "hier"}, "date"),
        ({"prix": "100", "date": "2019-01-01"}, "date"),
    ],
)
def test_oeth_form_says_which_field_is_wrong(values: dict[str, str], field: str) -> None:
    asked, errors = read_oeth(values, TODAY)
    assert asked is None
    assert [error.field for error in errors] == [field]


NAMES = st.sampled_from(
    ["montant1", "montant2", "part1", "metier1", "taux", "cout", "euros", "base", "methode",
     "temps_plein", "lots", "nature", "prix", "couts", "contribution", "date", "nom1"]
)  # fmt: skip


@given(st.dictionaries(NAMES, st.text(max_size=30) | st.floats().map(str)))
def test_any_form_has_an_answer_or_errors(values: dict[str, str]) -> None:
    hours, hour_errors = read_hours(values)
    assert (hours is None) == bool(hour_errors)
    spent, errors = read_oeth(values, TODAY)
    assert (spent is None) == bool(errors)
