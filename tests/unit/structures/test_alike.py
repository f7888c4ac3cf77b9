"""Two ways of writing one fact are no conflict."""

import pytest

from annuaire.structures.alike import alike, same_place
from annuaire.structures.fields import EDITABLE, HIDEABLE, LABELS
from annuaire.structures.merge import FIELDS


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("name", "L'ŒUVRE  Élevée", "l’oeuvre elevee", True),
        ("name", "Ateliers St-Jean", "ATELIERS SAINT JEAN", True),
        ("name", "Ateliers du Nord", "Ateliers du Sud", False),
        ("address", "1, rue des Essais", "1 RUE DES ESSAIS", True),
        ("address", "1 rue des Essais", "11 rue des Essais", False),
        ("city", "LILLE CEDEX 2", "Lille", True),
        ("phone", "+33320000001", "03 20 00 00 01", True),
        ("phone", "+33320000001", "+33320000002", False),
        ("website", "https://www.essai.fr/", "http://essai.fr", True),
        ("website", "https://essai.fr/a", "https://essai.fr/b", False),
        ("email", "Contact@Essai.fr", "contact@essai.fr", True),
        ("naf", "81.21Z", "8121z", True),
        ("postcode", "59 000", "59000", True),
    ],
)
def test_values_are_alike_whatever_their_letters(
    field: str, one: str, other: str, *, same: bool
) -> None:
    assert alike(field, one, other) is same


@pytest.mark.parametrize(
    ("precision", "lat", "same"),
    [("number", 50.635, True), ("number", 50.7, False), ("commune", 50.7, True)],
)
def test_points_are_compared_when_both_are_exact(precision: str, lat: float, *, same: bool) -> None:
    one = {"lat": 50.63, "lon": 3.06, "geo_precision": "number"}
    assert same_place(one, {"lat": lat, "lon": 3.06, "geo_precision": precision}) is same


def test_every_merged_field_has_its_french_name() -> None:
    said_by_another = {"code_insee", "departement", "lon", "geo_precision"}
    assert set(FIELDS) - said_by_another == set(LABELS)
    assert set(EDITABLE) | set(HIDEABLE) <= set(LABELS)
