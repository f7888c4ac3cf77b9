"""Which places an area serves: by what an index holds of it, and for one need."""

import pytest

from annuaire.geo.area_words import area_words
from annuaire.geo.areas import ServiceArea, area_of, marks_at, marks_of, why_served
from annuaire.geo.gazetteer import gazetteer
from annuaire.geo.places import locate

LILLE = (50.633, 3.058)

DRAWN = ((50.30, 2.70), (50.30, 3.30), (50.75, 3.30), (50.75, 2.70))
AREAS = {
    "50 km around Lille": ServiceArea(radius_km=50),
    "10 km around Brest": ServiceArea(radius_km=10, centre=(48.39, -4.486), centre_label="Brest"),
    "Nord": ServiceArea(departements=("59",)),
    "Bretagne": ServiceArea(regions=("53",)),
    "Lyon's metropolis": ServiceArea(epcis=("200046977",)),
    "Paris": ServiceArea(communes=("75056",)),
    "a drawing around Lille and Lens": ServiceArea(ring=DRAWN),
    "France": ServiceArea(country=True),
}
CASES = [
    ("50 km around Lille", {"Lille", "Lens", "59100", "Nord", "Pas-de-Calais", "Hauts-de-France"}),
    ("10 km around Brest", {"Brest", "Finistère", "Bretagne", "Brest Métropole"}),
    (
        "a drawing around Lille and Lens",
        {"Lille", "Lens", "59100", "Nord", "Pas-de-Calais", "Hauts-de-France"},
    ),
    ("Nord", {"Lille", "Lens?", "Dunkerque", "59100", "Nord", "Hauts-de-France"}),
    ("Bretagne", {"Brest", "Rennes", "Finistère", "Bretagne", "Brest Métropole"}),
    ("Lyon's metropolis", {"Lyon", "Villeurbanne", "Rhône", "Métropole de Lyon"}),
    ("Paris", {"Paris", "Paris 13e", "75011", "Île-de-France"}),
]
PLACES = (
    "Lille", "Lens", "Dunkerque", "59100", "Nord", "Pas-de-Calais", "Hauts-de-France", "Brest",
    "Rennes", "Finistère", "Bretagne", "Brest Métropole", "Lyon", "Villeurbanne", "Rhône",
    "Métropole de Lyon", "Paris", "Paris 13e", "75011", "Île-de-France", "Ajaccio", "974",
)  # fmt: skip


def serves(area: ServiceArea, text: str) -> bool:
    """As the filter « intervient à » asks the index."""
    place = locate(text)
    assert place, text
    marks = marks_of(area, LILLE)
    if place.kind in ("departement", "region"):
        return not {*marks.departements}.isdisjoint(place.departements)
    return not {*marks.serves}.isdisjoint(marks_at(place))


@pytest.mark.parametrize(("name", "expected"), CASES)
def test_an_area_serves_the_places_in_it(name: str, expected: set[str]) -> None:
    assert {text for text in PLACES if serves(AREAS[name], text)} == expected & {*PLACES}


def test_the_country_serves_every_place() -> None:
    assert all(serves(AREAS["France"], text) for text in PLACES)


def test_a_wide_circle_stands_for_its_departements() -> None:
    marks = marks_of(ServiceArea(radius_km=300), LILLE)
    assert "departement:59" in marks.serves
    assert "commune:59350" not in marks.serves
    assert len(marks.serves) < 4_000


def test_a_circle_around_an_unknown_point_serves_nothing() -> None:
    assert marks_of(ServiceArea(radius_km=50), None).serves == ()


@pytest.mark.parametrize(
    ("area", "code", "departement", "words"),
    [
        ("50 km around Lille", "59350", None, "rayon de 50 km"),
        ("50 km around Lille", "29019", None, None),
        ("Nord", "59350", None, "Nord (59)"),
        ("Nord", None, "59", "Nord (59)"),
        ("Nord", None, "62", None),
        ("Bretagne", "29019", None, "Bretagne"),
        ("Lyon's metropolis", "69266", None, "Métropole de Lyon"),
        ("Paris", "75113", None, "Paris 13e Arrondissement"),
        ("France", "97411", None, "toute la France"),
    ],
)
def test_why_an_area_covers_a_spot(
    area: str, code: str | None, departement: str | None, words: str | None
) -> None:
    commune = gazetteer().commune(code) if code else None
    point = (commune.lat, commune.lon) if commune and commune.lat and commune.lon else None
    assert why_served(AREAS[area], LILLE, point, code, departement) == words  # type: ignore[arg-type]  # both are known


def test_an_area_is_kept_and_found_again() -> None:
    for area in AREAS.values():
        assert area_of(area.as_data()) == area
        assert area_words(area)
    assert area_of({}) is None
    assert area_of({"communes": ["00000"], "departements": ["59"]}) == AREAS["Nord"]
