"""What is stored of a structure, written only where it differs from what is there."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from annuaire.structures.decided import NOTHING, Decided
from annuaire.structures.history import Change, field_changes, is_first_day
from annuaire.structures.merge import FIELDS, Merged, Said, merge
from annuaire.structures.models import Structure, StructureActivity, StructureStatus


def store(
    session: Session,
    structure: Structure,
    said: Sequence[Said],
    today: date,
    history: list[Change],
    decided: Decided = NOTHING,
    last_said: Sequence[Said] = (),
) -> bool:
    """Write what differs from the stored structure; True when something did.

    What changed of a structure known before today is added to `history`. `last_said` is what the
    sources of an ended structure said last: a decision still applies to what its page shows.
    """
    found: list[Change] = []
    changed = _store_end(structure, bool(said), decided, today, found)
    if not said:
        for status in structure.statuses:
            status.ended_on = status.ended_on or today
    if said or last_said:
        merged = merge(said or last_said, decided)
        changed |= _store_fields(structure, merged, found)
        changed |= _store_activities(session, structure, merged)
    if said:
        changed |= _store_statuses(session, structure, merged, today, found)
    if not is_first_day(structure, today):
        history += found
    return changed


def _store_end(
    structure: Structure, living: bool, decided: Decided, today: date, found: list[Change]
) -> bool:
    """A structure that its sources leave, or that is taken off, ends today at the latest."""
    before = structure.ended_on, structure.withdrawn_on
    off = decided.withdrawn_on is not None
    structure.ended_on = None if living and not off else structure.ended_on or today
    structure.withdrawn_on = decided.withdrawn_on
    after = structure.ended_on, structure.withdrawn_on
    if before[0] != after[0] and before[1] == after[1]:
        old, new = (day.isoformat() if day else None for day in (before[0], after[0]))
        found.append(Change("ended_on", old, new))
    return before != after


def _store_fields(structure: Structure, merged: Merged, found: list[Change]) -> bool:
    changed = False
    found += field_changes(structure, merged.values, merged.origins)
    for name in FIELDS:
        if getattr(structure, name) != merged.values[name]:
            setattr(structure, name, merged.values[name])
            changed = True
    origins = {name: list(origin) for name, origin in merged.origins.items()}
    if structure.origins != origins:
        structure.origins = origins
        changed = True
    return changed


def _store_statuses(
    session: Session, structure: Structure, merged: Merged, today: date, found: list[Change]
) -> bool:
    changed = False
    stored = {(s.kind, s.source): s for s in structure.statuses}
    for (kind, source), (start, end) in merged.statuses.items():
        status = stored.pop((kind, source), None)
        if status is None:
            status = StructureStatus(structure_id=structure.id, kind=kind, source=source)
            session.add(status)
            changed = True
        if status.id is None or status.ended_on is not None:
            found.append(Change("status", None, kind, source))
        values: dict[str, Any] = {"valid_from": start, "valid_to": end, "ended_on": None}
        for name, value in values.items():
            if getattr(status, name) != value:
                setattr(status, name, value)
                changed = True
    for status in stored.values():
        if status.ended_on is None:
            status.ended_on = today
            found.append(Change("status", status.kind, None, status.source))
            changed = True
    return changed


def _store_activities(session: Session, structure: Structure, merged: Merged) -> bool:
    changed = False
    stored = {a.code: a for a in structure.activities}
    for code, (origin, evidence, weight) in merged.activities.items():
        activity = stored.pop(code, None)
        if activity is None:
            activity = StructureActivity(structure_id=structure.id, code=code)
            session.add(activity)
        elif (activity.origin, activity.evidence, activity.weight) == (origin, evidence, weight):
            continue
        activity.origin, activity.evidence, activity.weight = origin, evidence, weight
        changed = True
    for activity in stored.values():
        session.delete(activity)
        changed = True
    return changed
