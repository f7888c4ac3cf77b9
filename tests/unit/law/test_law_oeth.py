from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.errors import InvalidInputError
from annuaire.law.oeth import Spent, deduction

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("price", "costs", "contribution", "rate", "uncapped", "deducted"),
    [
        (10_000, 2_000, 20_000, 0.02, 2_400, 2_400),  # 30 % of the labour, under the ceiling
        (100_000, 0, 20_000, 0.02, 30_000, 10_000),  # 50 % of the contribution under 3 %
        (100_000, 0, 20_000, 0.029999, 30_000, 10_000),
        (100_000, 0, 20_000, 0.03, 30_000, 15_000),  # 75 % from 3 % on
        (100_000, 0, 0, 0.05, 30_000, 0),
        (10_000, 10_000, 20_000, 0.02, 0, 0),
        (10_000, 0, None, 0.02, 3_000, None),
        (10_000, 0, 20_000, None, 3_000, None),
    ],
)
def test_deduction_is_thirty_percent_of_labour_within_the_ceiling(
    price: float,
    costs: float,
    contribution: float | None,
    rate: float | None,
    uncapped: float,
    deducted: float | None,
) -> None:
    found = deduction(Spent(price, costs, contribution, rate), TODAY)
    assert found.uncapped_eur == pytest.approx(uncapped)
    assert found.deducted_eur == (None if deducted is None else pytest.approx(deducted))
    assert {rule.article for rule in found.rules} == {"D5212-22 du code du travail"}


@pytest.mark.parametrize(
    ("spent", "on", "field"),
    [
        (Spent(0), TODAY, "prix"),
        (Spent(-1), TODAY, "prix"),
        (Spent(float("nan")), TODAY, "prix"),
        (Spent(100, 101), TODAY, "couts"),
        (Spent(100, -1), TODAY, "couts"),
        (Spent(100, 0, -1), TODAY, "contribution"),
        (Spent(100, 0, 1, 1.5), TODAY, "taux"),
        (Spent(100), date(2019, 12, 31), "date"),
    ],
)
def test_figures_that_cannot_be_are_refused(spent: Spent, on: date, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        deduction(spent, on)
    assert refused.value.field == field


@given(st.floats(1, 1e9), st.floats(0, 1), st.floats(0, 1e9), st.floats(0, 1))
def test_deduction_never_passes_labour_nor_contribution(
    price: float, share: float, contribution: float, rate: float
) -> None:
    found = deduction(Spent(price, price * share, contribution, rate), TODAY)
    assert found.deducted_eur is not None
    assert 0 <= found.deducted_eur <= min(found.labour_eur, contribution) + 1e-6
