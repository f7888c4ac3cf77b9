"""What a reader narrows suggestions to, and what a buyer noted to have bought: cases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from annuaire.matching.narrowing import Narrowing, counts_among, narrowed, read_narrowing
from annuaire.matching.noting import Noted
from annuaire.matching.scoring import in_words, rank
from annuaire.matching.told import Told
from tests.unit.matching.test_matching_scoring import TODAY, inferred, need, structure

GUESSED = (inferred("nettoyage-locaux"),)
NEAR = structure("Near", activities=GUESSED)
FAR = structure("Far", kinds=("ESAT",), lat=50.95, lon=2.0, activities=GUESSED)
LOST = structure("Lost", kinds=("EA", "ESUS"), lat=None, lon=None, activities=GUESSED)
SAYS = structure("Says", kinds=("ACI",))
FREE = Told(available=True, available_on=TODAY - timedelta(60), cocontract=False)
STALE = Told(available=True, available_on=TODAY - timedelta(61), cocontract=True)
BUSY = Told(available=False, available_on=TODAY)


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        (Narrowing(), {"Near", "Far", "Lost", "Says"}),
        (Narrowing(frozenset({"insertion"})), {"Near", "Says"}),
        (Narrowing(frozenset({"handicap"})), {"Far", "Lost"}),
        (Narrowing(frozenset({"ess", "insertion"})), {"Near", "Says", "Lost"}),
        (Narrowing(within_km=10), {"Near", "Says"}),
        (Narrowing(within_km=100), {"Near", "Far", "Says"}),
        (Narrowing(declared=True), {"Says"}),
        (Narrowing(frozenset({"handicap"}), 10, True), set()),
        (Narrowing(kinds=frozenset({"EA"})), {"Lost"}),
        (Narrowing(kinds=frozenset({"ACI", "ESAT"})), {"Says", "Far"}),
        (Narrowing(frozenset({"handicap"}), kinds=frozenset({"ACI"})), set()),
    ],
)
def test_suggestions_are_narrowed(asked: Narrowing, left: set[str]) -> None:
    ordered = rank(need(), [NEAR, FAR, LOST, SAYS], TODAY)
    kept = narrowed(ordered, need(), asked, TODAY)
    assert {ranked.met.candidate.name for ranked in kept} == left
    assert kept == [ranked for ranked in ordered if ranked in kept]


def test_filters_are_counted_before_narrowing() -> None:
    counts = counts_among(rank(need(), [NEAR, FAR, LOST, SAYS], TODAY), TODAY)
    assert counts.families == {"insertion": 2, "handicap": 2, "ess": 1}
    assert counts.kinds == {"EI": 1, "ACI": 1, "EA": 1, "ESAT": 1, "ESUS": 1}
    assert (counts.available, counts.cocontract) == (0, 0)


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        (Narrowing(available=True), ["Free"]),
        (Narrowing(cocontract=True), ["Stale"]),
        (Narrowing(available=True, cocontract=True), []),
    ],
)
def test_a_profile_says_who_is_available(asked: Narrowing, left: list[str]) -> None:
    told = {"Free": FREE, "Stale": STALE, "Busy": BUSY, "Silent": None}
    ordered = rank(need(), [structure(name, told=said) for name, said in told.items()], TODAY)
    kept = narrowed(ordered, need(), asked, TODAY)
    assert [ranked.met.candidate.name for ranked in kept] == left
    counts = counts_among(ordered, TODAY)
    assert (counts.available, counts.cocontract) == (1, 1)


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        ({}, Narrowing()),
        ({"famille": ["insertion", "x"]}, Narrowing(frozenset({"insertion"}))),
        ({"distance": ["25"], "declaree": ["oui"]}, Narrowing(within_km=25, declared=True)),
        ({"distance": ["26"], "declaree": ["non"], "type": ["X"]}, Narrowing()),
        ({"type": ["EI", "x"]}, Narrowing(kinds=frozenset({"EI"}))),
        ({"disponible": ["oui"], "cotraitance": ["1"]}, Narrowing(available=True)),
    ],
)
def test_what_is_unknown_is_not_asked(values: dict[str, list[str]], asked: Narrowing) -> None:
    assert read_narrowing(values) == asked


def test_noted_purchase_turns_where_no_competition_is_asked() -> None:
    mine, other = structure("Mine"), structure("Other")
    noted = [Noted(mine.key, "Vitres", TODAY - timedelta(30))]
    direct = replace(need(), without_competition=True)
    for day in range(9):
        on = TODAY + timedelta(day)
        assert rank(direct, [mine, other], on, noted=noted)[0].met.candidate.name == "Other"
    first = {
        rank(need(), [mine, other], TODAY + timedelta(day), noted=noted)[0].met.candidate.name
        for day in range(20)
    }
    assert first == {"Mine", "Other"}
    told = in_words(direct, rank(direct, [mine, other], TODAY, noted=noted))
    assert "Vous avez noté 1\xa0achat chez elle" in " ".join(told[1].cautions)
    assert not any("noté" in caution for caution in told[0].cautions)


def test_requests_turn_after_purchases() -> None:
    bought, asked, never = structure("Bought"), structure("Asked"), structure("Never")
    noted = [
        Noted(bought.key, "Vitres", TODAY - timedelta(30)),
        *(Noted(asked.key, "Vitres ?", TODAY - timedelta(day), asked=True) for day in (3, 9)),
    ]
    direct = replace(need(), without_competition=True)
    for day in range(9):
        ordered = rank(direct, [bought, asked, never], TODAY + timedelta(day), noted=noted)
        assert [r.met.candidate.name for r in ordered] == ["Never", "Asked", "Bought"]
    told = in_words(direct, ordered)[1]
    assert "Vous lui avez adressé 2\xa0demandes" in " ".join(told.cautions)


def test_old_and_later_notes_do_not_turn() -> None:
    mine, other = structure("Mine"), structure("Other")
    direct = replace(need(), without_competition=True)
    for on in (date(2015, 1, 1), TODAY + timedelta(400)):
        noted = [Noted(mine.key, "Vitres", on)]
        first = {
            rank(direct, [mine, other], TODAY + timedelta(day), noted=noted)[0].met.candidate.name
            for day in range(20)
        }
        assert first == {"Mine", "Other"}
