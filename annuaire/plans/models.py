"""Tables of the purchase plans that visitors send: kept a week, under an address that nobody
guesses, and then erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from annuaire.db import AwareDateTime, Base


class PurchasePlan(Base):
    """A plan as it was sent, and how far its work has come.

    `content` is the file, dropped once its lines are read. `state` is "waiting", "running", "done"
    or "refused" (`message` then says why). `worker` holds it until `held_until`: past that moment
    another may take it over, so a worker that was killed loses nothing.
    """

    __tablename__ = "purchase_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    place: Mapped[str | None]
    buyer: Mapped[str | None]
    content: Mapped[bytes | None]
    state: Mapped[str]
    message: Mapped[str | None]
    worker: Mapped[str | None]
    held_until: Mapped[datetime | None] = mapped_column(AwareDateTime)
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    expires_at: Mapped[datetime] = mapped_column(AwareDateTime, index=True)


class PurchasePlanLine(Base):
    """A line of a plan: `given` is the line as read (PlanLine), `answer` what was found for it
    (annuaire.plans.answering), None until then and for a refused line."""

    __tablename__ = "purchase_plan_line"
    __table_args__ = (UniqueConstraint("plan_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("purchase_plan.id", ondelete="CASCADE"))
    position: Mapped[int]
    done: Mapped[bool]
    given: Mapped[dict[str, Any]] = mapped_column(JSON)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON)
