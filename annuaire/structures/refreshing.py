"""A structure worked out again from all that its sources say and what people decided of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session, selectinload

from annuaire import outbox
from annuaire.sql import among
from annuaire.structures.decided import NOTHING
from annuaire.structures.decisions import in_force
from annuaire.structures.history import store_changes
from annuaire.structures.merge import ADDING, Said, lists
from annuaire.structures.models import (
    SourceRecord,
    Structure,
    StructureActivity,
    StructureStatus,
)
from annuaire.structures.storing import News, Unlisted, store

Saying = Select[int, str, str, int, dict[str, Any], str, str]


@dataclass(slots=True)
class Changes:
    """Structures touched by a run, by identifier."""

    created: set[int] = field(default_factory=set)
    updated: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)


def refresh(
    session: Session,
    ids: Iterable[int],
    changes: Changes,
    today: date,
    moved: Collection[int] = (),
    run_id: int | None = None,
) -> None:
    """Work out structures again from all that their sources say and what people decided, and store
    what differs, with its history.

    Announces to the search index those that changed, and those `moved` to another address, whose
    statuses went elsewhere, or whose page otherwise says something new that no column holds.

    The structures are held first, always in the same order: whoever changes one at the same time
    waits, then reads what this transaction's records say too. Their keys are not held, as a record
    that is being written holds its structure's.
    """
    wanted = list(ids)
    structures = session.scalars(
        select(Structure)
        .where(among(Structure.id, wanted))
        .options(selectinload(Structure.statuses), selectinload(Structure.activities))
        .order_by(Structure.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)  # keys and statuses may just have moved
    ).all()
    said = _said(session, _living_records(wanted))
    decided = in_force(session, wanted)
    unlisted = [i for i in wanted if not lists(said.get(i, ()))]
    last_said = _said(session, _last_records(unlisted)) if unlisted else {}
    ended_on = dict(session.execute(_unlisted_on(unlisted)).all()) if unlisted else {}
    news = News()
    living = {s.id for s in structures if s.ended_on is None}
    touched = [
        s
        for s in structures
        if store(
            session,
            s,
            said.get(s.id, ()),
            today,
            news,
            decided.get(s.id, NOTHING),
            Unlisted(ended_on.get(s.id), last_said.get(s.id, ())),
        )
        or s.id in moved
    ]
    now = datetime.now(UTC)
    for structure in touched:
        structure.updated_at = now
    session.flush()
    if news.statuses:
        session.execute(insert(StructureStatus), news.statuses)
    if news.activities:
        session.execute(insert(StructureActivity), news.activities)
    store_changes(session, news.history, run_id)
    changes.ended |= {s.id for s in touched if s.ended_on and s.id in living}
    changes.updated |= {s.id for s in touched} - changes.created
    changes.seen |= {s.id for s in structures if s.id in said}
    outbox.announce(session, "structures", [s.id for s in touched])


def _said(session: Session, records: Saying) -> dict[int, list[Said]]:
    """By structure, what its sources say. Columns, not objects: records may have been written
    behind the session's back."""
    said: dict[int, list[Said]] = defaultdict(list)
    for row in session.execute(records):
        said[row.structure_id].append(
            Said(row.source, row.source_key, row.run_id, row.data, row.own_key == row.key)
        )
    return dict(said)


def _records(ids: Sequence[int]) -> Saying:
    return (
        select(
            SourceRecord.structure_id,
            SourceRecord.source,
            SourceRecord.source_key,
            SourceRecord.run_id,
            SourceRecord.data,
            SourceRecord.own_key,
            Structure.key,
        )
        .join(Structure, Structure.id == SourceRecord.structure_id)
        .where(among(SourceRecord.structure_id, ids))
    )


def _living_records(ids: Sequence[int]) -> Saying:
    return _records(ids).where(SourceRecord.ended_on.is_(None))


def _last_records(ids: Sequence[int]) -> Saying:
    """What the directories said last of structures that none lists any more: what their pages
    still show, to which a decision or its undoing applies."""
    last = _unlisted_on(ids).subquery()
    return (
        _records(ids)
        .join(last, last.c.structure_id == SourceRecord.structure_id)
        .where(SourceRecord.ended_on == last.c.day, SourceRecord.source.not_in(ADDING))
    )


def _unlisted_on(ids: Sequence[int]) -> Select[int, date | None]:
    """When a directory listed each of these structures last."""
    return (
        select(SourceRecord.structure_id, func.max(SourceRecord.ended_on).label("day"))
        .where(
            among(SourceRecord.structure_id, ids),
            SourceRecord.ended_on.is_not(None),
            SourceRecord.source.not_in(ADDING),
        )
        .group_by(SourceRecord.structure_id)
    )
