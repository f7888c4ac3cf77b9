"""Addresses left in peace: what came back counts, suspends, and is lifted by a person."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from annuaire.db import insert_for
from annuaire.mail import queries
from annuaire.mail.letters import address_key
from annuaire.mail.models import MailReport, MailSuspension
from annuaire.mail.statuses import Kind

#: Temporary failures of an address within the window that suspend it. A mailbox is full for a week,
#: a server is down for a day: five letters that all failed in a month say that nobody reads.
SOFT_LIMIT: Final = 5
WINDOW: Final = timedelta(days=30)
MAX_DETAIL: Final = 500
REASONS: Final = {
    "unknown": "la boîte n’existe pas",
    "failing": "trop d’échecs de suite",
    "complaint": "signalée comme indésirable par qui la reçoit",
    "by_hand": "suspendue par une personne",
}


def note_failure(
    session: Session,
    address: str,
    kind: Kind,
    status: str | None,
    detail: str,
    message_id: str,
    now: datetime,
) -> str | None:
    """Keep, in the caller's transaction, what came back of a letter, once. Returns the reason when
    the address is suspended by it."""
    digest = hashlib.sha256(f"{kind}\n{address}\n{message_id}".encode()).hexdigest()
    row = {
        "digest": digest,
        "address": address,
        "kind": kind,
        "status": status,
        "detail": detail[:MAX_DETAIL],
        "message_id": message_id,
        "read_at": now,
    }
    statement = insert_for(session, MailReport).values(row).on_conflict_do_nothing()
    if not session.scalars(statement.returning(MailReport.id)).all():
        return None
    reason = _reason(session, address, kind, now)
    if reason and suspend(session, address, reason, detail, now):
        return reason
    return None


def _reason(session: Session, address: str, kind: Kind, now: datetime) -> str | None:
    if kind == "hard":
        return "unknown"
    if kind == "complaint":
        return "complaint"
    lifted = session.scalar(queries.last_lifting(address))
    since = max(lifted, now - WINDOW) if lifted else now - WINDOW
    count = session.scalar(queries.failures_since(address, since)) or 0
    return "failing" if count >= SOFT_LIMIT else None


def suspend(session: Session, address: str, reason: str, detail: str | None, now: datetime) -> bool:
    """Send nothing more to an address, in the caller's transaction; False when it was so."""
    row = {
        "address": address_key(address),
        "reason": reason,
        "detail": detail[:MAX_DETAIL] if detail else None,
        "since": now,
    }
    statement = insert_for(session, MailSuspension).values(row).on_conflict_do_nothing()
    return bool(session.scalars(statement.returning(MailSuspension.id)).all())


def lift(session: Session, address: str, who: str, now: datetime) -> bool:
    """Send to an address again, in the caller's transaction; False when it was not suspended."""
    lifted = session.execute(
        update(MailSuspension)
        .where(MailSuspension.address == address_key(address), MailSuspension.lifted_at.is_(None))
        .values(lifted_at=now, lifted_by=who)
    )
    return bool(cast(CursorResult[Any], lifted).rowcount)
