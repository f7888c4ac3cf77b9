"""Webhooks sent: signed, to the address that was checked, again and again with growing delays.

What is due is held for a while before it leaves: a sender that is killed loses nothing, and the
next one sends it again under the same number. All that is due to one webhook goes in its order; the
first that fails puts the rest off. In a turn, each webhook comes before a second message of
another, and has PATIENCE: one that is slow, or told of much, keeps no other waiting for long.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from annuaire.db import insert_for, reading, writing
from annuaire.errors import InvalidInputError
from annuaire.platforms.models import Webhook, WebhookDelivery
from annuaire.platforms.signing import secret_of, signed_headers
from annuaire.platforms.webhooks import DROPPED, SENT, WAITING, check_url, disable
from annuaire.sql import among
from importers.http import Access, Client, HttpStatus, OnlineError, Passing

#: How long after each failure the next attempt is made; after the last, no more.
DELAYS: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 840, 1_200, 1_440, 1_440)
)
FAILS_FOR: Final = timedelta(days=4)  # all attempts, since which a webhook is disabled
HELD: Final = timedelta(minutes=10)  # longer than a turn of sending lasts
BATCH: Final = 200
PATIENCE: Final = 60.0  # seconds of a turn in which messages to one webhook begin
TOGETHER: Final = 8  # webhooks sent to at once
GONE: Final = 410

#: Makes the client for the host of a webhook.
Connect = Callable[[Access], Client]


@dataclass(frozen=True, slots=True)
class _Due:
    """A delivery on its way, in plain values: threads share no session."""

    id: int
    webhook_id: int
    message_id: str
    url: str
    secret: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Outcome:
    due: _Due
    tried: bool = True
    status: int | None = None
    error: str | None = None

    @property
    def taken(self) -> bool:
        return self.tried and self.error is None


def add_deliveries(session: Session, rows: Sequence[Mapping[str, Any]], now: datetime) -> int:
    """Put what is to be told to webhooks in the log, in the caller's transaction; what is there
    already stays. Returns how many there are now that were not."""
    fresh = {"state": WAITING, "attempts": 0, "created_at": now, "next_at": now}
    told = [{"message_id": f"msg_{secrets.token_hex(12)}", **fresh, **row} for row in rows]
    if not told:
        return 0
    statement = insert_for(session, WebhookDelivery.__table__).on_conflict_do_nothing(
        index_elements=["webhook_id", "subject", "changed_at"]
    )
    return len(session.execute(statement.returning(WebhookDelivery.__table__.c.id), told).all())


def send_due(session: Session, connect: Connect, site_secret: str, now: datetime) -> dict[str, int]:
    """Send what is due now, at most BATCH; returns how many were sent, failed and dropped."""
    counts = {SENT: 0, "failed": 0, DROPPED: 0}
    due = _claim(session, site_secret, now)
    if not due:
        return counts
    by_webhook: dict[int, list[_Due]] = defaultdict(list)
    for each in due:
        by_webhook[each.webhook_id].append(each)
    with ThreadPoolExecutor(min(TOGETHER, len(by_webhook))) as threads:
        turns = threads.map(lambda some: _send_in_order(connect, some, now), by_webhook.values())
        outcomes = [outcome for turn in turns for outcome in turn]
    with writing(session):
        for outcome in sorted(outcomes, key=lambda each: each.tried):  # then failures put off
            counts[_keep(session, outcome, now)] += outcome.tried
    return counts


def _due(now: datetime) -> Select[WebhookDelivery]:
    """What is due now: the first of each webhook, then the second of each, and so on."""
    rank = func.row_number().over(
        partition_by=WebhookDelivery.webhook_id, order_by=WebhookDelivery.id
    )
    ranked = (
        select(WebhookDelivery.id, rank.label("rank"))
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(*_should_leave(now))
        .subquery()
    )
    return (
        select(WebhookDelivery)
        .join(ranked, ranked.c.id == WebhookDelivery.id)
        .options(joinedload(WebhookDelivery.webhook))
        .order_by(ranked.c.rank, WebhookDelivery.id)
        .limit(BATCH)
    )


def _should_leave(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        WebhookDelivery.state == WAITING,
        WebhookDelivery.next_at <= now,
        Webhook.disabled_at.is_(None),
    )


def _claim(session: Session, site_secret: str, now: datetime) -> list[_Due]:
    """Hold what is due, so that nobody else sends it meanwhile."""
    waits = session.scalar(_due(now).with_only_columns(WebhookDelivery.id).limit(1))
    session.rollback()
    if waits is None:
        return []
    with writing(session):
        found = session.scalars(_due(now).with_for_update(of=WebhookDelivery, skip_locked=True))
        due = []
        for delivery in found.all():
            delivery.next_at = now + HELD
            secret = secret_of(site_secret, delivery.webhook.salt)
            due.append(
                _Due(
                    delivery.id,
                    delivery.webhook_id,
                    delivery.message_id,
                    delivery.webhook.url,
                    secret,
                    orjson.dumps(delivery.body),
                )
            )
    return due


def _send_in_order(connect: Connect, some: Sequence[_Due], now: datetime) -> Iterable[_Outcome]:
    failed, until = False, monotonic() + PATIENCE
    found: list[_Outcome] = []
    for due in some:
        waits = failed or (found and monotonic() > until)
        outcome = _Outcome(due, tried=False) if waits else _send(connect, due, now)
        failed = failed or (outcome.tried and not outcome.taken)
        found.append(outcome)
    return found


def _send(connect: Connect, due: _Due, now: datetime) -> _Outcome:
    headers = signed_headers(due.secret, due.message_id, int(now.timestamp()), due.body)
    try:
        host = check_url(due.url)
        access = Access(
            hosts=frozenset({host}), per_second=20.0, attempts=1, max_seconds=20.0,
            read_seconds=10.0,
        )  # fmt: skip
        asked = {"Content-Type": "application/json", **headers}
        with connect(access) as client, client.answer(due.url, asked, due.body) as (_, answer):
            return _Outcome(due, status=answer.status)
    except HttpStatus as error:
        return _Outcome(due, status=error.status, error=error.message)
    except (OnlineError, InvalidInputError) as error:
        return _Outcome(due, error=error.message)
    except Passing as error:
        return _Outcome(due, error=error.reason)


def _keep(session: Session, outcome: _Outcome, now: datetime) -> str:
    """Write what became of a delivery, and what it says of its webhook."""
    delivery = session.get_one(WebhookDelivery, outcome.due.id)
    if not outcome.tried:
        delivery.next_at = now  # at the next turn, or after the one that failed
        return "failed"
    webhook = session.get_one(Webhook, delivery.webhook_id)
    delivery.attempts += 1
    delivery.status, delivery.error = outcome.status, outcome.error and outcome.error[:300]
    if outcome.taken:
        delivery.state, delivery.sent_at = SENT, now
        webhook.failing_since = None
        return SENT
    webhook.failing_since = webhook.failing_since or now
    if outcome.status == GONE:
        disable(webhook, now, "il a répondu 410 : l’adresse n’existe plus")
    elif now - webhook.failing_since >= FAILS_FOR:
        disable(webhook, now, f"aucun envoi reçu en {FAILS_FOR.days} jours : {delivery.error}")
    if delivery.attempts > len(DELAYS):
        delivery.state = DROPPED
        return DROPPED
    delivery.next_at = now + DELAYS[delivery.attempts - 1]
    _put_off(session, webhook, delivery)
    return "failed"


def _put_off(session: Session, webhook: Webhook, delivery: WebhookDelivery) -> None:
    """What waits for the same webhook waits for the next attempt of the one that failed."""
    session.flush()
    others = session.scalars(
        select(WebhookDelivery).where(
            WebhookDelivery.webhook_id == webhook.id,
            WebhookDelivery.state == WAITING,
            WebhookDelivery.next_at < delivery.next_at,
        )
    )
    for other in others:
        other.next_at = delivery.next_at


def last_digests(session: Session, webhook_id: int, subjects: Iterable[str]) -> dict[str, str]:
    """By subject, the digest of what a webhook was told last of it."""
    newest = (
        select(func.max(WebhookDelivery.id))
        .where(WebhookDelivery.webhook_id == webhook_id, among(WebhookDelivery.subject, subjects))
        .group_by(WebhookDelivery.subject)
    )
    rows = session.execute(
        select(WebhookDelivery.subject, WebhookDelivery.digest).where(
            WebhookDelivery.id.in_(newest)
        )
    )
    return {row.subject: row.digest for row in rows}


@dataclass(frozen=True, slots=True)
class Queue:
    """What pages tell of webhooks: how many are told of changes, up to when these were looked at
    for all of them, how many messages should have left, and since when the oldest should have."""

    active: int = 0
    seen_at: datetime | None = None
    due: int = 0
    oldest: datetime | None = None


def queue_of(session: Session, now: datetime) -> Queue:
    """How the webhooks are at a moment."""
    hooks = select(func.count(), func.min(Webhook.seen_at)).where(Webhook.disabled_at.is_(None))
    late = (
        select(func.count(), func.min(WebhookDelivery.next_at))
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(*_should_leave(now))
    )
    return Queue(*session.execute(hooks).one(), *session.execute(late).one())


def waiting_counts(session: Session) -> dict[int, dict[str, int]]:
    """By webhook, how many deliveries are in each state."""
    rows = reading(session).execute(
        select(WebhookDelivery.webhook_id, WebhookDelivery.state, func.count())
        .group_by(WebhookDelivery.webhook_id, WebhookDelivery.state)
        .order_by(WebhookDelivery.webhook_id)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for webhook_id, state, count in rows:
        found[webhook_id][state] = count
    return found
