"""Table of what moderators decide."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from annuaire.db import AwareDateTime, Base


class ModerationDecision(Base):
    """What a moderator decided of an item of a queue; never changed, undone by another row.

    `verdict` is "accept", "refuse" or "undo" (of the decision `undoes`). `title` is what was seen.
    `waited` is how many seconds the item had waited. `kept` is what the queue needs to undo it.
    """

    __tablename__ = "moderation_decision"
    __table_args__ = (Index("ix_moderation_decision_queue_item_id", "queue", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    queue: Mapped[str]
    item_id: Mapped[int]
    title: Mapped[str]
    verdict: Mapped[str]
    reason: Mapped[str]
    waited: Mapped[int | None]
    kept: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    decided_by: Mapped[int]  # a number of account, which means nobody once that is erased
    decided_at: Mapped[datetime] = mapped_column(AwareDateTime, index=True)
    undoes: Mapped[int | None] = mapped_column(ForeignKey("moderation_decision.id"), unique=True)
