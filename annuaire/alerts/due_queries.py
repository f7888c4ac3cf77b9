"""What digests ask of the database: who is due, what waits for them, what to recall."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select

from annuaire.alerts.models import AlertDelivery, AlertSubscription
from annuaire.alerts.queries import NEW, REMINDER
from annuaire.contracts.models import Contract
from annuaire.sql import among, plain


def due(now: datetime, after: int, limit: int) -> Select[int]:
    """The subscriptions whose digest should leave by now."""
    return (
        select(AlertSubscription.id)
        .where(
            AlertSubscription.state == "active",
            AlertSubscription.due_at <= now,
            AlertSubscription.id > after,
        )
        .order_by(AlertSubscription.id)
        .limit(limit)
    )


def reminded(after: int, limit: int) -> Select[int]:
    """The subscriptions that have reminders to send."""
    return (
        select(AlertDelivery.subscription_id)
        .join(AlertSubscription, AlertSubscription.id == AlertDelivery.subscription_id)
        .where(
            AlertDelivery.queued_at.is_(None),
            AlertDelivery.kind == REMINDER,
            AlertSubscription.state == "active",
            AlertSubscription.id > after,
        )
        .distinct()
        .order_by(AlertDelivery.subscription_id)
        .limit(limit)
    )


def waiting_of(ids: Sequence[int], *, reminders_alone: bool) -> Select[*tuple[Any, ...]]:
    """What waits for these subscriptions, in the order in which it came."""
    found = (
        select(
            AlertDelivery.id, AlertDelivery.subscription_id, AlertDelivery.kind,
            AlertDelivery.reference, AlertDelivery.said,
        )
        .where(among(AlertDelivery.subscription_id, ids), AlertDelivery.queued_at.is_(None))
        .order_by(AlertDelivery.subscription_id, AlertDelivery.id)
    )  # fmt: skip
    return found.where(AlertDelivery.kind == REMINDER) if reminders_alone else found


def to_tell(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """What letters say of these subscriptions."""
    return (
        select(
            AlertSubscription.id, AlertSubscription.email, AlertSubscription.address,
            AlertSubscription.kind, AlertSubscription.query, AlertSubscription.structure_key,
            AlertSubscription.title, AlertSubscription.rhythm, AlertSubscription.hour,
            AlertSubscription.weekday,
        )
        .where(among(AlertSubscription.id, ids))
        .order_by(AlertSubscription.id)
    )  # fmt: skip


def deadlines_told(now: datetime, until: datetime) -> Select[*tuple[Any, ...]]:
    """The contracts that were told to subscriptions which want a reminder, and close by then."""
    told = AlertDelivery
    return (
        select(
            told.subscription_id, told.reference, told.queued_at, Contract.deadline,
            AlertSubscription.reminder_days, AlertSubscription.rhythm, AlertSubscription.hour,
        )
        .join(AlertSubscription, AlertSubscription.id == told.subscription_id)
        .join(Contract, Contract.reference == told.reference)
        .where(
            told.kind == NEW,
            told.queued_at.is_not(None),
            AlertSubscription.state == "active",
            AlertSubscription.reminder_days.is_not(None),
            Contract.state == "published",
            Contract.deadline > now,
            Contract.deadline <= until,
        )
        .order_by(told.id)
    )  # fmt: skip


def last_told(ids: Iterable[int]) -> Select[int, datetime | None]:
    """When each of these subscriptions was last told something."""
    newest = func.max(AlertDelivery.queued_at)
    return (
        select(AlertDelivery.subscription_id, newest.label("at"))
        .where(among(AlertDelivery.subscription_id, ids))
        .group_by(AlertDelivery.subscription_id)
        .having(newest.is_not(None))
        .order_by(AlertDelivery.subscription_id)
    )


def counts_by_state() -> Select[str, str, int]:
    """How many subscriptions of each state and kind."""
    kind = AlertSubscription.kind
    return (
        select(AlertSubscription.state, kind, func.count())
        .group_by(AlertSubscription.state, kind)
        .order_by(plain(AlertSubscription.state), plain(kind))
    )


def troubled() -> Select[int]:
    """How many subscriptions can find nothing until they are corrected."""
    return select(func.count()).where(AlertSubscription.trouble.is_not(None))


def digests_waiting(now: datetime) -> Select[int, int, datetime | None]:
    """How many deliveries wait, how many subscriptions are due by now, since when."""
    waiting = select(func.count()).where(AlertDelivery.queued_at.is_(None)).scalar_subquery()
    late = and_(AlertSubscription.state == "active", AlertSubscription.due_at <= now)
    return select(waiting, func.count(), func.min(AlertSubscription.due_at)).where(late)
