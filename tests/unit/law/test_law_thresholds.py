from datetime import date

import pytest

from annuaire.law import thresholds


@pytest.mark.parametrize(
    ("rule", "on", "value"),
    [
        ("direct.supplies_services", date(2020, 1, 1), 40_000),
        ("direct.supplies_services", date(2026, 3, 31), 40_000),
        ("direct.supplies_services", date(2026, 4, 1), 60_000),
        ("direct.works", date(2026, 4, 1), 100_000),
        ("direct.innovative", date(2026, 11, 1), 100_000),
        ("small_lots.works", date(2026, 11, 1), 1_000_000),
        ("eu.state", date(2025, 12, 31), 143_000),
        ("eu.state", date(2026, 1, 1), 140_000),
        ("eu.others", date(2026, 6, 1), 216_000),
        ("eu.works", date(2024, 6, 1), 5_538_000),
        ("reserved.minimum_share", date(2021, 1, 1), 0.5),
        ("national_target.social", date(2025, 1, 1), 0.3),
    ],
)
def test_threshold_is_the_one_in_force_that_day(rule: str, on: date, value: float) -> None:
    found = thresholds.find(rule, on)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("rule", "on"),
    [
        ("direct.supplies_services", date(1998, 1, 1)),
        ("eu.works", date(2028, 1, 1)),
        ("clause.social_compulsory", date(2026, 8, 21)),
        ("national_target.social", date(2026, 1, 1)),
        ("unheard.of", date(2026, 1, 1)),
    ],
)
def test_threshold_unknown_that_day_is_none(rule: str, on: date) -> None:
    assert thresholds.find(rule, on) is None


def test_every_value_names_its_source_and_status() -> None:
    for row in thresholds.all_thresholds():
        assert row.source
        assert row.status in {"seen", "inferred", "partial"}
        assert row.unit in {"eur_ht", "share", "years", "none"}
        assert (row.value is None) == (row.unit == "none")


def test_values_of_a_rule_never_overlap() -> None:
    rows = thresholds.all_thresholds()
    for a in rows:
        for b in rows:
            if a is not b and a.rule == b.rule:
                assert not (a.in_force(b.valid_from) and b.in_force(a.valid_from))
                assert not b.in_force(a.valid_from)
