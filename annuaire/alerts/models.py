"""Tables of the alerts: what is awaited, by which words it is found, what was sent, what was said
not to suit."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from annuaire.db import AwareDateTime, Base


class AlertSubscription(Base):
    """What somebody awaits at an address, and when they want to read it.

    `kind` is "contracts" or "structures" (a search: `query` is its query string), "opportunities"
    or "structure" (of the structure `structure_key`). `options` holds what "opportunities" asks:
    within_km, clauses_only, least (points of 100). `rhythm` is "at_once", "daily" or "weekly", at
    `hour` in Paris, on `weekday` (0 is Monday). `reminder_days` before a deadline it is recalled.

    `state` is "pending" (until its address confirms it, at the latest at `expires_at`), "active" or
    "paused". It receives what is published from `since` on. `due_at`: its next digest. `trouble`
    says why it can find nothing, in French. `asked_from` stands for the visitor who asked, under
    a key, for a day. `indexed_on`: the day its terms were written.
    """

    __tablename__ = "alert_subscription"
    # A number is never given twice: links in old letters bear it.
    __table_args__ = (
        Index("ix_alert_subscription_state_due_at", "state", "due_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    address: Mapped[str] = mapped_column(index=True)  # `email`, as addresses compare
    kind: Mapped[str]
    query: Mapped[str]
    structure_key: Mapped[str | None] = mapped_column(index=True)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    title: Mapped[str]
    rhythm: Mapped[str]
    hour: Mapped[int]
    weekday: Mapped[int]
    reminder_days: Mapped[int | None]
    state: Mapped[str]
    trouble: Mapped[str | None]
    since: Mapped[datetime | None] = mapped_column(AwareDateTime)
    due_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    created_at: Mapped[datetime] = mapped_column(AwareDateTime, index=True)
    expires_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    asked_from: Mapped[str | None]
    indexed_on: Mapped[date | None]


class AlertTerm(Base):
    """A term that only what a subscription awaits may have: « buyer_ids:… », « activities:…|
    departements:59 » (`terms`). A subscription that no term narrows has « * »."""

    __tablename__ = "alert_term"

    term: Mapped[str] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(
        ForeignKey("alert_subscription.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class AlertDelivery(Base):
    """What one subscription is told of one object, once.

    `kind` is "new", "update" (what changed that matters), "reminder" (of a deadline). `reference`
    is the contract's or the structure's key; `version` tells updates and reminders apart. `said`
    is what is told of it to this subscription alone (reasons of a suggestion, what changed);
    `seen` what its object was like then (`prints`). It waits until `queued_at`.
    """

    __tablename__ = "alert_delivery"
    __table_args__ = (
        UniqueConstraint("subscription_id", "kind", "reference", "version"),
        Index("ix_alert_delivery_reference", "reference"),
        Index("ix_alert_delivery_queued_at_subscription_id", "queued_at", "subscription_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(
        ForeignKey("alert_subscription.id", ondelete="CASCADE")
    )
    kind: Mapped[str]
    reference: Mapped[str]
    version: Mapped[str]
    said: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    queued_at: Mapped[datetime | None] = mapped_column(AwareDateTime)


class AlertRefusal(Base):
    """« Pas pour nous »: what a subscription no longer wants. `subject` is "contract", "activity"
    or "buyer", `value` its reference, code or key, `label` its words. `activities` are the codes of
    a refused contract: for « marchés pour nous » they make others alike weigh less."""

    __tablename__ = "alert_refusal"
    __table_args__ = (UniqueConstraint("subscription_id", "subject", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(
        ForeignKey("alert_subscription.id", ondelete="CASCADE")
    )
    subject: Mapped[str]
    value: Mapped[str]
    label: Mapped[str]
    activities: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
