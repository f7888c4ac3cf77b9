"""What is stored of a structure, written only where it differs from what is there."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from annuaire.structures.merge import ADDING, FIELDS, Merged, Said, merge
from annuaire.structures.models import Structure, StructureActivity, StructureStatus


def store(session: Session, structure: Structure, said: list[Said], today: date) -> bool:
    """Write what differs from the stored structure; True when something did. A structure that no
    directory lists any more is ended, whatever else is known of it."""
    if all(record.source in ADDING for record in said):
        changed = structure.ended_on is None
        structure.ended_on = structure.ended_on or today
        for status in structure.statuses:
            status.ended_on = status.ended_on or today
        return changed
    merged = merge(said)
    changed = structure.ended_on is not None
    structure.ended_on = None
    for name in FIELDS:
        if getattr(structure, name) != merged.values[name]:
            setattr(structure, name, merged.values[name])
            changed = True
    origins = {name: list(origin) for name, origin in merged.origins.items()}
    if structure.origins != origins:
        structure.origins = origins
        changed = True
    changed |= _store_statuses(session, structure, merged, today)
    changed |= _store_activities(session, structure, merged)
    return changed


def _store_statuses(session: Session, structure: Structure, merged: Merged, today: date) -> bool:
    changed = False
    stored = {(s.kind, s.source): s for s in structure.statuses}
    for (kind, source), (start, end) in merged.statuses.items():
        status = stored.pop((kind, source), None)
        if status is None:
            status = StructureStatus(structure_id=structure.id, kind=kind, source=source)
            session.add(status)
            changed = True
        values: dict[str, Any] = {"valid_from": start, "valid_to": end, "ended_on": None}
        for name, value in values.items():
            if getattr(status, name) != value:
                setattr(status, name, value)
                changed = True
    for status in stored.values():
        if status.ended_on is None:
            status.ended_on = today
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
