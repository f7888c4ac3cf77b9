"""What is stored of a structure, written only where it differs from what is there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from annuaire.structures.decided import NOTHING, Decided
from annuaire.structures.history import Change, field_changes, is_first_day
from annuaire.structures.merge import FIELDS, STATE, Merged, Said, lists, merge
from annuaire.structures.models import Structure


@dataclass(slots=True)
class News:
    """What structures worked out again give besides their own columns: statuses and activities to
    be written together, which takes a third of the time, and history, by structure."""

    statuses: list[dict[str, Any]] = field(default_factory=list)
    activities: list[dict[str, Any]] = field(default_factory=list)
    history: dict[int, list[Change]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Of a structure that no directory lists any more: since when, and what they said last."""

    ended_on: date | None = None
    said: Sequence[Said] = ()


def store(
    session: Session,
    structure: Structure,
    said: Sequence[Said],
    today: date,
    news: News,
    decided: Decided = NOTHING,
    unlisted: Unlisted = Unlisted(),
) -> bool:
    """Write what differs from the stored structure; True when something did.

    A structure that no living record grants a status has ended, whatever else is known of it; so
    has a closed establishment, on the day when it closed, until it opens again; so has one that
    was taken off. What is to be added to it goes to `news`, with what changed of a structure known
    before today.
    An unlisted structure shows what its sources said last, and decisions still apply to it.
    """
    found: list[Change] = []
    listed = lists(said)
    told = (*said, *unlisted.said)
    merged = merge(told, decided) if told else None
    # The day kept while a structure is withdrawn is that of its withdrawal.
    known = structure.ended_on if structure.withdrawn_on is None else None
    closed_on = _closed_on(merged, known or decided.withdrawn_on or today)
    gone_on = None if listed else unlisted.ended_on or known or today
    ended_on = decided.withdrawn_on or closed_on or gone_on
    changed = _store_end(structure, ended_on, decided, found)
    if merged:
        changed |= _store_fields(structure, merged, found)
        changed |= _store_activities(session, structure, merged, news)
    if merged and listed:
        changed |= _store_statuses(structure, merged, closed_on, today, found, news)
    else:
        for status in structure.statuses:
            changed |= status.ended_on is None
            status.ended_on = status.ended_on or today
    if not is_first_day(structure, today):
        news.history[structure.id] = found
    return changed


def _closed_on(merged: Merged | None, noticed_on: date) -> date | None:
    """The day on which the establishment closed, or that was noticed; None while it is open, or
    nobody says."""
    if merged is None or merged.values["open"] is not False:
        return None
    closed_on: date | None = merged.values["closed_on"]
    return closed_on or noticed_on


def _store_end(
    structure: Structure, ended_on: date | None, decided: Decided, found: list[Change]
) -> bool:
    before = structure.ended_on, structure.withdrawn_on
    structure.ended_on, structure.withdrawn_on = ended_on, decided.withdrawn_on
    after = structure.ended_on, structure.withdrawn_on
    if before[0] != after[0] and before[1] == after[1]:
        old, new = (day.isoformat() if day else None for day in (before[0], after[0]))
        found.append(Change("ended_on", old, new))
    return before != after


def _store_fields(structure: Structure, merged: Merged, found: list[Change]) -> bool:
    changed = False
    found += field_changes(structure, merged.values, merged.origins)
    merged.values["name"] = merged.values["name"] or ""  # a register may know a number alone
    for name in (*FIELDS, *STATE):
        if getattr(structure, name) != merged.values[name]:
            setattr(structure, name, merged.values[name])
            changed = True
    origins = {name: list(origin) for name, origin in merged.origins.items()}
    if structure.origins != origins:
        structure.origins = origins
        changed = True
    return changed


def _store_statuses(
    structure: Structure,
    merged: Merged,
    ended_on: date | None,
    today: date,
    found: list[Change],
    news: News,
) -> bool:
    """The statuses that sources grant now; those of a closed establishment end with it, on
    `ended_on`."""
    changed = False
    stored = {(s.kind, s.source): s for s in structure.statuses}
    for (kind, source), (start, end) in merged.statuses.items():
        status = stored.pop((kind, source), None)
        if ended_on is None and (status is None or status.ended_on is not None):
            found.append(Change("status", None, kind, source))
        values: dict[str, Any] = {"valid_from": start, "valid_to": end, "ended_on": ended_on}
        if status is None:
            named = {"structure_id": structure.id, "kind": kind, "source": source}
            news.statuses.append(named | values)
            changed = True
            continue
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


def _store_activities(session: Session, structure: Structure, merged: Merged, news: News) -> bool:
    changed = False
    stored = {a.code: a for a in structure.activities}
    for code, (origin, evidence, weight) in merged.activities.items():
        activity = stored.pop(code, None)
        if activity is None:
            named = {"structure_id": structure.id, "code": code}
            proof = {"origin": origin, "evidence": evidence, "weight": weight}
            news.activities.append(named | proof)
            changed = True
            continue
        if (activity.origin, activity.evidence, activity.weight) == (origin, evidence, weight):
            continue
        activity.origin, activity.evidence, activity.weight = origin, evidence, weight
        changed = True
    for activity in stored.values():
        session.delete(activity)
        changed = True
    return changed
