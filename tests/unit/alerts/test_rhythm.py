"""When a subscription is next served."""

from datetime import datetime

import pytest

from annuaire.alerts.rhythm import in_words, next_due, reminds
from annuaire.wording import PARIS


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("rhythm", "hour", "weekday", "now", "due"),
    [
        ("at_once", 8, 0, "2026-05-10T03:12", "2026-05-10T03:12"),
        ("daily", 8, 0, "2026-05-10T07:59", "2026-05-10T08:00"),
        ("daily", 8, 0, "2026-05-10T08:00", "2026-05-11T08:00"),
        ("daily", 0, 0, "2026-12-31T23:59", "2027-01-01T00:00"),
        ("weekly", 9, 0, "2026-05-10T12:00", "2026-05-11T09:00"),  # a Sunday, for Monday
        ("weekly", 9, 6, "2026-05-10T08:00", "2026-05-10T09:00"),
        ("weekly", 9, 6, "2026-05-10T09:00", "2026-05-17T09:00"),
        ("daily", 8, 0, "2026-03-28T09:00", "2026-03-29T08:00"),  # the night has 23 hours
        ("daily", 8, 0, "2026-10-24T09:00", "2026-10-25T08:00"),  # it has 25
        ("weekly", 8, 0, "2026-03-23T09:00", "2026-03-30T08:00"),
    ],
)
def test_digest_leaves_at_the_hour_of_paris(
    rhythm: str, hour: int, weekday: int, now: str, due: str
) -> None:
    assert next_due(rhythm, hour, weekday, paris(now)) == paris(due)


def test_what_is_told_at_once_leaves_ten_minutes_after_the_last_letter() -> None:
    now = paris("2026-05-10T08:00")
    for last, due in (("07:00", "08:00"), ("07:50", "08:00"), ("07:58", "08:08")):
        moment = next_due("at_once", 8, 0, now, paris(f"2026-05-10T{last}"))
        assert moment == paris(f"2026-05-10T{due}")


@pytest.mark.parametrize(
    ("rhythm", "hour", "now", "expected"),
    [
        ("daily", 8, "2026-05-10T07:59", False),
        ("daily", 8, "2026-05-10T08:00", True),
        ("weekly", 8, "2026-05-10T20:00", True),
        ("at_once", 8, "2026-05-10T03:00", False),
        ("at_once", 8, "2026-05-10T07:00", True),
    ],
)
def test_reminder_waits_for_the_hour(rhythm: str, hour: int, now: str, expected: bool) -> None:
    assert reminds(rhythm, hour, paris(now)) is expected


def test_rhythm_is_said_in_words() -> None:
    assert in_words("weekly", 8, 0) == "une fois par semaine, le lundi vers 8\u00a0h"
    assert in_words("daily", 18, 0) == "une fois par jour vers 18\u00a0h"
    assert in_words("at_once", 8, 0) == "dès la publication"
