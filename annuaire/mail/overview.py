"""How the mails are: for who runs the service, with addresses; for pages, without any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire.mail import queries

SHOWN: Final = 20  # refusals and suspended addresses


@dataclass(frozen=True, slots=True)
class Refusal:
    """A letter that the server refused for good, and why."""

    id: int
    purpose: str
    ended_at: datetime
    answer: str


@dataclass(frozen=True, slots=True)
class Suspended:
    """An address to which nothing is sent."""

    address: str
    reason: str
    detail: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """What pages tell: how many letters should have left, and since when the oldest waits."""

    due: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """`waiting` letters, of which `due` should leave now, `oldest` since when; then those of all
    time whose outcome is known. `doubts`: answers of the server that were lost, so letters that
    may have arrived twice. `trouble`: what stood in the way of the oldest that waits."""

    waiting: int
    due: int
    oldest: datetime | None
    by_purpose: dict[str, int]
    sent: int
    refused: int
    dropped: int
    doubts: int
    trouble: str | None
    refusals: Sequence[Refusal]
    suspended_count: int
    suspended: Sequence[Suspended]


def overview(session: Session, now: datetime) -> Overview:
    """How the mails are, the newest refusals and suspensions first."""
    states: dict[str, int] = {}
    doubts = 0
    for state, count, unsure in session.execute(queries.letters_by_state()):
        states[state] = count
        doubts += unsure or 0
    queue = queue_of(session, now)
    purposes = session.execute(queries.waiting_by_purpose())
    return Overview(
        waiting=states.get("waiting", 0),
        due=queue.due,
        oldest=queue.oldest,
        by_purpose={row.purpose: row.letters for row in purposes},
        sent=states.get("sent", 0),
        refused=states.get("refused", 0),
        dropped=states.get("dropped", 0),
        doubts=doubts,
        trouble=session.scalar(queries.trouble()),
        refusals=[Refusal(*row) for row in session.execute(queries.refusals(SHOWN))],
        suspended_count=session.scalar(queries.suspended_count()) or 0,
        suspended=suspended_addresses(session, SHOWN),
    )


def suspended_addresses(session: Session, limit: int) -> Sequence[Suspended]:
    """The addresses to which nothing is sent, the last suspended first."""
    return [Suspended(*row) for row in session.execute(queries.suspended(limit))]


def queue_of(session: Session, now: datetime) -> Queue:
    """How many letters should have left by now, and since when the oldest should have."""
    count, oldest = session.execute(queries.queue(now)).one()
    return Queue(count, oldest)


def waiting_letters(session: Session, limit: int) -> Sequence[Any]:
    """The letters that wait, in their order of leaving."""
    return session.execute(queries.waiting_letters(limit)).all()
