"""What a person types in « Où ? »."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.geo.places import locate, near_names, suggest_places


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("Lyon", "commune:69123"),
        ("lyon 3e", "commune:69383"),
        ("Paris 12ème", "commune:75112"),
        ("69003", "postcode:69003"),
        ("Lyon 69003", "commune:69383"),
        ("69123", "commune:69123"),
        ("69", "departement:69"),
        ("3", "departement:03"),
        ("2a", "departement:2A"),
        ("Nord", "departement:59"),
        ("Creuse", "departement:23"),  # there is a village of that name
        ("Bretagne", "region:53"),
        ("Corse", "region:94"),
        ("Métropole de Lyon", "epci:200046977"),
        ("200046977", "epci:200046977"),
        ("CC Faucigny-Glières", "epci:200000172"),
        ("Plaine Commune", "epci:200057867"),
        ("St-Etienne", "commune:42218"),
        ("Le Havre", "commune:76351"),
        ("havre", "commune:76351"),
        ("Saint-Denis (93)", "commune:93066"),
        ("Saint-Denis 974", "commune:97411"),
        ("SAINT DENIS 93210", "commune:93066"),
        ("97150", "postcode:97150"),
        ("Cherbourg-Octeville", "commune:50129"),
        ("commune:69123", "commune:69123"),
        ("departement:59", "departement:59"),
        ("commune:00000", None),
        ("20", None),
        ("99999", None),
        ("Atlantide", None),
        ("Lyom", None),
        ("", None),
        (" - ", None),
    ],
)
def test_locate_understands(text: str, token: str | None) -> None:
    place = locate(text)
    assert (place.token if place else None) == token


def test_a_territory_has_its_departements_and_a_centre() -> None:
    brittany = locate("Bretagne")
    assert brittany is not None
    assert brittany.departements == ("22", "29", "35", "56")
    assert brittany.lat == pytest.approx(48.1, abs=0.2)
    assert brittany.lon == pytest.approx(-2.8, abs=0.5)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("lyo", "Lyon (69)"),
        ("par", "Paris (75)"),
        ("montp", "Montpellier (34)"),
        ("rochel", "La Rochelle (17)"),
        ("st et", "Saint-Étienne (42)"),
        ("Rènnes", "Rennes (35)"),
        ("norman", "Normandie (région)"),
        ("métropole de ly", "Métropole de Lyon (intercommunalité)"),
        ("6900", "69003 Lyon 3e Arrondissement"),
        ("69", "Rhône (69)"),
        ("bordeuax", "Bordeaux (33)"),
        ("marsiel", "Marseille (13)"),
        ("boulgne bil", "Boulogne-Billancourt (92)"),
    ],
)
def test_suggest_places_puts_the_likeliest_first(text: str, first: str) -> None:
    assert suggest_places(text)[0].label == first


def test_suggest_places_gives_both_homonyms_and_no_place_twice() -> None:
    labels = [p.label for p in suggest_places("saint-denis")]
    assert {"Saint-Denis (93)", "Saint-Denis (974)"} <= set(labels)
    assert len(labels) == len(set(labels))
    assert [p.kind for p in suggest_places("paris") if p.label == "Paris (75)"] == ["commune"]


@pytest.mark.parametrize("text", ["", "  ", "'", "zzzzzz"])
def test_suggest_places_has_nothing_to_say(text: str) -> None:
    assert suggest_places(text) == []


@given(st.text(max_size=200) | st.text("0123456789AB: -'stéœ()", max_size=12), st.integers(0, 20))
def test_any_text_is_answered_and_what_is_suggested_can_be_located(text: str, limit: int) -> None:
    locate(text)
    found = suggest_places(text, limit)
    assert len(found) <= limit
    assert all(locate(place.token) == place for place in found)


@pytest.mark.parametrize(
    ("misspelt", "first"),
    [
        ("lion", "Lyon (69)"),
        ("bordaux", "Bordeaux (33)"),
        ("st etiene", "Saint-Étienne (42)"),
        ("grenobel", "Grenoble (38)"),
        ("Ardenes", "Ardennes (08)"),
        ("Bretange", "Bretagne (région)"),
        ("Xyzabc", None),
        ("12 rue de la paix", None),
        ("lil", None),
        ("", None),
    ],
)
def test_near_names_gives_what_a_misspelt_name_may_be(misspelt: str, first: str | None) -> None:
    assert next((place.label for place in near_names(misspelt)), None) == first
