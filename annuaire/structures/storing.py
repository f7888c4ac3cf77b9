"""What is stored of a structure, written only where it differs from what is there."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from annuaire.structures.merge import FIELDS, STATE, Merged, Said, merge
from annuaire.structures.models import Structure, StructureActivity, StructureStatus


def store(session: Session, structure: Structure, said: list[Said], today: date) -> bool:
    """Write what differs from the stored structure; True when something did.

    A structure that no living record grants a status has ended, whatever else is known of it; so
    has a closed establishment, on the day when it closed, until it opens again.
    """
    merged = merge(said) if said else None
    if merged is None or not merged.granted:
        return _end(structure, today)
    changed = False
    for name in (*FIELDS, *STATE):
        if getattr(structure, name) != merged.values[name]:
            setattr(structure, name, merged.values[name])
            changed = True
    ended_on = None
    if structure.open is False:
        ended_on = structure.closed_on or structure.ended_on or today
    if structure.ended_on != ended_on:
        structure.ended_on = ended_on
        changed = True
    origins = {name: list(origin) for name, origin in merged.origins.items()}
    if structure.origins != origins:
        structure.origins = origins
        changed = True
    changed |= _store_statuses(session, structure, merged, today)
    changed |= _store_activities(session, structure, merged)
    return changed


def _end(structure: Structure, today: date) -> bool:
    """End what no directory lists any more, with its statuses; what was known of it stays."""
    changed = structure.ended_on is None
    structure.ended_on = structure.ended_on or today
    for status in structure.statuses:
        status.ended_on = status.ended_on or today
    return changed


def _store_statuses(session: Session, structure: Structure, merged: Merged, today: date) -> bool:
    """The statuses that sources grant now; those of a closed establishment end with it."""
    changed = False
    stored = {(s.kind, s.source): s for s in structure.statuses}
    for (kind, source), (start, end) in merged.statuses.items():
        status = stored.pop((kind, source), None)
        if status is None:
            status = StructureStatus(structure_id=structure.id, kind=kind, source=source)
            session.add(status)
            changed = True
        values: dict[str, Any] = {
            "valid_from": start,
            "valid_to": end,
            "ended_on": structure.ended_on,
        }
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
