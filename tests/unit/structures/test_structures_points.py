"""Which point of a structure is shown, and which activities are kept: tables of cases."""

from typing import Any

import pytest

from annuaire.geo.geocoder import Geocoded
from annuaire.structures.decided import Decided
from annuaire.structures.geojudging import Placed, judge
from annuaire.structures.merge import Said, merge

LILLE = {
    "name": "ATELIERS D'ESSAI", "address": "1 rue des Essais", "postcode": "59000",
    "city": "Lille", "code_insee": "59350", "departement": "59",
}  # fmt: skip
ASKED = "1 rue des Essais 59000 Lille"


def said(source: str, precision: str | None, lat: float, **changes: Any) -> Said:
    point = {"lat": lat, "lon": 3.0, "geo_precision": precision} if precision else {}
    own = {} if source == "ban" else LILLE
    return Said(source, f"{source}-1", 1, {"statuses": [], **own, **point, **changes})


def ban(precision: str = "number", asked: str = ASKED) -> Said:
    return said("ban", precision, 50.9, asked=asked)


@pytest.mark.parametrize(
    ("why", "records", "source", "precision"),
    [
        ("a directory's point", [said("siae", "number", 50.1), ban()], "siae", "number"),
        ("even that of a street", [said("siae", "street", 50.1), ban()], "siae", "street"),
        ("a point of the BAN before a centre", [said("siae", "commune", 50.1), ban()],
         "ban", "number"),
        ("a point of the BAN where there was none", [said("siae", None, 0), ban()],
         "ban", "number"),
        ("a less trusted directory's point before a centre and the BAN",
         [said("siae", "commune", 50.1), said("esus", "street", 50.2), ban()], "esus", "street"),
        ("the most trusted of two points",
         [said("esus", "number", 50.2), said("siae", "street", 50.1)], "siae", "street"),
        ("the most trusted of two centres",
         [said("esus", "commune", 50.2), said("siae", "commune", 50.1)], "siae", "commune"),
        ("a directory's centre before the BAN's",
         [said("siae", "commune", 50.1), ban("commune")], "siae", "commune"),
        ("the BAN's centre rather than nothing", [said("siae", None, 0), ban("commune")],
         "ban", "commune"),
        ("not the BAN's point of another address",
         [said("siae", "commune", 50.1), ban(asked="2 rue Ailleurs 59000 Lille")],
         "siae", "commune"),
        ("not a point in another commune than the kept address",
         [said("siae", "commune", 50.1), said("esus", "number", 45.7, code_insee="69123")],
         "siae", "commune"),
        ("nothing", [said("siae", None, 0)], None, None),
    ],
)  # fmt: skip
def test_point_shown_is(
    why: str, records: list[Said], source: str | None, precision: str | None
) -> None:
    for order in (records, records[::-1]):
        merged = merge(order)
        assert merged.values["geo_precision"] == precision, why
        assert merged.origins.get("lat", (None,))[0] == source, why


@pytest.mark.parametrize(
    ("asked", "precision", "shown"),
    [
        ("2 place Neuve 59000 Lille", "number", ("ban", 50.9)),
        ("2 place Neuve 59000 Lille", "commune", ("structure", 50.6)),
        (ASKED, "number", ("structure", 50.6)),
    ],
)
def test_a_corrected_address_takes_the_point_of_that_very_address(
    asked: str, precision: str, shown: tuple[str, float]
) -> None:
    centre = {"address": "2 place Neuve", "lat": 50.6, "lon": 3.0, "geo_precision": "commune"}
    decided = Decided(edits={name: (value, 7) for name, value in (LILLE | centre).items()})
    merged = merge([said("siae", "number", 50.1), ban(precision, asked)], decided)
    assert (merged.origins["lat"][0], merged.values["lat"]) == shown


def test_point_comes_whole_from_one_source() -> None:
    merged = merge([said("siae", "commune", 50.1), ban()])
    assert {merged.origins[f][0] for f in ("lat", "lon", "geo_precision")} == {"ban"}
    assert merged.origins["address"][0] == "siae"


WON = [["nettoyage-locaux", "2 marchés gagnés : Nettoyage (2020) ; Ménage (2019)", 0.675]]


@pytest.mark.parametrize(
    ("why", "records", "kept"),
    [
        ("won lots say it", [said("siae", None, 0), said("attributions", None, 0, name=None,
         won_activities=WON)], ("won", 0.675)),
        ("won lots weigh more than a NAF code", [said("siae", None, 0, naf="8121Z"),
         said("attributions", None, 0, won_activities=WON)], ("won", 0.675)),
        ("a declared one weighs most", [said("siae", None, 0,
         declared_activities=["nettoyage-locaux"]),
         said("attributions", None, 0, won_activities=WON)], ("declared", 1.0)),
        ("whatever the trust of who declares it", [said("siae", None, 0),
         said("esat_listes", None, 0, declared_activities=["nettoyage-locaux"]),
         said("attributions", None, 0, won_activities=WON)], ("declared", 1.0)),
    ],
)  # fmt: skip
def test_activity_is_kept_with_its_heaviest_proof(
    why: str, records: list[Said], kept: tuple[str, float]
) -> None:
    for order in (records, records[::-1]):
        origin, _, weight = merge(order).activities["nettoyage-locaux"]
        assert (origin, weight) == kept, why


def test_presentation_says_activities_with_its_words() -> None:
    record = said("siae", None, 0, description="Chantier d'insertion en maraîchage biologique.")
    origin, evidence, weight = merge([record]).activities["maraichage"]
    assert (origin, evidence) == ("description", "maraichage")
    assert 0 < weight < 0.7


def test_unknown_code_of_an_addition_is_left_out() -> None:
    record = said("attributions", None, 0, won_activities=[["autrefois", "1 marché gagné", 0.45]])
    assert "autrefois" not in merge([said("siae", None, 0), record]).activities


class Place:
    """A structure of Lille, with or without a point."""

    def __init__(self, lat: float | None = None, **changes: str | None) -> None:
        self.lat = lat
        self.code_insee = changes.get("code_insee", "59350")
        self.departement = changes.get("departement", "59")


def found(**changes: Any) -> Geocoded:
    values: dict[str, Any] = {
        "lat": 50.64, "lon": 3.05, "score": 0.9, "precision": "number", "code_insee": "59350",
        "label": "8 Rue Inventée 59000 Lille",
    }  # fmt: skip
    return Geocoded(**values | changes)


@pytest.mark.parametrize(
    ("answer", "place", "code"),
    [
        (found(), Place(), None),
        (found(precision="street"), Place(50.6), None),
        (found(score=0.59), Place(), "score"),
        (found(precision="commune"), Place(50.6), "imprecis"),
        (found(precision="commune", score=0.4), Place(), None),
        (found(code_insee="59512"), Place(), "autre_commune"),
        (found(code_insee="59512"), Place(code_insee=None), None),
        (found(code_insee="69123", lat=45.76, lon=4.85), Place(), "autre_departement"),
        (found(code_insee="69123", lat=45.76, lon=4.85), Place(code_insee=None),
         "autre_departement"),
        (found(lat=0.0, lon=0.0), Place(), "hors"),
        (found(lat=45.76, lon=4.85), Place(), "hors"),
        (found(code_insee=None), Place(), None),
        (found(code_insee="75112", lat=48.85, lon=2.4), Place(code_insee="75056",
         departement="75"), None),
    ],
)  # fmt: skip
def test_answer_is_used_only_where_it_can_be_right(
    answer: Geocoded, place: Placed, code: str | None
) -> None:
    refused = judge(answer, place)
    assert (refused.code if refused else None) == code
