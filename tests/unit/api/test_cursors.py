"""Cursors: opaque, signed, of one search and one day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.api.cursors import (
    FORGED,
    OTHER,
    STALE,
    Position,
    fingerprint,
    read_cursor,
    write_cursor,
)
from annuaire.errors import InvalidInputError

DAY = date(2026, 11, 28)
SEARCH = fingerprint("structures", {"q": ["nettoyage"]})
SECRET = "essai"  # noqa: S105 - no secret: nothing leaves the test


def refusal(cursor: str, search: str = SEARCH, day: date = DAY, secret: str = SECRET) -> str:
    with pytest.raises(InvalidInputError) as refused:
        read_cursor(secret, cursor, search, day)
    assert refused.value.field == "cursor"
    return refused.value.message


@given(st.integers(0, 50_000))
def test_a_cursor_holds_its_position(offset: int) -> None:
    position = Position(offset, DAY)
    assert read_cursor(SECRET, write_cursor(SECRET, position, SEARCH), SEARCH, DAY) == position


@given(st.text(max_size=400))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    assert refusal(text) == FORGED


@given(st.data())
def test_a_cursor_that_was_changed_is_refused(data: st.DataObject) -> None:
    cursor = write_cursor(SECRET, Position(20, DAY), SEARCH)
    # The last sign of a signature in base 64 has bits that say nothing.
    place = data.draw(st.integers(0, len(cursor) - 2))
    other = data.draw(st.characters(codec="ascii").filter(lambda c: c != cursor[place]))
    assert refusal(cursor[:place] + other + cursor[place + 1 :]) == FORGED


def test_a_cursor_is_of_one_key_one_search_and_one_day() -> None:
    cursor = write_cursor(SECRET, Position(20, DAY), SEARCH)
    assert refusal(cursor, secret="autre") == FORGED  # noqa: S106 - no secret either
    assert refusal(cursor, search=fingerprint("structures", {"q": ["tonte"]})) == OTHER
    assert refusal(cursor, search=fingerprint("contracts", {"q": ["nettoyage"]})) == OTHER
    assert refusal(cursor, day=DAY + timedelta(days=2)) == STALE
    assert read_cursor(SECRET, cursor, SEARCH, DAY + timedelta(days=1)).day == DAY


def test_the_order_of_filters_makes_no_other_search() -> None:
    one = fingerprint("contracts", {"social": ["oui"], "activite": ["a", "b"]})
    assert one == fingerprint("contracts", {"activite": ["b", "a"], "social": ["oui"]})
