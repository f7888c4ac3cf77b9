"""The index kept in step with the database: lines drained in order, indexes rebuilt beside."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import get_args

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.contracts.models import Contract
from annuaire.db import reading, writing
from annuaire.structures.models import Structure, StructureStatus
from search.documents import all_ids, documents
from search.engine import Engine, IndexName

INDEXES: tuple[IndexName, ...] = get_args(IndexName)
BATCH = 5_000
LATE = 31  # days looked back for statuses that ended while nobody followed
BULK = 20_000  # waiting lines from which filling a new index is quicker than changing the old


def drain(
    session: Session,
    engine: Engine,
    today: date,
    on_batch: Callable[[int], None] = lambda _: None,
) -> int:
    """Bring the engine up to date with all lines that wait now; returns how many objects were
    looked at. Statuses are indexed as held `today`.

    What comes meanwhile is left to whoever announced it. Of several drains of the same lines one
    is done; each other puts them back for itself, so that they do not keep one another at work.

    A line is forgotten only once the engine holds its object, so a drain that is killed is
    finished by the next one. Raises EngineUnavailable; the lines then wait.
    """
    waiting = outbox.waiting(reading(session))
    counts = engine.health().counts
    session.rollback()
    total = 0
    for name in INDEXES:
        lines = waiting[name][0] if name in waiting else 0
        if lines >= BULK and lines > counts.get(name, 0):
            total += rebuild(session, engine, name, today, on_batch)
        total += _drain_index(session, engine, name, today, on_batch)
    return total


def announce_ended(session: Session, today: date) -> int:
    """Say that structures changed whose status ended by the calendar in the last LATE days: the
    index holds statuses as they were held on the day that it was written. Returns how many."""
    statement = (
        select(StructureStatus.structure_id)
        .where(
            StructureStatus.valid_to < today,
            StructureStatus.valid_to >= today - timedelta(days=LATE),
            StructureStatus.ended_on.is_(None),
        )
        .distinct()
        .order_by(StructureStatus.structure_id)
    )
    with writing(session):
        ids = list(session.scalars(statement))
        outbox.announce(session, "structures", ids)
    return len(ids)


def _drain_index(
    session: Session,
    engine: Engine,
    name: IndexName,
    today: date,
    on_batch: Callable[[int], None],
) -> int:
    count = 0
    batch: outbox.Batch | None = None
    session.rollback()
    end = outbox.mark(reading(session), name)
    while True:
        session.rollback()
        batch = batch or outbox.next_batch(reading(session), name, BATCH, end)
        if batch is None:
            session.rollback()
            return count
        found = documents(session, name, batch.object_ids, today)
        session.rollback()
        present = {str(document["id"]) for document in found}
        engine.index(name, found)
        engine.delete(name, [str(i) for i in batch.object_ids if str(i) not in present])
        count += len(batch.object_ids)
        on_batch(len(batch.object_ids))
        with writing(session):
            kept = outbox.done(session, batch)
            batch = None if kept else outbox.put_back(session, name, batch)
        session.expunge_all()


def rebuild(
    session: Session,
    engine: Engine,
    name: IndexName,
    today: date,
    on_batch: Callable[[int], None] = lambda _: None,
) -> int:
    """Fill a new index from the database and switch to it; returns how many documents it holds.

    Lines that were waiting when it began are then forgotten; those that came meanwhile stay. The
    database is read as it stands once the engine keeps what others write: a change is either
    read, or replayed.
    """
    with engine.rebuild(name) as index:
        session.rollback()
        end = outbox.mark(reading(session), name)
        index.expected = expected = count_to_index(session, name)
        for ids in all_ids(session, name):
            index.add(documents(session, name, ids, today))
            session.expunge_all()
            on_batch(len(ids))
        session.rollback()
    with writing(session):
        outbox.forget_before(session, name, end)
    return expected


def count_to_index(session: Session, name: IndexName) -> int:
    """How many documents the index should hold."""
    if name == "structures":
        statement = select(func.count()).select_from(Structure).where(Structure.ended_on.is_(None))
    else:
        statement = select(func.count()).select_from(Contract)
    return session.scalar(statement) or 0
