"""Codes of places in notices, those in force and those of before 2018."""

import pytest

from annuaire.geo.nuts import departement_of_nuts


@pytest.mark.parametrize(
    ("code", "departement"),
    [
        ("FRK26", "69"), (" frk26 ", "69"), ("FR101", "75"), ("FRY10", "971"),
        ("FR716", "69"), ("FR825", "83"), ("FR831", "2A"), ("FRA10", "971"), ("FR940", "974"),
        ("FR", None), ("FR10", None), ("DE111", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_code_of_the_third_level_is_a_departement(
    code: str | None, departement: str | None
) -> None:
    assert departement_of_nuts(code) == departement
