"""What alerts ask of the database."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from annuaire.alerts.models import (
    AlertDelivery,
    AlertRefusal,
    AlertSubscription,
    AlertTerm,
)
from annuaire.contracts.models import Contract, Notice
from annuaire.outbox import FOLLOWERS, OutboxLine
from annuaire.sql import among, plain

NEW, UPDATE, REMINDER = "new", "update", "reminder"  # kinds of delivery
SERVED: Final = (
    AlertSubscription.id, AlertSubscription.kind, AlertSubscription.query,
    AlertSubscription.structure_key, AlertSubscription.options, AlertSubscription.since,
    AlertSubscription.rhythm, AlertSubscription.hour, AlertSubscription.weekday,
)  # fmt: skip


def oldest_lines(index: str, limit: int) -> Select[int, int]:
    """The oldest lines that tell of changes: identifier, object."""
    return (
        select(OutboxLine.id, OutboxLine.object_id)
        .where(OutboxLine.topic == FOLLOWERS[index])
        .order_by(OutboxLine.id)
        .limit(limit)
    )


def not_indexed(index: str, ids: Iterable[int]) -> Select[int]:
    """Those of these objects whose change the index does not hold yet."""
    return (
        select(OutboxLine.object_id)
        .where(OutboxLine.topic == index, among(OutboxLine.object_id, ids))
        .distinct()
        .order_by(OutboxLine.object_id)
    )


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


def lines_waiting() -> Select[int, datetime | None]:
    """How many changes wait to be looked at, and since when."""
    return select(func.count(), func.min(OutboxLine.created_at)).where(
        OutboxLine.topic.in_(FOLLOWERS.values())
    )


def any_active() -> Select[int]:
    """One subscription that may be served, when there is any."""
    return select(AlertSubscription.id).where(AlertSubscription.state == "active").limit(1)


def candidates(terms: Iterable[str]) -> Select[int]:
    """The subscriptions that need one of these terms."""
    return (
        select(AlertTerm.subscription_id)
        .where(among(AlertTerm.term, terms))
        .distinct()
        .order_by(AlertTerm.subscription_id)
    )


def served(ids: Sequence[int], kind: str) -> Select[*tuple[Any, ...]]:
    """Those of these subscriptions that may be served, of a kind."""
    return (
        select(*SERVED)
        .where(
            among(AlertSubscription.id, ids),
            AlertSubscription.kind == kind,
            AlertSubscription.state == "active",
        )
        .order_by(AlertSubscription.id)
    )


def recent(ids: Sequence[int], since: date) -> Select[int, date]:
    """Those of these contracts that a notice published since then speaks of: identifier, the day
    of the newest."""
    newest = func.max(Notice.published_on)
    return (
        select(Notice.contract_id, newest.label("newest"))
        .where(among(Notice.contract_id, ids))
        .group_by(Notice.contract_id)
        .having(newest >= since)
        .order_by(Notice.contract_id)
    )


def contracts_to_tell(ids: Iterable[int]) -> Select[Contract]:
    """Contracts with all that an alert reads of them; not the texts of their notices."""
    return (
        select(Contract)
        .where(among(Contract.id, ids))
        .options(
            joinedload(Contract.buyer),
            selectinload(Contract.lots),
            selectinload(Contract.notices).load_only(
                Notice.source, Notice.source_key, Notice.nature, Notice.url, Notice.published_on,
                Notice.descriptors, Notice.position,
            ),
            selectinload(Contract.findings),
        )
        .order_by(Contract.id)
    )  # fmt: skip


def versions(ids: Iterable[int]) -> Select[int, datetime]:
    """When each of these contracts was last written."""
    return (
        select(Contract.id, Contract.updated_at)
        .where(among(Contract.id, ids))
        .order_by(Contract.id)
    )


def ids_of_references(references: Iterable[str]) -> Select[str, int]:
    """The contracts of these references that bear them still."""
    return (
        select(Contract.reference, Contract.id)
        .where(among(Contract.reference, references))
        .order_by(Contract.id)
    )


def ids_of_notices(source: str, keys: Iterable[str]) -> Select[str, int]:
    """The contracts that these notices of a source make now."""
    return (
        select(Notice.source_key, Notice.contract_id)
        .where(Notice.source == source, among(Notice.source_key, keys))
        .order_by(Notice.id)
    )


def told_of(references: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """What was told of these objects, or waits to be, the oldest first."""
    return (
        select(
            AlertDelivery.id, AlertDelivery.subscription_id, AlertDelivery.kind,
            AlertDelivery.reference, AlertDelivery.seen, AlertDelivery.queued_at,
        )
        .where(among(AlertDelivery.reference, references), AlertDelivery.kind != REMINDER)
        .order_by(AlertDelivery.id)
    )  # fmt: skip


def active_among(ids: Iterable[int]) -> Select[int]:
    """Those of these subscriptions that may be served."""
    return (
        select(AlertSubscription.id)
        .where(among(AlertSubscription.id, ids), AlertSubscription.state == "active")
        .order_by(AlertSubscription.id)
    )


def refusals_of(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """What these subscriptions said not to suit them."""
    return (
        select(
            AlertRefusal.subscription_id, AlertRefusal.subject, AlertRefusal.value,
            AlertRefusal.activities,
        )
        .where(among(AlertRefusal.subscription_id, ids))
        .order_by(AlertRefusal.id)
    )  # fmt: skip


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
    kinds = AlertDelivery.kind == REMINDER if reminders_alone else AlertDelivery.id > 0
    return (
        select(
            AlertDelivery.id, AlertDelivery.subscription_id, AlertDelivery.kind,
            AlertDelivery.reference, AlertDelivery.said,
        )
        .where(among(AlertDelivery.subscription_id, ids), AlertDelivery.queued_at.is_(None), kinds)
        .order_by(AlertDelivery.subscription_id, AlertDelivery.id)
    )  # fmt: skip


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


def of_address(address: str) -> Select[AlertSubscription]:
    """The subscriptions of an address, the newest first."""
    return (
        select(AlertSubscription)
        .where(AlertSubscription.address == address)
        .order_by(AlertSubscription.id.desc())
    )


def to_index(today: date, limit: int) -> Select[AlertSubscription]:
    """The subscriptions whose terms are of another day."""
    return (
        select(AlertSubscription)
        .where(
            AlertSubscription.state.in_(("active", "paused")),
            or_(AlertSubscription.indexed_on.is_(None), AlertSubscription.indexed_on < today),
        )
        .order_by(AlertSubscription.id)
        .limit(limit)
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
