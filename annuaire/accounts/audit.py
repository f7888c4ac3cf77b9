"""The log of who did what: rows that the database itself refuses to change (migration 0012).

It names no person but by the number of their account, which means nobody once that is erased.
"""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, Index, Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from annuaire.db import AwareDateTime, Base

KEPT_YEARS: Final = 3  # the database refuses to delete what is more recent: the triggers say so


class AuditEntry(Base):
    """An act. `action` is "room.act"; `object_kind` and `object_id` say on what (a structure's
    number, an account's…); `details` holds plain values and no personal data."""

    __tablename__ = "audit_log"
    __table_args__ = (Index("ix_audit_log_object_kind_object_id", "object_kind", "object_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(AwareDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)  # None: the operator, or nobody
    action: Mapped[str] = mapped_column(index=True)
    object_kind: Mapped[str]
    object_id: Mapped[str]
    reason: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    session: Session,
    action: str,
    object_kind: str,
    object_id: int | str,
    *,
    actor_id: int | None,
    reason: str | None = None,
    **details: Any,
) -> AuditEntry:
    """Log an act, in the caller's transaction: it is kept if, and only if, the act is."""
    entry = AuditEntry(
        at=datetime.now(UTC),
        actor_id=actor_id,
        action=action,
        object_kind=object_kind,
        object_id=str(object_id),
        reason=reason,
        details=details,
    )
    session.add(entry)
    return entry


def acts_of(user_id: int, limit: int = 100) -> Select[AuditEntry]:
    """The newest acts of an account first."""
    mine = select(AuditEntry).where(AuditEntry.actor_id == user_id)
    return mine.order_by(AuditEntry.id.desc()).limit(limit)


def acts_on(object_kind: str, object_id: int | str, limit: int = 100) -> Select[AuditEntry]:
    """The newest acts on an object first."""
    there = select(AuditEntry).where(
        AuditEntry.object_kind == object_kind, AuditEntry.object_id == str(object_id)
    )
    return there.order_by(AuditEntry.id.desc()).limit(limit)
