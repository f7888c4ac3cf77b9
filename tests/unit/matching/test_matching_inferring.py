"""What won lots say of a trade: how much, with which evidence, and for whom they may not speak."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from annuaire.matching.candidates import Candidate, Held, Won, from_stored
from annuaire.matching.features import activity
from annuaire.matching.inferring import MOST, won_activities
from annuaire.matching.meeting import Met, ask, meet
from annuaire.matching.need import Need, need_from_form

TODAY = date(2026, 5, 4)
CLEANING, GARDENS = "nettoyage-locaux", "espaces-verts-entretien"


def won(number: int, *activities: str, **changes: object) -> Won:
    """A lot won on 1 June of 2018 and a year more for each number."""
    base = Won(
        on=date(2018 + number, 6, 1), activities=activities or (CLEANING,), departement="59",
        buyer_key="commune essai|59", buyer_name="Ville d'Essai", title=f"Nettoyage {number}",
        reference=f"boamp-{number}#1",
    )  # fmt: skip
    return base._replace(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lots", "weight"),
    [
        ([won(1)], 0.45),
        ([won(1), won(2)], 0.675),
        ([won(1), won(2), won(3)], 0.787),
        ([won(n) for n in range(1, 40)], MOST),
        ([won(1), won(1)], 0.45),
        ([won(1, GARDENS, CLEANING), won(2, GARDENS, CLEANING)], 0.45),
    ],
    ids=["one", "two", "three", "many", "one lot said twice", "two as second activity"],
)
def test_weight_grows_with_the_lots_and_stays_under_a_declaration(
    lots: list[Won], weight: float
) -> None:
    held = {h.code: h for h in won_activities(lots)}[CLEANING]
    assert held.weight == pytest.approx(weight, abs=0.001)
    assert held.origin == "won"
    assert held.weight < 1


def test_one_lot_s_second_activity_is_no_proof() -> None:
    assert [h.code for h in won_activities([won(1, GARDENS, CLEANING)])] == [GARDENS]


def test_evidence_names_the_newest_lots_with_their_year() -> None:
    (held,) = won_activities([won(n) for n in (1, 3, 2, 4)])
    assert held.evidence == (
        "4\u00a0marchés gagnés : Nettoyage 4 (2022) ; Nettoyage 3 (2021) ; Nettoyage 2 (2020) ; …"
    )
    (one,) = won_activities([won(1, title="x" * 200)])
    assert one.evidence == f"1\u00a0marché gagné : {'x' * 80}… (2019)"


def test_order_of_the_lots_does_not_count() -> None:
    lots = [won(1), won(2, GARDENS), won(3, GARDENS, CLEANING)]
    assert len({won_activities(list(order)) for order in permutations(lots)}) == 1


def test_nothing_won_says_nothing() -> None:
    assert won_activities([]) == ()


def need() -> Need:
    return replace(
        need_from_form("nettoyage de bureaux", on=TODAY, place="Lille"), reference="boamp-8"
    )


def met(*wins: Won, activities: tuple[Held, ...] = ()) -> Met:
    candidate = Candidate("k", "ESSAI", ("EI",), activities=activities, wins=wins)
    return meet(ask(need()), candidate, None)


@pytest.mark.parametrize(
    ("why", "lot", "teaches"),
    [
        ("won before", won(1), True),
        ("won the day before", won(1, on=date(2026, 5, 3)), True),
        ("won that very day", won(1, on=TODAY), False),
        ("won later", won(1, on=date(2026, 6, 1)), False),
        ("the need's own contract", won(1, reference="boamp-8#2"), False),
    ],
)
def test_only_lots_known_before_the_need_prove_a_trade(why: str, lot: Won, teaches: bool) -> None:
    assert bool(met(lot).activities) is teaches, why
    score, said = activity(ask(need()), met(lot))
    assert (score > 0.1) is teaches, why
    if teaches:
        assert "déduite de 1\u00a0marché gagné" in (said() if said else "")


def test_declared_trade_scores_before_one_that_many_lots_prove() -> None:
    lots = tuple(won(n, on=date(2025, 1, n)) for n in range(1, 20))
    declared = met(activities=(Held(CLEANING, "declared", "siae", 1.0),))
    asked = ask(need())
    assert activity(asked, declared)[0] > activity(asked, met(*lots))[0]
    assert activity(asked, met(*lots))[0] > activity(asked, met(lots[0]))[0]


def test_stored_trades_of_won_lots_teach_no_need_by_themselves() -> None:
    stored = {
        "name": "ESSAI",
        "activities": [[CLEANING, "won", "1 marché gagné : Nettoyage (2027)", 0.45]],
        "without_wins": [[CLEANING, "naf", "8121Z", 0.38]],
    }
    assert from_stored(stored).activities == (Held(CLEANING, "naf", "8121Z", 0.38),)
