"""Periods of validity: what follows without a gap, and how long an agreement lasts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.files.periods import Period, last_day, last_run


def period(first: str, last: str) -> Period:
    return date.fromisoformat(first), date.fromisoformat(last)


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [
        ("2021-03-12", 5, "2026-03-11"),
        ("2021-03-12", 2, "2023-03-11"),
        ("2021-01-01", 5, "2025-12-31"),
        ("2020-02-29", 5, "2025-02-28"),
        ("2020-02-29", 4, "2024-02-28"),
    ],
)
def test_years_end_on_the_eve_of_their_anniversary(first: str, years: int, last: str) -> None:
    assert last_day(date.fromisoformat(first), years) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("periods", "run"),
    [
        ([], None),
        ([("2026-01-01", "2026-12-31")], ("2026-01-01", "2026-12-31")),
        ([("2025-01-01", "2025-12-31"), ("2026-01-01", "2026-12-31")],
         ("2025-01-01", "2026-12-31")),
        ([("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-12-30")],
         ("2026-01-01", "2026-12-31")),
        ([("2025-01-01", "2026-06-30"), ("2026-01-01", "2026-12-31")],
         ("2025-01-01", "2026-12-31")),
        ([("2020-01-01", "2026-03-31"), ("2026-05-01", "2026-12-31"), ("2026-03-01", "2026-04-30")],
         ("2020-01-01", "2026-12-31")),
    ],
)  # fmt: skip
def test_the_latest_run_goes_back_to_the_first_gap(
    periods: list[tuple[str, str]], run: tuple[str, str] | None
) -> None:
    assert last_run(period(*p) for p in periods) == (period(*run) if run else None)


DAYS = st.dates(date(2000, 1, 1), date(2050, 1, 1))


@given(st.lists(st.tuples(DAYS, DAYS).map(lambda p: (min(p), max(p))), min_size=1, max_size=12))
def test_a_run_ends_with_the_latest_day_and_does_not_depend_on_order(periods: list[Period]) -> None:
    run = last_run(periods)
    assert run
    assert run[1] == max(last for _, last in periods)
    assert run == last_run(reversed(periods))
