"""Lines that wait: written in the transaction that changes a row, drained after it.

A line says that an object changed, not what changed: draining reads its newest state, so lines
may be repeated, merged or replayed without harm.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

from sqlalchemy import CursorResult, Index, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from annuaire.db import AwareDateTime, Base
from annuaire.sql import among


class OutboxLine(Base):
    """One object whose search document is out of date."""

    __tablename__ = "outbox_line"
    # A number is never given twice: whoever forgets the lines that it read forgets no others.
    __table_args__ = (
        Index("ix_outbox_line_topic_id", "topic", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str]  # the index: "structures" or "contracts"; or what follows it
    object_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)


#: What follows a topic beside the index: it has lines of its own, which nobody else forgets.
FOLLOWERS: Final = {"contracts": "alerts:contracts", "structures": "alerts:structures"}
#: Contracts with awards to be compared (`contracts.awarding`), said beside the topics of the index.
AWARDS: Final = "awards:contracts"
_ASIDE: Final = (*FOLLOWERS.values(), AWARDS)


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines of one topic, oldest first, and the objects that they speak of."""

    line_ids: tuple[int, ...]
    object_ids: tuple[int, ...]


def announce(session: Session, topic: str, object_ids: Iterable[int]) -> None:
    """Say, in the caller's transaction, that these objects changed: to the index, and to what
    follows it."""
    _say(session, [topic, *([FOLLOWERS[topic]] if topic in FOLLOWERS else [])], object_ids)


def say(session: Session, topic: str, object_ids: Iterable[int]) -> None:
    """Say it to one topic alone, in the caller's transaction."""
    _say(session, [topic], object_ids)


def _say(session: Session, topics: Iterable[str], object_ids: Iterable[int]) -> None:
    now, ids = datetime.now(UTC), list(object_ids)
    rows = [{"topic": t, "object_id": i, "created_at": now} for t in topics for i in ids]
    if rows:
        session.execute(insert(OutboxLine), rows)


def next_batch(session: Session, topic: str, size: int, end: "Mark") -> Batch | None:
    """The oldest waiting lines of a topic up to a mark, objects without repetition; None when none
    waits."""
    lines = session.execute(
        select(OutboxLine.id, OutboxLine.object_id)
        .where(OutboxLine.topic == topic, OutboxLine.id <= end.line_id)
        .order_by(OutboxLine.id)
        .limit(size)
    ).all()
    if not lines:
        return None
    return Batch(
        tuple(line.id for line in lines), tuple(dict.fromkeys(line.object_id for line in lines))
    )


def done(session: Session, batch: Batch) -> bool:
    """Forget the lines of a batch that the engine holds: these and no others, as a transaction
    that began earlier may yet commit a line with a smaller number.

    False when some were gone: another drain had them too, and may have put a newer state in the
    engine before the caller put its own.
    """
    statement = delete(OutboxLine).where(among(OutboxLine.id, batch.line_ids))
    gone = cast(CursorResult[Any], session.execute(statement)).rowcount
    return gone == len(batch.line_ids)


def put_back(session: Session, topic: str, batch: Batch) -> Batch:
    """Say again that the objects of a batch changed, in the caller's transaction; returns the
    lines that say it, and no others."""
    now = datetime.now(UTC)
    rows = [{"topic": topic, "object_id": i, "created_at": now} for i in batch.object_ids]
    fresh = session.scalars(insert(OutboxLine).returning(OutboxLine.id), rows).all()
    return Batch(tuple(fresh), batch.object_ids)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the lines of a topic end, and how many there are up to there."""

    line_id: int
    count: int


def mark(session: Session, topic: str) -> Mark:
    """The end of the lines that wait now."""
    newest, count = session.execute(
        select(func.max(OutboxLine.id), func.count()).where(OutboxLine.topic == topic)
    ).one()
    return Mark(newest or 0, count)


def forget_before(session: Session, topic: str, end: Mark) -> None:
    """Forget the lines up to a mark, once a rebuild has read all that they speak of.

    They stay, to be drained, when their number changed: what was drained meanwhile may have been
    read before the mark, and was replayed over what the rebuild read.
    """
    statement = (
        delete(OutboxLine)
        .where(OutboxLine.topic == topic, OutboxLine.id <= end.line_id)
        .returning(OutboxLine.object_id)
    )
    # Deleted, then counted: what another drain deletes meanwhile is waited for, and not counted.
    forgotten = session.scalars(statement).all()
    if len(forgotten) != end.count:
        _say(session, [topic], dict.fromkeys(forgotten))


def forget_followers(session: Session, before: datetime) -> int:
    """Forget what no follower took before a day: where none runs, lines would pile up. Returns how
    many were forgotten."""
    statement = delete(OutboxLine).where(
        OutboxLine.topic.in_(FOLLOWERS.values()), OutboxLine.created_at < before
    )
    return cast(CursorResult[Any], session.execute(statement)).rowcount


def waiting(session: Session) -> dict[str, tuple[int, datetime]]:
    """By topic of the index: how many lines wait and since when."""
    rows = session.execute(
        select(OutboxLine.topic, func.count(), func.min(OutboxLine.created_at))
        .where(OutboxLine.topic.not_in(_ASIDE))
        .group_by(OutboxLine.topic)
    )
    return {topic: (count, oldest) for topic, count, oldest in rows}
