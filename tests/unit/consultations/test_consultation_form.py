"""What a buyer types of a consultation: kept whole, refused field by field, understood."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.consultations.form import (
    FIELDS,
    LOT_FIELDS,
    MOST_LOTS,
    checked,
    official_notice,
    read_content,
)
from annuaire.consultations.prefilling import prefilled
from annuaire.documents.analysing import analyse
from annuaire.documents.text import DocumentText

TODAY = date(2026, 11, 28)
GOOD = {
    "objet": "Nettoyage de la mairie",
    "adresse": "https://profil.exemple.fr/consultation/12",
    "limite": "2026-12-15",
    "departement": "59, Pas-de-Calais",
    "conditions": "Le titulaire réalise 140 heures d'insertion.",
    "lot-1-objet": "Vitres",
    "lot-1-montant": "12 500,50 €",
    "lot-1-cpv": "90911300-9",
    "lot-3-numero": "2",
    "lot-3-objet": "Sols",
    "lot-3-departement": "Nord",
    "lot-3-clause": "Lot réservé aux structures d'insertion.",
}


def body(**changes: str) -> tuple[dict[str, Any] | None, list[str]]:
    content = read_content((GOOD | changes).items())
    found, errors = checked(content, TODAY)
    return found, [error.field for error in errors]


def test_what_holds_says_it_in_the_words_of_a_push() -> None:
    found, errors = body()
    assert errors == []
    assert found is not None
    assert found["deadline"] == datetime(2026, 12, 15, 12, tzinfo=ZoneInfo("Europe/Paris"))
    assert found["departements"] == ["59", "62"]
    assert found["lots"] == [
        {"number": "1", "title": "Vitres", "cpv": "90911300", "amount_eur": 12_500.5},
        {"number": "2", "title": "Sols", "departement": "59"},
    ]
    assert found["texts"] == [
        {"kind": "execution", "text": GOOD["conditions"]},
        {"kind": "execution", "text": GOOD["lot-3-clause"], "lot": "2"},
    ]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"objet": ""}, ["objet"]),
        ({"objet": "a" * 501}, ["objet"]),
        ({"adresse": ""}, ["adresse"]),
        ({"adresse": "javascript:alert(1)"}, ["adresse"]),
        ({"adresse": "https://localhost"}, ["adresse"]),
        ({"limite": ""}, ["limite"]),
        ({"limite": "0202-12-15"}, ["limite"]),
        ({"limite": "2026-11-27"}, ["limite"]),
        ({"limite": "15/12/2026"}, ["limite"]),
        ({"heure": "25:00"}, ["limite"]),
        ({"departement": "Atlantide"}, ["departement"]),
        ({"departement": ""}, ["departement"]),  # one lot says where it is, the other does not
        ({"cpv": "12"}, ["cpv"]),
        ({"lot-1-cpv": "00000000"}, ["lot-1-cpv"]),
        ({"lot-1-montant": "beaucoup"}, ["lot-1-montant"]),
        ({"lot-1-montant": "1e15"}, ["lot-1-montant"]),
        ({"lot-1-montant": "-3"}, ["lot-1-montant"]),
        ({"lot-1-objet": ""}, ["lot-1-objet"]),
        ({"lot-1-numero": "2"}, ["lot-2-numero"]),
        ({"lot-3-departement": "Nord", "lot-3-commune": "Marseille"}, ["lot-2-commune"]),
        ({"description": "a" * 20_001}, ["description"]),
    ],
)
def test_what_does_not_hold_is_told_at_its_field(
    changes: dict[str, str], fields: list[str]
) -> None:
    found, wrong = body(**changes)
    assert found is None
    assert wrong == fields


@given(st.lists(st.tuples(
    st.sampled_from([*FIELDS, *(f"lot-{n}-{name}" for n in (1, 7, 999) for name in LOT_FIELDS)]),
    st.text(max_size=40),
)))  # fmt: skip
def test_whatever_is_typed_is_kept_or_told(values: list[tuple[str, str]]) -> None:
    content = read_content(values)
    assert set(content["fields"]) == set(FIELDS)
    assert len(content["lots"]) <= MOST_LOTS
    assert "\x00" not in repr(content)
    found, errors = checked(content, TODAY)
    assert (found is None) == bool(errors)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.boamp.fr/pages/avis/?q=idweb:%2226-12345%22", "boamp-26-12345"),
        ("https://www.boamp.fr/avis/detail/26-12345", "boamp-26-12345"),
        ("https://ted.europa.eu/fr/notice/-/detail/345678-2026", "ted-345678-2026"),
        ("https://boamp.fr.exemple.org/26-12345", None),
        ("https://faux-boamp.fr/26-12345", None),
        ("https://profil.exemple.fr/26-12345", None),
    ],
)
def test_an_official_address_names_its_notice(address: str, expected: str | None) -> None:
    assert official_notice(address) == expected
    found, _ = body(adresse=address, reference="2026S0042")
    assert found is not None
    assert found.get("notice") == expected
    assert ("reference" in found) == (expected is None)


def test_a_document_begins_the_form() -> None:
    text = (
        "Objet de la consultation : nettoyage de la mairie\n"
        "Lot n° 1 : vitres\nLot n° 2 : sols\n"
        "Pour le lot 2, le titulaire réalise 140 heures d'insertion."
    )
    content = prefilled(analyse(DocumentText("txt", text, "page", (0,))))
    assert content["fields"]["objet"].lower() == "nettoyage de la mairie"
    assert [(lot["numero"], lot["objet"].lower()) for lot in content["lots"]] == [
        ("1", "vitres"), ("2", "sols"),
    ]  # fmt: skip
    assert "140 heures" in content["lots"][1]["clause"]
    assert content["lots"][0]["clause"] == ""
