"""What changed of a structure, from one reading to the next: written by the upsert, never for a
first reading.

A field that was unknown and is now known is no change of the structure; nor is another case or
accent. What a structure is on its first day, all its sources read, is where its history begins.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from annuaire.structures.alike import alike
from annuaire.structures.decided import OWN_SOURCE
from annuaire.structures.decision_models import StructureChange
from annuaire.structures.fields import LABELS
from annuaire.structures.models import Structure

FOLLOWED = tuple(name for name in LABELS if name != "lat")
SHOWN_CHANGES = 100
UNKNOWN = (None, "")


@dataclass(frozen=True, slots=True)
class Change:
    """A value that changed, not yet stored; `field` as in StructureChange."""

    field: str
    old: str | None
    new: str | None
    source: str | None = None
    run_id: int | None = None


def is_first_day(structure: Structure, today: date) -> bool:
    """Whether nothing of the structure was shown before today."""
    return structure.created_at.date() >= today


def field_changes(
    structure: Structure, values: dict[str, Any], origins: dict[str, tuple[str, int]]
) -> Iterator[Change]:
    """What new values change of those stored. Hidden or lost values leave no trace of the old."""
    for name in FOLLOWED:
        old, new = getattr(structure, name), values.get(name)
        if old in UNKNOWN or new in UNKNOWN or alike(name, old, new):
            continue
        source, run_id = origins[name]
        yield Change(name, str(old), str(new), source, None if source == OWN_SOURCE else run_id)


def store_changes(
    session: Session, changes: dict[int, list[Change]], run_id: int | None = None
) -> None:
    """Keep what changed, by structure; `run_id` is the run of those that name none."""
    now = datetime.now(UTC)
    rows = [
        {"structure_id": structure_id, "changed_at": now, **asdict(change)}
        | {"run_id": change.run_id or (run_id if change.source != OWN_SOURCE else None)}
        for structure_id, found in changes.items()
        for change in found
    ]
    if rows:
        session.execute(insert(StructureChange), rows)


def changes_of(structure_id: int) -> Select[StructureChange]:
    """The changes of a structure, the newest first."""
    return (
        select(StructureChange)
        .where(StructureChange.structure_id == structure_id)
        .order_by(StructureChange.changed_at.desc(), StructureChange.id.desc())
        .limit(SHOWN_CHANGES)
    )
