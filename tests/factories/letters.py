"""Letters for the tests of sending, their passes, and what is promised of them."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.mail.letters import Letter
from annuaire.mail.models import MailLetter
from annuaire.mail.policy import Policy, Sender
from annuaire.mail.sending import Counts, send_waiting
from annuaire.mail.servers import From, ServerAway, read_server
from annuaire.mail.service import queue_all
from tests.factories.smtp import Mailbox

LETTER = Letter("a@exemple.fr", "Bonjour", "Texte", "<p>Texte</p>", once="0", purpose="alert")
ORIGIN = From("annuaire", "ne-pas-repondre@annuaire.example.org")
MINUTE = timedelta(minutes=1)
#: A patience of tests: a server is slow after a fifth of a second.
POLICY = Policy(
    delays=(MINUTE,) * 20, hold=MINUTE, hand_hold=MINUTE, batch=7, timeout=0.2, content_timeout=0.2
)
SLOW = 0.4


class Clock:
    """A time that moves when told."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


def queue_for(session: Session, addresses: list[str]) -> None:
    with writing(session):
        queue_all(session, [replace(LETTER, to=to, once=to) for to in addresses])


def send(session: Session, mailbox: Mailbox, clock: Clock, policy: Policy = POLICY) -> Counts:
    sender = Sender("test", clock, lambda _: None)
    return send_waiting(session, read_server(mailbox.url), ORIGIN, sender, policy)


def send_until_done(session: Session, mailbox: Mailbox, clock: Clock) -> None:
    """Passes, two minutes apart, until no letter waits."""
    for _ in range(80):
        with suppress(ServerAway, OperationalError):
            send(session, mailbox, clock)
        clock.now += 2 * MINUTE
        session.rollback()
        waits = session.scalar(select(MailLetter.id).where(MailLetter.state == "waiting").limit(1))
        session.rollback()
        if waits is None:
            return
    pytest.fail("des lettres attendent encore")


def rows(session: Session) -> list[MailLetter]:
    session.rollback()
    found = list(session.scalars(select(MailLetter).order_by(MailLetter.id)))
    session.expunge_all()
    session.rollback()
    return found


def received(mailbox: Mailbox) -> Counter[str]:
    """How many times each letter was received, whose identifier is always its own."""
    times = mailbox.times()
    by_recipient = Counter(letter.to for letter in mailbox.letters)
    assert sorted(times.values()) == sorted(by_recipient.values())
    return by_recipient


def check_promise(session: Session, mailbox: Mailbox) -> None:
    """Each letter was received once, but for those whose answer was lost: no more often than it
    was, and counted."""
    times = received(mailbox)
    for row in rows(session):
        assert row.state == "sent", row.answer
        assert 1 <= times[row.recipient or ""] <= 1 + row.doubts, row.recipient
