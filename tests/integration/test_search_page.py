"""The search page without script: a point as a place, the tree of activities, what to relax."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.factories.commands import Run, last_json
from tests.factories.files import LYON, siae, write_csv


@pytest.fixture
def filled(run: Run, client: FlaskClient, tmp_path: Path) -> FlaskClient:
    """A site with three structures: one in Lille, two in Lyon."""
    rows = [
        siae(1),
        siae(2, **LYON),
        siae(3, name="BLANCHISSERIE D'ESSAI", naf="9601A", **LYON),
    ]
    run("import", "siae", write_csv(tmp_path / "siae.csv", rows))
    return client


def test_point_is_searched_around_and_shown_in_words(filled: FlaskClient) -> None:
    page = filled.get("/structures?lieu=point:45.76,4.84&rayon=20").text
    assert "2 structures, zone de la carte" in page
    assert 'value="zone de la carte (45.76 ; 4.84)"' in page
    assert "Lieu : zone de la carte, 20 km autour de son centre" in page
    points = filled.get("/structures/carte.json?lieu=point:45.76,4.84&rayon=20").get_json()
    assert points["circle"] == {"lat": 45.76, "lon": 4.84, "radius_km": 20}
    assert len(points["features"]) == 2
    assert "circle" not in filled.get("/structures/carte.json").get_json()


def test_point_without_radius_has_the_usual_one(filled: FlaskClient) -> None:
    points = filled.get("/structures/carte.json?lieu=point:45.76,4.84").get_json()
    assert points["circle"]["radius_km"] == 25


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("point:91,2", "Point impossible : « point:91,2 »"),
        ("point:nan,inf", "Point impossible : « point:nan,inf »"),
        ("point:0,0", "Ce point est trop loin de la France"),
        ("point:40.71,-74", "Ce point est trop loin de la France"),
    ],
)
@pytest.mark.parametrize("path", ["/structures", "/marches"])
def test_point_that_cannot_be_used_is_said(
    filled: FlaskClient, path: str, place: str, said: str
) -> None:
    answer = filled.get(f"{path}?lieu={place}&rayon=20")
    assert answer.status_code == 400
    assert said in answer.text


def test_point_at_sea_is_searched_and_told_as_such(filled: FlaskClient) -> None:
    answer = filled.get("/structures?lieu=point:42.8,4.8&rayon=300")
    assert answer.status_code == 200
    assert "en mer ou hors de France" in answer.text


def test_command_line_searches_near_a_point(filled: FlaskClient, run: Run) -> None:
    found = last_json(run("search", "--near", "point:45.76,4.84", "--radius", "20", "--json"))
    assert found["total"] == 2
    refused = run("search", "--near", "point:91,2")
    assert refused.exit_code != 0
    assert "Point impossible" in refused.output
