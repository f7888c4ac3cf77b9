"""What was found, written once: deliveries that wait, and when their subscriptions are next due."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from annuaire.alerts import queries
from annuaire.alerts.finding import Looked
from annuaire.alerts.models import AlertDelivery, AlertSubscription
from annuaire.alerts.rhythm import next_due
from annuaire.db import insert_for
from annuaire.sql import among


def store(session: Session, looked: Looked, now: datetime) -> int:
    """Have what was found told, in the caller's transaction; returns how much of it was not known
    already. A subscription that left meanwhile is passed over."""
    ids = {found.subscription_id for found in looked.found}
    there = set(
        session.scalars(select(AlertSubscription.id).where(among(AlertSubscription.id, ids)))
    )
    rows = [
        {
            "subscription_id": found.subscription_id,
            "kind": found.kind,
            "reference": found.reference,
            "version": found.version,
            "said": found.said,
            "seen": found.seen,
            "created_at": now,
        }
        for found in looked.found
        if found.subscription_id in there
    ]
    stored = _insert(session, rows)
    if looked.seen_again:
        again = update(AlertDelivery).where(AlertDelivery.id == bindparam("row"))
        session.connection().execute(
            again.values(seen=bindparam("now")),
            [{"row": id_, "now": seen} for id_, seen in looked.seen_again],
        )
    _set_due(session, stored, now)
    return len(stored)


def _insert(session: Session, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write what is not written already; returns the subscription of each row that was."""
    if not rows:
        return []
    statement = insert_for(session, AlertDelivery.__table__)
    unique = ["subscription_id", "kind", "reference", "version"]
    statement = statement.on_conflict_do_nothing(index_elements=unique)
    returning = statement.returning(AlertDelivery.__table__.c.subscription_id)
    return list(session.execute(returning, rows).scalars())


def _set_due(session: Session, subscriptions: Iterable[int], now: datetime) -> None:
    """Say when those that waited for nothing are due."""
    found = session.execute(
        select(
            AlertSubscription.id, AlertSubscription.rhythm, AlertSubscription.hour,
            AlertSubscription.weekday,
        ).where(among(AlertSubscription.id, set(subscriptions)), AlertSubscription.due_at.is_(None))
    ).all()  # fmt: skip
    last = {
        row.subscription_id: row.at
        for row in session.execute(queries.last_told(row.id for row in found))
    }
    rows = [
        {
            "row": row.id,
            "due": next_due(row.rhythm, row.hour, row.weekday, now, last.get(row.id)),
        }
        for row in found
    ]
    if rows:
        statement = update(AlertSubscription).where(AlertSubscription.id == bindparam("row"))
        session.connection().execute(statement.values(due_at=bindparam("due")), rows)
