"""Reminders: what was told and soon closes is recalled, once for each deadline that it had."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from annuaire.alerts import due_queries, queries
from annuaire.alerts.finding import Found, Looked
from annuaire.alerts.refusing import by_subscription
from annuaire.alerts.rhythm import reminds
from annuaire.alerts.storing import store
from annuaire.db import reading, writing
from annuaire.wording import PARIS

DAYS: Final = (1, 2, 3, 5, 7, 10, 15)  # before the deadline, that one may choose


def remind(session: Session, now: datetime) -> int:
    """Have the deadlines recalled whose day has come; returns how many reminders are new."""
    session.rollback()
    until = now + timedelta(days=max(DAYS) + 1)
    rows = reading(session).execute(due_queries.deadlines_told(now, until)).all()
    refused = by_subscription(
        session.execute(queries.refusals_of(sorted({row.subscription_id for row in rows})))
    )
    session.rollback()
    found = [
        Found(
            row.subscription_id, queries.REMINDER, row.reference, row.deadline.isoformat(), {}, {}
        )
        for row in rows
        # What was told when the deadline was as near needs no reminder.
        if _days_left(row.deadline, now)
        <= row.reminder_days
        < _days_left(row.deadline, row.queued_at)
        and reminds(row.rhythm, row.hour, now)
        and row.reference not in refused[row.subscription_id].contracts
    ]
    if not found:
        return 0
    with writing(session):
        return store(session, Looked(found, []), now)


def _days_left(deadline: datetime, now: datetime) -> int:
    return (deadline.astimezone(PARIS).date() - now.astimezone(PARIS).date()).days
