"""Tables of what people decide, of what changed, and of what visitors report."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from annuaire.db import AwareDateTime, Base


class StructureDecision(Base):
    """What a person decided of a structure; never changed, undone by another row.

    `action` is "edit" (`values` holds the fields with their new value), "hide" (`field` is shown no
    more), "withdraw" (the structure is shown no more) or "undo" (`undoes` no longer counts).
    `key` is the structure's address on that day (an undoing has that of what it undoes).
    """

    __tablename__ = "structure_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    key: Mapped[str] = mapped_column(index=True)
    action: Mapped[str]
    field: Mapped[str | None]
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undoes: Mapped[int | None] = mapped_column(ForeignKey("structure_decision.id"), unique=True)
    author: Mapped[str]
    reason: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(AwareDateTime)


class StructureChange(Base):
    """A shown value that changed: `field` is one of the structure's, "status" (a kind gained is
    `new`, one lost is `old`) or "ended_on". `source` and `run_id`: what said so, where known."""

    __tablename__ = "structure_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    field: Mapped[str]
    old: Mapped[str | None]
    new: Mapped[str | None]
    source: Mapped[str | None]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
    changed_at: Mapped[datetime] = mapped_column(AwareDateTime)


class StructureReport(Base):
    """What a visitor wrote of a structure: `kind` is "error", "hide" or "withdraw"; `state` is
    "new" or "answered". Text, e-mail and answer are erased some months after the answer."""

    __tablename__ = "structure_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    kind: Mapped[str]
    text: Mapped[str | None]
    email: Mapped[str | None]
    state: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    answer: Mapped[str | None]
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
