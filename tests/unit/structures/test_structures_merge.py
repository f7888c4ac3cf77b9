"""One structure out of what its sources say: who is believed for which field, who lives."""

from datetime import date
from itertools import permutations
from typing import Any

import pytest

from annuaire.structures.merge import Said, lists, merge

EI = [{"kind": "EI"}]
HERE = {"lat": 50.6, "lon": 3.0, "geo_precision": "number"}
CENTRE = {"lat": 50.7, "lon": 3.1, "geo_precision": "commune"}


def said(source: str, run_id: int = 1, **data: Any) -> Said:
    """What a source said; a directory grants EI unless told otherwise."""
    granted = EI if source in ("siae", "esus", "exemple") else []
    return Said(source, source, run_id, {"statuses": granted} | data)


@pytest.mark.parametrize(
    ("field", "words", "kept", "origin"),
    [
        # A directory knows the name, the address, the contact of its own better than a register.
        ("name", {"siae": "DIRECTORY", "sirene": "SIRENE"}, "DIRECTORY", "siae"),
        ("website", {"siae": "https://a.fr", "marche": "https://b.fr"}, "https://a.fr", "siae"),
        ("website", {"marche": "https://b.fr", "exemple": "https://c.fr"}, "https://b.fr",
         "marche"),
        ("address", {"siae": None, "sirene": "1 RUE"}, "1 RUE", "sirene"),
        # The company register knows activity and size better than what was copied from it once.
        ("naf", {"siae": "8121Z", "sirene": "8130Z"}, "8130Z", "sirene"),
        ("naf", {"siae": "8121Z", "recherche_entreprises": "8130Z"}, "8130Z",
         "recherche_entreprises"),
        ("naf", {"sirene": "8130Z", "recherche_entreprises": "8122Z"}, "8130Z", "sirene"),
        ("naf", {"siae": "8121Z", "sirene": None}, "8121Z", "siae"),
        ("employees_range", {"siae": "1 à 2", "sirene": "10 à 19 salariés"}, "10 à 19 salariés",
         "sirene"),
        ("head_office", {"siae": None, "sirene": False}, False, "sirene"),
        ("ess", {"siae": None, "ess_france": True}, True, "ess_france"),
        ("ess", {"recherche_entreprises": True, "ess_france": True}, True, "ess_france"),
        # What enriches comes before samples, after every directory.
        ("brand", {"exemple": "SAMPLE", "sirene": "SIRENE"}, "SIRENE", "sirene"),
        ("brand", {"esus": "ESUS", "sirene": "SIRENE"}, "ESUS", "esus"),
    ],
)  # fmt: skip
def test_who_is_believed_for_a_field(
    field: str, words: dict[str, Any], kept: Any, origin: str
) -> None:
    merged = merge([said(source, **{field: value}) for source, value in words.items()])
    assert merged.values[field] == kept
    assert merged.origins[field] == (origin, 1)


@pytest.mark.parametrize(
    ("points", "origin"),
    [
        ({"siae": HERE, "sirene": HERE | {"lat": 50.65}}, "siae"),
        ({"siae": CENTRE, "sirene": HERE}, "sirene"),
        ({"siae": CENTRE, "sirene": CENTRE | {"lat": 50.75}}, "siae"),
        ({"siae": {}, "sirene": CENTRE}, "sirene"),
    ],
)
def test_a_true_place_is_preferred_to_the_centre_of_the_commune(
    points: dict[str, dict[str, Any]], origin: str
) -> None:
    merged = merge([said(source, **point) for source, point in points.items()])
    assert {merged.origins[name][0] for name in ("lat", "lon", "geo_precision")} == {origin}
    assert {name: merged.values[name] for name in HERE} == points[origin]


def test_an_address_is_taken_whole_from_one_source() -> None:
    merged = merge([said("siae", city="Lille"), said("sirene", address="1 RUE", city="LILLE")])
    assert (merged.values["address"], merged.values["city"]) == ("1 RUE", "LILLE")


CLOSED = {"open": False, "closed_on": "2026-03-31"}
OPEN = {"open": True}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([("sirene", 1, CLOSED)], (False, date(2026, 3, 31))),
        ([("sirene", 1, OPEN)], (True, None)),
        ([("sirene", 1, {"open": False})], (False, None)),
        ([("marche", 1, {})], (None, None)),
        # The source that changed its mind last is right: a closing, then a reopening.
        ([("sirene", 1, OPEN), ("recherche_entreprises", 2, CLOSED)], (False, date(2026, 3, 31))),
        ([("sirene", 3, OPEN), ("recherche_entreprises", 2, CLOSED)], (True, None)),
        ([("sirene", 2, CLOSED), ("recherche_entreprises", 2, OPEN)], (False, date(2026, 3, 31))),
    ],
)
def test_state_is_what_the_last_change_of_mind_says(
    words: list[tuple[str, int, dict[str, Any]]], expected: tuple[bool | None, date | None]
) -> None:
    records = [said("siae"), *(said(source, run, **data) for source, run, data in words)]
    for order in permutations(records):
        merged = merge(order)
        assert (merged.values["open"], merged.values["closed_on"]) == expected


def test_what_a_register_says_of_a_former_number_comes_last_and_closes_nothing() -> None:
    former = Said("sirene", "1", 9, CLOSED | {"statuses": [], "naf": "0000Z"}, present=False)
    here = said("recherche_entreprises", 2, naf="8121Z", **OPEN)
    merged = merge([former, here, said("siae", naf="4321A")])
    assert (merged.values["naf"], merged.values["open"]) == ("8121Z", True)
    alone = merge([former, said("siae", naf="4321A")])
    assert (alone.values["naf"], alone.values["open"], alone.values["closed_on"]) == (
        "4321A", None, None,
    )  # fmt: skip
    assert merge([former, said("siae")]).values["naf"] == "0000Z"


@pytest.mark.parametrize(
    ("sources", "granted"),
    [
        (["siae"], True),
        (["siae", "sirene"], True),
        (["sirene"], False),
        (["sirene", "recherche_entreprises", "ess_france", "marche"], False),
    ],
)
def test_only_a_directory_makes_a_structure_live(sources: list[str], granted: bool) -> None:
    assert lists([said(source, ess=True) for source in sources]) is granted


def test_a_directory_of_the_market_grants_what_it_alone_lists() -> None:
    said_there = Said("marche", "1", 1, {"statuses": [{"kind": "EA"}], "name": "EA D'ESSAI"})
    assert lists([said_there])
    assert list(merge([said_there]).statuses) == [("EA", "marche")]
