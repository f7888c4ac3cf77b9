"""A point of the map as a place."""

import pytest

from annuaire.geo.free_address import find_place, unknown_place
from annuaire.geo.typed_point import in_words


@pytest.mark.parametrize(
    ("text", "lat", "lon", "departement"),
    [
        ("point:48.8566,2.3522", 48.8566, 2.3522, "75"),
        ("point: 48.8566 ; 2.3522", 48.8566, 2.3522, "75"),
        ("POINT:45.76404,4.83566", 45.764, 4.8357, "69"),
        ("zone de la carte (48.8566 ; 2.3522)", 48.8566, 2.3522, "75"),
        ("Zone de la carte (-20.88 ; 55.45)", -20.88, 55.45, "974"),
        ("point:-22.2758,166.4581", -22.2758, 166.4581, "988"),
    ],
)
def test_point_is_a_place(text: str, lat: float, lon: float, departement: str) -> None:
    found = find_place(text)
    assert found is not None
    assert (found.place.kind, found.place.label) == ("point", "zone de la carte")
    assert (found.place.lat, found.place.lon) == (lat, lon)
    assert found.place.departements == (departement,)
    assert found.note is None


def test_point_in_the_box_and_in_the_address_is_the_same() -> None:
    found = find_place("point:48.85,-0.00001")
    assert found is not None
    assert found.place.code == "48.85,0"
    assert find_place(in_words(found.place)) == find_place(found.place.token) == found


@pytest.mark.parametrize(
    "text",
    [
        "point:91,2", "point:48,181", "point:nan,2", "point:48,inf", "point:-inf,2", "point:",
        "point:48", "point:48,2,3", "point:a,b", "point:48.8566 2.3522", "zone de la carte (x ; 2)",
        "point:1e400,2", "point:٤٨x,2", "point:" + "9" * 200,
    ],
)  # fmt: skip
def test_point_that_is_none_is_refused_with_what_to_give(text: str) -> None:
    assert find_place(text) is None
    assert unknown_place(text).startswith("Point impossible : « ")
    assert "point:48.8566,2.3522" in unknown_place(text)


@pytest.mark.parametrize("text", ["point:0,0", "point:40.7,-74", "point:-90,0", "point:90,180"])
def test_point_that_no_radius_joins_to_france_is_refused(text: str) -> None:
    assert find_place(text) is None
    assert "trop loin de la France" in unknown_place(text)


def test_point_at_sea_or_abroad_is_told_as_such() -> None:
    at_sea = find_place("point:42.8,4.8")
    assert at_sea is not None
    assert at_sea.note is not None
    assert at_sea.note.startswith("Le centre de cette zone est en mer ou hors de France : ")
