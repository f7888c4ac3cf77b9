"""Letters queued in the transaction of what they tell."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.errors import InvalidInputError
from annuaire.mail.letters import Letter
from annuaire.mail.models import MailLetter, MailSuspension
from annuaire.mail.service import queue, queue_all

LETTER = Letter(
    "Jeanne@Exemple.fr", "Bonjour", "Texte", "<p>Texte</p>", once="one", purpose="alert"
)


def waiting(session: Session) -> list[tuple[str, str | None, int]]:
    session.rollback()
    rows = session.execute(
        select(MailLetter.once, MailLetter.address, MailLetter.rank).order_by(MailLetter.id)
    )
    return [tuple(row) for row in rows]


def test_a_letter_waits_once_and_only_when_its_transaction_ends_well(session: Session) -> None:
    assert queue(session, LETTER)
    session.rollback()
    assert waiting(session) == []
    with writing(session):
        assert queue(session, LETTER)
        assert not queue(session, replace(LETTER, subject="Autre"))
        assert queue(session, replace(LETTER, once="two", purpose="sign_in"))
    assert waiting(session) == [("one", "jeanne@exemple.fr", 1), ("two", "jeanne@exemple.fr", 0)]


def test_many_letters_are_taken_in_batches_and_known_ones_passed_over(session: Session) -> None:
    letters = [replace(LETTER, once=f"n{i % 450}") for i in range(500)]
    with writing(session):
        assert queue_all(session, letters) == 450
        assert queue_all(session, iter(letters)) == 0
    assert len(waiting(session)) == 450


def test_a_suspended_address_is_sent_nothing_until_it_is_lifted(session: Session) -> None:
    now = datetime.now(UTC)
    row = MailSuspension(address="jeanne@exemple.fr", reason="unknown", since=now)
    with writing(session):
        session.add(row)
    with writing(session):
        assert not queue(session, LETTER)
        assert queue(session, replace(LETTER, to="paul@exemple.fr", once="two"))
    with writing(session):
        row.lifted_at = now
    with writing(session):
        assert queue(session, LETTER)


def test_what_no_database_holds_is_left_out_and_no_address_is_refused(session: Session) -> None:
    with writing(session):
        queue(session, replace(LETTER, subject="a\nb", text="x\x00y\ud800z", html="\x00"))
    session.rollback()
    kept = session.execute(select(MailLetter.subject, MailLetter.text, MailLetter.html)).one()
    assert tuple(kept) == ("a b", "xyz", "")
    for wrong in ("a@exemple.fr\nBcc: b@exemple.fr", "pas une adresse"):
        with pytest.raises(InvalidInputError):
            queue(session, replace(LETTER, to=wrong, once="three"))
