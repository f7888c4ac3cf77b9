"""Suppliers turn where the buyer chooses without competition, and what a visitor said of one
weighs for that visitor: cases, then properties."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.matching.contesting import MOST, REASONS, Contest, added, counted, taken_back
from annuaire.matching.need import Need
from annuaire.matching.scoring import rank
from tests.unit.matching.test_matching_scoring import (
    CLEANING,
    TODAY,
    need,
    structure,
    suggestions,
    won,
)

MINE = "commune essai|59"


def direct() -> Need:
    return replace(need(), without_competition=True, buyer_key=MINE)


def test_former_supplier_is_better_only_with_competition() -> None:
    mine = structure("Mine", wins=(won(buyer_key=MINE),))
    other = structure("Other")
    open_need = replace(need(), buyer_key=MINE)
    assert suggestions(open_need, [mine, other], TODAY)[0].name == "Mine"
    first = [
        suggestions(direct(), [mine, other], TODAY + timedelta(day))[0].name for day in range(9)
    ]
    assert set(first) == {"Other"}  # equal otherwise: who was taken less, every day


def test_caution_says_how_often_it_was_taken_and_the_article() -> None:
    mine = structure("Mine", wins=(won(buyer_key=MINE), won(buyer_key=MINE, reference="b#2")))
    (found,) = suggestions(direct(), [mine], TODAY)
    (caution,) = [c for c in found.cautions if "R2122-8" in c]
    assert "2\xa0lots" in caution
    assert "alinéa 2" in caution
    assert not any("chez cet acheteur" in sentence for sentence, _ in found.reasons)


def test_old_awards_are_told_and_do_not_turn() -> None:
    old = structure("Old", wins=(won(buyer_key=MINE, on=date(2018, 1, 1)),))
    never = structure("Never")
    first = {
        suggestions(direct(), [old, never], TODAY + timedelta(day))[0].name for day in range(20)
    }
    assert first == {"Old", "Never"}


def contest(reason: str, **changes: str) -> Contest:
    values = {"key": "A", "activity": "nettoyage-locaux", "departement": "59"} | changes
    return Contest(reason=reason, on=date(2026, 5, 3), **values)


@pytest.mark.parametrize(
    ("given_", "counts"),
    [
        (contest("metier"), True),
        (contest("metier", activity="impression"), False),
        (contest("metier", activity=""), True),
        (contest("moyens", activity="impression"), False),
        (contest("lieu"), True),
        (contest("lieu", departement="69"), False),
        (contest("lieu", departement=""), True),
        (contest("injoignable", activity="impression", departement="69"), True),
        (contest("experience", activity="impression"), True),
        (contest("metier", key="B"), False),
    ],
)
def test_reason_counts_for_the_needs_that_it_speaks_of(given_: Contest, *, counts: bool) -> None:
    a, b = structure("A"), structure("B", lat=50.64)
    (before,) = [s for s in suggestions(need(), [a, b], TODAY) if s.key == "A"]
    (after,) = [s for s in suggestions(need(), [a, b], TODAY, contests=[given_]) if s.key == "A"]
    assert (after.score < before.score) is counts
    assert (after.contested == given_) is counts
    assert any("dite non adaptée" in c for c in after.cautions) is counts


def test_contests_are_replaced_bounded_and_taken_back() -> None:
    kept: list[Contest] = []
    for number in range(MOST + 5):
        kept = added(kept, contest("metier", key=str(number)))
    assert len(kept) == MOST
    kept = added(kept, contest("metier", key="20", activity="impression"))
    assert len([c for c in kept if c.key == "20"]) == 1
    assert all(c.key != "20" for c in taken_back(kept, "20"))
    both = [contest("experience"), contest("injoignable")]
    assert counted(both, need())["A"].reason == "injoignable"


@given(
    reasons=st.lists(st.sampled_from(sorted(REASONS)), max_size=4),
    turns=st.booleans(),
    weight=st.floats(0, 1),
)
def test_no_reason_ever_raises_a_score(reasons: list[str], *, turns: bool, weight: float) -> None:
    wanted = replace(need(), without_competition=turns)
    a = structure("A", activities=(CLEANING._replace(weight=weight),))
    (before,) = rank(wanted, [a], TODAY)
    (after,) = rank(wanted, [a], TODAY, contests=[contest(reason) for reason in reasons])
    assert 0 <= after.points <= before.points


@given(near=st.floats(0, 150), further=st.floats(0, 150))
def test_more_distance_never_raises_a_score(near: float, further: float) -> None:
    lat, degree = 50.63, 111.2
    first = structure("A", lat=lat + near / degree, code_insee=None)
    second = structure("A", lat=lat + (near + further) / degree, code_insee=None)
    (one,), (two,) = rank(need(), [first], TODAY), rank(need(), [second], TODAY)
    assert two.points <= one.points + 1e-9


@given(weight=st.floats(0, 1), more=st.floats(0, 1))
def test_more_belief_in_its_trade_never_lowers_a_score(weight: float, more: float) -> None:
    low, high = sorted((weight, more))
    points = [
        rank(need(), [structure("A", activities=(CLEANING._replace(weight=w),))], TODAY)[0].points
        for w in (low, high)
    ]
    assert points[0] <= points[1] + 1e-9


@given(count=st.integers(0, 6))
def test_more_lots_of_this_kind_never_lower_a_score(count: int) -> None:
    wins = tuple(won(reference=f"b#{number}") for number in range(count + 1))
    fewer, more = (
        rank(need(), [structure("A", wins=w)], TODAY)[0].points for w in (wins[:-1], wins)
    )
    assert fewer <= more + 1e-9
