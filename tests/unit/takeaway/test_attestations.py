"""A statement comes back from its address as it was made, or not at all."""

from datetime import UTC, date, datetime

import pytest

from annuaire.errors import NotFoundError
from annuaire.takeaway.attestation import Statement, StatusSaid, seal, unseal

SAID = Statement(
    number="80000000100016",
    made_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    verdict="inclusive",
    name="L’ŒUVRE « d’essai » <b>",
    city="Lille",
    statuses=(
        StatusSaid("EI", date(2024, 1, 1), date(2026, 12, 31), None, "siae", date(2026, 3, 1)),
    ),
    siblings=2,
    esus=False,
)
KEY = "a key"


def test_a_statement_comes_back_whole_from_its_address() -> None:
    back = unseal(seal(SAID, KEY), KEY, SAID.number)
    assert back == SAID
    assert back.fingerprint == SAID.fingerprint


@pytest.mark.parametrize(
    ("token", "number", "key"),
    [
        ("", SAID.number, KEY),
        ("n'importe quoi", SAID.number, KEY),
        (seal(SAID, KEY)[:-1], SAID.number, KEY),
        (seal(SAID, KEY), "55210055400013", KEY),
        (seal(SAID, "another"), SAID.number, KEY),
        ("." * 100_000, SAID.number, KEY),
    ],
    ids=["empty", "noise", "cut", "of another number", "of another key", "endless"],
)
def test_what_we_did_not_sign_is_refused(token: str, number: str, key: str) -> None:
    with pytest.raises(NotFoundError, match="attestation"):
        unseal(token, key, number)


def test_the_fingerprint_changes_with_what_is_said() -> None:
    other = unseal(seal(SAID, KEY), KEY, SAID.number)
    changed = Statement(**{f: getattr(other, f) for f in other.__slots__} | {"verdict": "inconnue"})
    assert changed.fingerprint != SAID.fingerprint
    assert not changed.same_as(SAID)


def test_a_new_reading_of_the_same_source_changes_nothing_said() -> None:
    status = StatusSaid("EI", date(2024, 1, 1), date(2026, 12, 31), None, "siae", date(2026, 4, 1))
    later = Statement(**{f: getattr(SAID, f) for f in SAID.__slots__} | {"statuses": (status,)})
    assert later.same_as(SAID)
    assert later.fingerprint != SAID.fingerprint
