"""What a user may ask of contracts: what the engine is then asked, and the words."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engine import Either, Filter, Range, Terms
from search.filters import CONTRACT_FILTERS, CONTRACT_SORTS, parse
from search.filters.bounds import day_of, number_of

DAY = date(2026, 11, 28)
CASES: list[tuple[dict[str, list[str]], Filter, str]] = [
    ({"social": ["oui"]}, Terms("social", ("oui",)), "Clauses sociales : oui"),
    ({"etat": ["ouvert"]}, Range("deadline", 20261128, None), "État : en cours"),
    ({"etat": ["clos"]}, Range("deadline", None, 20261127), "État : clos"),
    ({"etat": ["attribue"]}, Terms("state", ("awarded",)), "État : attribué"),
    (
        {"etat": ["avenir", "ouvert"]},
        Either((Terms("state", ("planned",)), Range("deadline", 20261128, None))),
        "État : à venir",
    ),
    ({"echeance_jours": ["10"]}, Range("deadline", 20261128, 20261208),
     "Échéance dans 10 jours au plus"),
    ({"echeance_du": ["2026-12-01"]}, Range("deadline", 20261201, None),
     "Échéance dès le 01/12/2026"),
    ({"publie_au": ["1/2/2026"]}, Range("published", None, 20260201), "Publié jusqu'au 01/02/2026"),
    ({"montant_min": ["25 000,50 €"]}, Range("amount", 25000.5, None),
     "Montant : dès 25\u202f000,50 € HT"),
    ({"montant_max": ["90000"]}, Range("amount", None, 90000),
     "Montant : jusqu'à 90\u202f000 € HT"),
    ({"heures_min": ["420"]}, Range("hours", 420, None), "Insertion : dès 420 heures"),
    ({"cpv": ["90910000-9"]}, Terms("cpv", ("9091",)), "CPV : 90910000-9 Services de nettoyage"),
    ({"cpv": ["espaces verts"]}, Terms("cpv", ("7731", "4511271")),
     "CPV : « espaces verts » (2 codes)"),
    ({"reserve": ["deux"]}, Terms("reserved", ("deux",)),
     "Réservé : aux deux à la fois, ou sans dire à qui (L2113-14)"),
    ({"clause": ["award_criterion"]}, Terms("clause_types", ("award_criterion",)),
     "Clause : Critère social"),
    ({"procedure": ["ouverte"]}, Terms("procedure", ("ouverte",)), "Procédure : ouverte"),
    ({"lots": ["oui"]}, Terms("allotted", ("oui",)), "Plusieurs lots : oui"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "asked", "sentence"), CASES, ids=[c[2] for c in CASES])
def test_value_is_asked_of_the_engine_and_said_in_french(
    values: dict[str, list[str]], asked: Filter, sentence: str
) -> None:
    search = parse(CONTRACT_FILTERS, CONTRACT_SORTS, values)
    assert search.errors == ()
    assert search.query(DAY).filters == (asked,)
    assert search.chosen[0].sentence == sentence


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("echeance_du", "31/02/2026", "attendu, une date, par exemple 31/05/2026"),
        ("echeance_du", "0202-01-01", "attendu, une date"),
        ("publie_au", "hier", "attendu, une date"),
        ("montant_min", "-3", "attendu, un nombre positif"),
        ("montant_min", "1e309", "attendu, un nombre positif"),
        ("montant_max", "9" * 30, "attendu, un nombre positif"),
        ("echeance_jours", "4000", "attendu, un nombre de jours de 0 à 3650"),
        ("cpv", "zzzz", "attendu, un code CPV"),
        ("etat", "open", "n'existe pas"),
        ("lots", "3", "n'existe pas"),
        ("departement", "2a", "attendu, un code de département, par exemple 59 ou 2A"),
        ("departement", "059", "attendu, un code de département"),
        ("activite", "espaces-verts", "le filtre « domaine » prend tout un domaine"),
    ],
)
def test_value_that_cannot_be_used_is_said_and_left_out(key: str, value: str, said: str) -> None:
    search = parse(CONTRACT_FILTERS, CONTRACT_SORTS, {key: [value]})
    assert search.chosen == ()
    assert [error.field for error in search.errors] == [key]
    assert said in search.errors[0].message


def test_bound_takes_one_value_and_says_which_it_leaves() -> None:
    search = parse(CONTRACT_FILTERS, CONTRACT_SORTS, {"montant_min": ["10", "20"]})
    assert [chosen.value for chosen in search.chosen] == ["10"]
    assert "« 20 » est laissée" in search.errors[0].message


@given(value=st.text(max_size=60))
def test_any_text_is_a_value_or_an_error(value: str) -> None:
    for kind in CONTRACT_FILTERS:
        values: dict[str, Any] = {kind.key: [value]}
        search = parse(CONTRACT_FILTERS, CONTRACT_SORTS, values)
        assert len(search.chosen) + len(search.errors) == (1 if value else 0)
        search.query(DAY)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_day_is_read_as_it_is_written(day: date) -> None:
    assert day_of(day.isoformat()) == day_of(f"{day:%d/%m/%Y}") == day


@given(st.integers(0, 10**9))
def test_number_is_read_with_or_without_its_spaces(number: int) -> None:
    assert number_of(str(number)) == number_of(f"{number:,}".replace(",", "\u202f")) == number
