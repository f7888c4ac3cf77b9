"""Structures worked out again from all that their sources say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from annuaire import outbox
from annuaire.structures.merge import Said
from annuaire.structures.models import SourceRecord, Structure
from annuaire.structures.storing import store


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
) -> None:
    """Work out structures again from all that their sources say, and store what differs.

    Announces to the search index those that changed, and those `moved` to another address.

    The structures are held first, always in the same order: whoever changes one at the same time
    waits, then reads what this transaction's records say too. Their keys are not held, as a record
    that is being written holds its structure's.
    """
    wanted = list(ids)
    structures = session.scalars(
        select(Structure)
        .where(Structure.id.in_(wanted))
        .options(selectinload(Structure.statuses), selectinload(Structure.activities))
        .order_by(Structure.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)  # keys and statuses may just have moved
    ).all()
    said: dict[int, list[Said]] = defaultdict(list)
    # Columns, not objects: records were just written behind the session's back.
    for row in session.execute(_living_records(wanted)):
        said[row.structure_id].append(Said(row.source, row.source_key, row.run_id, row.data))
    living = {s.id for s in structures if s.ended_on is None}
    touched = [s for s in structures if store(session, s, said[s.id], today) or s.id in moved]
    changes.ended |= {s.id for s in touched if s.ended_on and s.id in living}
    now = datetime.now(UTC)
    for structure in touched:
        structure.updated_at = now
    changes.updated |= {s.id for s in touched} - changes.created
    changes.seen |= {s.id for s in structures if said[s.id]}
    session.flush()
    outbox.announce(session, "structures", [s.id for s in touched])


def _living_records(ids: Sequence[int]) -> Select[int, str, str, int, dict[str, Any]]:
    return select(
        SourceRecord.structure_id,
        SourceRecord.source,
        SourceRecord.source_key,
        SourceRecord.run_id,
        SourceRecord.data,
    ).where(SourceRecord.structure_id.in_(ids), SourceRecord.ended_on.is_(None))
