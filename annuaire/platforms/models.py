"""Tables of the platforms: keys with what they used, requests not to be done twice, webhooks."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annuaire.db import AwareDateTime, Base


class ApiKey(Base):
    """A key of the API; its secret is known by `hash` alone, `prefix` is shown.

    Keys that replace one another are of one `family`, which holds the webhooks. `platform` names
    the platform whose consultations it may push (`contracts:write`). A key for tests (`test`) is
    answered by invented samples. `owner` is an address of mail in lower case, empty once erased;
    `user_id` the account that made it, whatever its address since.
    """

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str]
    family: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    owner: Mapped[str] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    platform: Mapped[str | None]
    scopes: Mapped[list[str]] = mapped_column(JSON)
    test: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    created_by: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(AwareDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    revoked_why: Mapped[str | None]

    def holds(self, now: datetime) -> bool:
        """Whether the key opens something at a moment."""
        return self.revoked_at is None and now < self.expires_at


class ApiUsage(Base):
    """How many times a key asked an operation on a day (in Paris)."""

    __tablename__ = "api_usage"

    key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class PushedConsultation(Base):
    """A consultation that a platform pushed, by the key of its notice; `digest` is of all that it
    says, whatever the rules that read it."""

    __tablename__ = "pushed_consultation"

    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    published_on: Mapped[date]
    pushed_at: Mapped[datetime] = mapped_column(AwareDateTime)


class DoneRequest(Base):
    """A request that a platform asked not to be done twice (`Idempotency-Key`), kept for a day;
    `fingerprint` is of its body."""

    __tablename__ = "done_request"
    __table_args__ = (UniqueConstraint("family", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    family: Mapped[str]
    value: Mapped[str]
    fingerprint: Mapped[str]
    done_at: Mapped[datetime] = mapped_column(AwareDateTime, index=True)


class Webhook(Base):
    """An address that is told of what changes: contracts of the search `contracts`, structures of
    the search `structures` (query strings of the site; None: none of them).

    `seen_at` is the moment up to which changes were looked at. Its secret is made of `salt` and of
    the site's own secret: the database alone signs nothing. It fails since `failing_since`; one
    that is disabled (`disabled_why`) is sent nothing.
    """

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    family: Mapped[str] = mapped_column(index=True)
    url: Mapped[str]
    contracts: Mapped[str | None]
    structures: Mapped[str | None]
    salt: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    seen_at: Mapped[datetime] = mapped_column(AwareDateTime)
    failing_since: Mapped[datetime | None] = mapped_column(AwareDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    disabled_why: Mapped[str | None]


class WebhookDelivery(Base):
    """What is told to a webhook, once: `message_id` is the same at each attempt. `digest` is of
    what was told, so that an object that says the same is not told again. `state` is "waiting",
    "sent" or "dropped"."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "subject", "changed_at"),
        Index("ix_webhook_delivery_state_next_at", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(unique=True)
    event: Mapped[str]
    subject: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(AwareDateTime)
    digest: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str]
    attempts: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    next_at: Mapped[datetime] = mapped_column(AwareDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    status: Mapped[int | None]
    error: Mapped[str | None]

    webhook: Mapped[Webhook] = relationship()
