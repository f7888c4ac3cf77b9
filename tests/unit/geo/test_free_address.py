"""Addresses typed freely: their commune offline, their point when the address base is sure."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.geo.free_address import commune_of_address, exact_place, find_place
from annuaire.geo.geocoder import Geocoded
from annuaire.geo.places import locate


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("12 rue de la Paix, 59000 Lille", "commune:59350"),
        ("12 rue de la Paix 59000 LILLE CEDEX", "commune:59350"),
        ("12 rue de la Paix Lille 59000", "commune:59350"),
        ("12 bis rue de la Paix, Lille", "commune:59350"),
        ("12 RUE DE LA PAIX LILLE", "commune:59350"),
        ("12 rue de Lille, Arras", "commune:62041"),
        ("3 place Bellecour 69002 Lyon", "commune:69382"),
        ("3 place Bellecour Lyon 2e", "commune:69382"),
        ("12 rue de la République 69003", "postcode:69003"),
        ("5 avenue du Général de Gaulle 97400 Saint-Denis", "commune:97411"),
        ("ZA des Prés, 12100 Millau", "commune:12145"),
        ("Route de la mer, Le Havre", "commune:76351"),
        ("12 av. Jean Jaurès, Saint-Étienne (42)", "commune:42218"),
        ("15 r. Gambetta Villeneuve d'Ascq", "commune:59009"),
        ("4 rue du Port La Rochelle", "commune:17300"),
    ],
)
def test_address_is_around_its_commune_and_says_so(text: str, token: str) -> None:
    found = find_place(text)
    assert found is not None
    assert found.place.token == token
    assert found.note == (
        "L'adresse n'est pas située précisément : recherche autour du centre de "
        f"{found.place.label}."
    )


@pytest.mark.parametrize(
    "text",
    ["rue de Lille", "12 rue de Lille", "10 downing street london", "1 rue X 99999 Nulle",
     "12 rue de la Paix", "nettoyage de bureaux", "69001 rue", ""],
)  # fmt: skip
def test_no_commune_is_guessed(text: str) -> None:
    assert commune_of_address(text) is None
    assert find_place(text) is None


@pytest.mark.parametrize("text", ["Lille", "59000", "Bretagne", "commune:69123", "Rue", "12"])
def test_what_the_gazetteer_knows_needs_no_note(text: str) -> None:
    found = find_place(text)
    assert found is not None
    assert (found.place, found.note) == (locate(text), None)


@given(st.text(max_size=200))
def test_any_text_is_a_place_or_none(text: str) -> None:
    found = find_place(text)
    assert found is None or found.place.departements or found.place.lat is None


@given(st.sampled_from(["12 rue X ", "3 bis avenue Y, ", "route "]), st.text(max_size=60))
def test_any_end_of_an_address_is_a_place_or_none(start: str, end: str) -> None:
    find_place(start + end)


ADDRESS = "8 rue Inventée, 59000 Lille"


def answer(**changes: Any) -> Geocoded:
    values: dict[str, Any] = {
        "lat": 50.64, "lon": 3.05, "score": 0.9, "precision": "number", "code_insee": "59350",
        "label": "8 Rue Inventée 59000 Lille",
    }  # fmt: skip
    return Geocoded(**values | changes)


def test_exact_point_is_used_and_said() -> None:
    found = exact_place(ADDRESS, answer())
    assert found is not None
    assert (found.place.lat, found.place.lon, found.place.kind) == (50.64, 3.05, "address")
    assert found.place.departements == ("59",)
    assert found.note == (
        "Adresse située par la Base adresse nationale : 8 Rue Inventée 59000 Lille."
    )


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("unsure", {"score": 0.5}),
        ("only the commune", {"precision": "commune"}),
        ("another commune", {"code_insee": "59512"}),
        ("another département", {"code_insee": "69123"}),
        ("no commune", {"code_insee": None}),
        ("null", {"lat": 0.0, "lon": 0.0}),
        ("outside the département", {"lat": 45.76, "lon": 4.85}),
    ],
)
def test_answer_that_cannot_be_right_is_not_used(why: str, changes: dict[str, Any]) -> None:
    assert exact_place(ADDRESS, answer(**changes)) is None, why
