from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.advising.depth import RESERVABLE, Neighbour, Verdict, judge, measure, strength
from annuaire.advising.rules import rules

RULES = rules()
ORDER = [rule.code for rule in RULES.verdicts]


def near(
    kind: str, number: int, km: float = 10, *, sure: bool = True, lots: int = 0
) -> list[Neighbour]:
    return [Neighbour(f"{kind}{n}", (kind,), sure, km, lots) for n in range(number)]


def verdict(
    found: Sequence[Neighbour], lenders: int = 0, amount: float | None = None, *, lent: bool = False
) -> Verdict:
    depths = [measure(found, families, RULES, lent=lent) for families, _, _ in RESERVABLE]
    return judge(depths, lenders, amount, RULES)


@pytest.mark.parametrize(
    ("found", "lenders", "amount", "code", "route"),
    [
        (near("EI", 5), 0, None, "reserve", "reserved_siae"),
        (near("ESAT", 5), 0, None, "reserve", "reserved_handicap"),
        (near("EI", 3) + near("EA", 2), 0, None, "reserve", "reserved_both"),
        (near("EI", 5) + near("EA", 9), 0, None, "reserve", "reserved_handicap"),
        (near("EI", 5, 60), 0, None, "reserve_lot", "reserved_siae"),
        (near("EI", 10, sure=False), 0, None, "reserve", "reserved_siae"),  # doubtful: half each
        (near("EI", 9, sure=False), 0, None, "reserve_lot", "reserved_siae"),
        (near("EI", 5), 0, 215_999, "reserve", "reserved_siae"),
        (near("EI", 5), 0, 216_000, "reserve_lot", "reserved_siae"),
        (near("EI", 10), 0, 216_000, "reserve", "reserved_siae"),
        (near("EI", 3), 0, None, "reserve_lot", "reserved_siae"),
        (near("EI", 2), 0, None, "clause", "clause"),
        (near("EI", 1, 99, sure=False), 0, None, "clause", "clause"),
        (near("EI", 9, 101), 0, None, "none", None),
        (near("ETTI", 9), 0, None, "none", None),  # lends staff: does not perform the service
        (near("ETTI", 9), 9, None, "clause_lent", "clause"),
        ([], 3, None, "clause_lent", "clause"),
        ([], 0, None, "none", None),
    ],
)
def test_verdict_follows_the_stated_rules(
    found: list[Neighbour], lenders: int, amount: float | None, code: str, route: str | None
) -> None:
    answer = verdict(found, lenders, amount)
    assert (answer.code, answer.route) == (code, route)
    assert all(sentence.endswith(".") for sentence in answer.reasons)


def test_lent_staff_counts_those_that_lend() -> None:
    assert verdict(near("ETTI", 5), lent=True).code == "reserve"
    assert verdict(near("EI", 5), lent=True).code == "none"


def test_a_concentrated_offer_is_reserved_by_lot_alone() -> None:
    spread = [replace(n, lots=1) for n in near("EI", 8)]
    assert verdict(spread).code == "reserve"
    held = [replace(n, lots=9 if n.key < "EI3" else 0) for n in near("EI", 8)]
    answer = verdict(held)
    assert answer.code == "reserve_lot"
    assert answer.depth.top_share == 1
    assert "concentrée" in " ".join(answer.reasons)


def test_few_known_lots_say_nothing_of_concentration() -> None:
    few = [replace(n, lots=1 if n.key < "EI4" else 0) for n in near("EI", 8)]
    assert verdict(few).depth.top_share is None
    assert verdict(few).code == "reserve"


def test_depth_says_how_far_by_bands() -> None:
    found = near("EI", 2, 5) + near("EI", 3, 40, sure=False) + near("EI", 1, 90)
    depth = measure(found, {"insertion"}, RULES)
    assert [(b.km, b.sure, b.maybe) for b in depth.bands] == [(20, 2, 0), (50, 2, 3), (100, 3, 3)]
    assert (depth.nearest_km, depth.third_km) == (5, 40)
    assert strength(depth, 50, RULES) == 3.5


NEIGHBOURS = st.lists(
    st.builds(
        Neighbour,
        key=st.text("abc", max_size=4),
        kinds=st.lists(st.sampled_from(["EI", "ACI", "ETTI", "EA", "ESAT", "GEIQ", "?"])).map(
            tuple
        ),
        sure=st.booleans(),
        distance_km=st.floats(0, 200),
        lots=st.integers(0, 20),
    ),
    max_size=25,
)


@given(NEIGHBOURS, st.integers(0, 5), st.none() | st.floats(1, 1e9))
def test_any_offer_has_a_verdict(
    found: list[Neighbour], lenders: int, amount: float | None
) -> None:
    answer = verdict(found, lenders, amount)
    assert answer.code in ORDER
    assert answer.reasons


@given(NEIGHBOURS, st.integers(0, 3))
def test_one_more_structure_that_won_nothing_never_makes_it_worse(
    found: list[Neighbour], lenders: int
) -> None:
    more = [*found, Neighbour("new", ("EI",), True, 1.0)]
    assert ORDER.index(verdict(more, lenders).code) <= ORDER.index(verdict(found, lenders).code)
