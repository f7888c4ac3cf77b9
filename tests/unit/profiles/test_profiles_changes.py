"""What an edit changes, when it is risky, how it is undone, and what a page lacks."""

from typing import Any

import pytest

from annuaire.matching import told
from annuaire.profiles import fields
from annuaire.profiles.changes import (
    ACTIVITIES,
    CONTACT,
    NAME,
    applied,
    differences,
    is_risky,
    overtaken,
    replaced,
    reversed_diff,
)
from annuaire.profiles.gauge import STEPS, gauge

SHOWN = {"name": "ESSAI", "phone": "+33320000000", "activities": ["nettoyage"]}


def test_an_edit_is_applied_and_put_back() -> None:
    before = {"people": 3, "offers": ["a"]}
    diff = differences(before, {"people": 4, "offers": ["a"], "teams": 1, "machines": None})
    assert diff == {"people": (3, 4), "teams": (None, 1)}
    after = applied(before, diff)
    assert after == {"people": 4, "teams": 1, "offers": ["a"]}
    assert applied(after, reversed_diff(diff)) == before
    assert overtaken(after, diff) == []
    assert overtaken(after | {"teams": 2}, diff) == ["teams"]


@pytest.mark.parametrize(
    ("diff", "found"),
    [
        ({"brand": (None, "AUTRE")}, {NAME}),
        ({"brand": (None, "ESSAI")}, set()),
        ({"phone": (None, "+33321000000")}, {CONTACT}),
        ({"phone": (None, SHOWN["phone"])}, set()),
        ({"email": (None, "a@b.fr")}, set()),  # added beside what was shown
        ({"activities": (None, ["traiteur"])}, {ACTIVITIES}),
        ({"activities": (None, ["traiteur", "nettoyage"])}, set()),
        ({"people": (1, 2)}, set()),
    ],
)
def test_what_an_edit_makes_disappear(diff: dict[str, Any], found: set[str]) -> None:
    assert replaced(diff, SHOWN) == found


@pytest.mark.parametrize(
    ("now", "before", "risky"),
    [
        ({NAME}, [{CONTACT}, {ACTIVITIES}], True),
        ({NAME, CONTACT, ACTIVITIES}, [], True),
        ({NAME}, [{CONTACT}], False),
        (set(), [{NAME}, {CONTACT}, {ACTIVITIES}], False),
    ],
)
def test_name_contact_and_activities_together_are_risky(
    now: set[str], before: list[set[str]], risky: bool
) -> None:
    assert is_risky(frozenset(now), [frozenset(each) for each in before]) is risky


def test_the_gauge_says_what_to_add_first() -> None:
    assert sum(step.points for step in STEPS) == 100
    empty = gauge({}, {})
    assert (empty.points, empty.missing[0].fields) == (0, ("activities",))
    told = gauge({"activities": ["nettoyage"], "people": 0}, {"phone": "+33320000000"})
    assert told.points == 20 + 8 + 12
    assert told.missing[0].subject == "zone"
    assert all(step.why and step.label for step in STEPS)


def test_availability_is_believed_as_long_on_the_page_as_before_a_lot() -> None:
    assert fields.AVAILABILITY_DAYS == told.AVAILABILITY_DAYS
