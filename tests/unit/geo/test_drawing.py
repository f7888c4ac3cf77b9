"""The small map of a place, drawn from our own outlines."""

import pytest

from annuaire.geo.drawing import drawing_of
from annuaire.geo.gazetteer import gazetteer


@pytest.mark.parametrize("code", ["59", "75", "2A", "92", "971", "973", "974", "976"])
def test_a_place_stands_inside_its_drawing(code: str) -> None:
    commune = max(gazetteer().communes_of_departement(code), key=lambda c: c.population)
    assert commune.lat is not None
    assert commune.lon is not None
    drawing = drawing_of(commune.lat, commune.lon, code)
    assert drawing
    assert 0 < drawing.x < drawing.width
    assert 0 < drawing.y < drawing.height
    assert drawing.home.startswith("M")
    assert len(drawing.home) + sum(map(len, drawing.neighbours)) < 60_000


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [(50.6, 3.0, None), (50.6, 3.0, "99"), (43.0, 5.0, "59"), (46.78, -56.17, "975")],
)
def test_a_place_outside_of_its_departement_or_without_outline_has_no_drawing(
    lat: float, lon: float, code: str | None
) -> None:
    assert drawing_of(lat, lon, code) is None


def test_neighbours_are_in_sight() -> None:
    drawing = drawing_of(50.63, 3.06, "59")
    assert drawing
    assert len(drawing.neighbours) >= 2
