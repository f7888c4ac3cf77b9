"""What is asked of the page of gaps: what is kept, and what is said of the rest."""

import pytest

from annuaire.coverage.asking import DEFAULT_RADIUS_KM, read


def test_a_whole_question_is_kept() -> None:
    asked = read(
        {
            "activite": ["blanchisserie"],
            "rayon": ["25"],
            "famille": ["handicap"],
            "departement": ["2A"],
        }
    )
    assert (asked.activity, asked.radius_km) == ("blanchisserie", 25)
    assert (asked.family, asked.departement, asked.errors) == ("handicap", "2A", ())


def test_a_group_of_activities_can_be_asked() -> None:
    assert read({"activite": ["linge"]}).activity == "linge"


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("activite", "rien", "activite"),
        ("famille", "sport", "famille"),
        ("departement", "999", "departement"),
        ("rayon", "-5", "rayon"),
        ("rayon", "10000", "rayon"),
        ("rayon", "²", "rayon"),
        ("autre", "x", ""),
    ],
)
def test_what_cannot_be_used_is_said_and_left_out(key: str, value: str, field: str) -> None:
    asked = read({key: [value]})
    assert [error.field for error in asked.errors] == [field]
    assert (asked.activity, asked.family, asked.departement) == ("", "", "")
    assert asked.radius_km == DEFAULT_RADIUS_KM
