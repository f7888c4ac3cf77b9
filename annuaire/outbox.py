"""Lines that wait: written in the transaction that changes a row, drained after it.

A line says that an object changed, not what changed: draining reads its newest state, so lines
may be repeated, merged or replayed without harm.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Index, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from annuaire.db import AwareDateTime, Base


class OutboxLine(Base):
    """One object whose search document is out of date."""

    __tablename__ = "outbox_line"
    __table_args__ = (Index("ix_outbox_line_topic_id", "topic", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str]  # the index: "structures" or "contracts"
    object_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines of one topic, oldest first, and the objects that they speak of."""

    line_ids: tuple[int, ...]
    object_ids: tuple[int, ...]


def announce(session: Session, topic: str, object_ids: Iterable[int]) -> None:
    """Say, in the caller's transaction, that these objects changed."""
    now = datetime.now(UTC)
    rows = [{"topic": topic, "object_id": i, "created_at": now} for i in object_ids]
    if rows:
        session.execute(insert(OutboxLine), rows)


def next_batch(session: Session, topic: str, size: int) -> Batch | None:
    """The oldest waiting lines of a topic, objects without repetition; None when none waits."""
    lines = session.execute(
        select(OutboxLine.id, OutboxLine.object_id)
        .where(OutboxLine.topic == topic)
        .order_by(OutboxLine.id)
        .limit(size)
    ).all()
    if not lines:
        return None
    return Batch(
        tuple(line.id for line in lines), tuple(dict.fromkeys(line.object_id for line in lines))
    )


def done(session: Session, batch: Batch) -> None:
    """Forget the lines of a batch that the engine holds: these and no others, as a transaction
    that began earlier may yet commit a line with a smaller number."""
    session.execute(delete(OutboxLine).where(OutboxLine.id.in_(batch.line_ids)))


def forget_before(session: Session, topic: str, line_id: int) -> None:
    """Forget the lines of a topic up to one, once a rebuild has read all that they speak of."""
    session.execute(delete(OutboxLine).where(OutboxLine.topic == topic, OutboxLine.id <= line_id))


def newest_line(session: Session, topic: str) -> int:
    """The newest line's number, 0 when none waits."""
    found = session.scalar(select(func.max(OutboxLine.id)).where(OutboxLine.topic == topic))
    return found or 0


def waiting(session: Session) -> dict[str, tuple[int, datetime]]:
    """By topic: how many lines wait and since when."""
    rows = session.execute(
        select(OutboxLine.topic, func.count(), func.min(OutboxLine.created_at)).group_by(
            OutboxLine.topic
        )
    )
    return {topic: (count, oldest) for topic, count, oldest in rows}
