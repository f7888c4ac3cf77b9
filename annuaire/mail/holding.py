"""Letters held by one sender at a time: taken, marked as handed, noted, or given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import CursorResult, Table, case, update
from sqlalchemy.orm import Session

from annuaire.db import reading, writing
from annuaire.mail import queries
from annuaire.mail.models import MailLetter
from annuaire.mail.policy import Policy, Sender
from annuaire.mail.suspending import note_failure
from annuaire.mail.talking import Outcome
from annuaire.sql import among

SUSPENDED: Final = "Adresse suspendue."
#: Updated as a table: as a model, each update takes half as long again.
_LETTERS: Final = cast(Table, MailLetter.__table__)


@dataclass(frozen=True, slots=True)
class Held:
    """A batch of letters, and how many of them may have arrived from the hands of a lost sender."""

    letters: Sequence[Any]
    doubtful: int = 0


def take(session: Session, sender: Sender, policy: Policy) -> Held:
    """Hold the next letters that are due: of two senders that try, one has each. Letters to
    addresses suspended meanwhile are dropped."""
    now = sender.now()
    session.rollback()
    any_due = reading(session).scalar(queries.due(now, 1))
    session.rollback()
    if any_due is None:
        return Held(())
    with writing(session):
        rows = session.execute(queries.due(now, policy.batch).with_for_update(skip_locked=True))
        taken = rows.all()
        suspended = set(session.scalars(queries.suspended_among(row.address for row in taken)))
        dropped = [row.id for row in taken if row.address in suspended]
        _drop(session, dropped, now)
        kept = [row for row in taken if row.address not in suspended]
        held = [row.id for row in kept]
        unsure = MailLetter.handed_at.is_not(None)
        session.execute(
            update(_LETTERS)
            .where(among(MailLetter.id, held))
            .values(
                worker=sender.name,
                held_until=now + policy.hold,
                doubts=MailLetter.doubts + case((unsure, 1), else_=0),
                attempts=MailLetter.attempts + case((unsure, 1), else_=0),
                handed_at=None,
            )
        )
        doubtful = sum(row.handed_at is not None for row in kept)
    letters = reading(session).execute(queries.letters_held(held)).all()
    session.rollback()
    return Held(letters, doubtful)


def _drop(session: Session, ids: Sequence[int], now: datetime) -> None:
    session.execute(
        update(_LETTERS)
        .where(among(MailLetter.id, ids))
        .values(state="dropped", ended_at=now, answer=SUSPENDED, worker=None, held_until=None)
    )


def mark_handed(session: Session, letter_id: int, sender: Sender, policy: Policy) -> bool:
    """Note that the content is about to leave, and hold the letter anew; False when it was lost
    to another sender meanwhile, or erased."""
    now = sender.now()
    with writing(session):
        marked = session.execute(
            update(_LETTERS)
            .where(
                MailLetter.id == letter_id,
                MailLetter.state == "waiting",
                MailLetter.worker == sender.name,
                MailLetter.held_until > now,
            )
            .values(handed_at=now, held_until=now + policy.hand_hold)
        )
    return bool(_count(marked))


def note(session: Session, letter: Any, outcome: Outcome, sender: Sender, policy: Policy) -> str:
    """Keep what came of an attempt; returns the letter's state. What a refusal says of its address
    is kept with it."""
    now = sender.now()
    attempts = letter.attempts + 1
    values: dict[str, Any] = {
        "attempts": attempts,
        "doubts": letter.doubts + outcome.doubtful,
        "answer": outcome.answer,
        "worker": None,
        "held_until": None,
        "handed_at": None,
    }
    state = {"sent": "sent", "refused": "refused"}.get(outcome.result, "waiting")
    if state == "waiting":
        delay = policy.delay(attempts)
        state = "waiting" if delay is not None else "refused"
        values["due_at"] = now + (delay or policy.delays[-1])
    if state != "waiting":
        values["ended_at"] = now
    if state == "sent" and letter.rank == 0:
        values |= {"text": None, "html": None}  # a link that opens a door is kept no longer
    # What the server took is noted even when the hold ran out: whoever holds it then learns it.
    still = MailLetter.state == "waiting" if state == "sent" else MailLetter.worker == sender.name
    with writing(session):
        kept = session.execute(
            update(_LETTERS).where(MailLetter.id == letter.id, still).values(state=state, **values)
        )
        if _count(kept) and outcome.kind:
            note_failure(
                session, letter.address, outcome.kind, outcome.status, outcome.answer,
                letter.message_id, now,
            )  # fmt: skip
    return state


def give_back(session: Session, ids: Sequence[int], sender: Sender, why: str | None) -> None:
    """Let go of letters that were not handed, with what stood in the way."""
    if not ids:
        return
    values = {"answer": why} if why else {}
    with writing(session):
        session.execute(
            update(_LETTERS)
            .where(
                among(MailLetter.id, ids),
                MailLetter.worker == sender.name,
                MailLetter.handed_at.is_(None),
            )
            .values(worker=None, held_until=None, **values)
        )


def _count(result: object) -> int:
    return cast(CursorResult[Any], result).rowcount
