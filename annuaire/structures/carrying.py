"""Statuses that follow their records from one structure to another, ended ones included."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from annuaire.sql import among
from annuaire.structures.models import SourceRecord, StructureStatus


@dataclass(frozen=True, slots=True)
class Move:
    """A record of a source that went from one structure to another."""

    source: str
    from_id: int
    to_id: int
    record_id: int


def carry_statuses(session: Session, moves: Sequence[Move]) -> set[int]:
    """Once records have moved, move the statuses that only they explain; returns the structures
    that gained or lost one.

    A status goes when no record left of its source explains it. Where the other structure holds
    it already, it is left behind with a structure that has no record any more, so that a joining
    undone finds it again, and dropped otherwise.
    """
    if not moves:
        return set()
    ids = {i for move in moves for i in (move.from_id, move.to_id)}
    kinds = _kinds_told(session, ids)
    statuses = session.execute(
        select(
            StructureStatus.id,
            StructureStatus.structure_id,
            StructureStatus.kind,
            StructureStatus.source,
        ).where(among(StructureStatus.structure_id, ids))
    ).all()
    held = {(s.structure_id, s.kind, s.source) for s in statuses}
    peopled = {structure_id for structure_id, _ in kinds}
    went: dict[tuple[int, str], list[int]] = defaultdict(list)
    for move in moves:
        went[move.from_id, move.source].append(move.to_id)
    carried, dropped = [], []
    changed: set[int] = set()
    for status in statuses:
        targets = went.get((status.structure_id, status.source))
        if not targets:
            continue
        told = [to for to in targets if status.kind in kinds.get((to, status.source), ())]
        left = kinds.get((status.structure_id, status.source))
        if left is not None and (status.kind in left or not told):
            continue
        to = (told or targets)[0]
        if (to, status.kind, status.source) not in held:
            held.add((to, status.kind, status.source))
            carried.append({"id": status.id, "structure_id": to})
            changed |= {status.structure_id, to}
        elif status.structure_id in peopled:
            dropped.append(status.id)
            changed.add(status.structure_id)
    if carried:
        session.execute(update(StructureStatus), carried)
    if dropped:
        session.execute(delete(StructureStatus).where(among(StructureStatus.id, dropped)))
    return changed


def _kinds_told(session: Session, ids: set[int]) -> dict[tuple[int, str], set[str]]:
    """By structure and source, the kinds that its records tell, living or ended."""
    kinds: dict[tuple[int, str], set[str]] = defaultdict(set)
    for row in session.execute(
        select(SourceRecord.structure_id, SourceRecord.source, SourceRecord.data).where(
            among(SourceRecord.structure_id, ids)
        )
    ):
        kinds[row.structure_id, row.source] |= {s["kind"] for s in row.data["statuses"]}
    return dict(kinds)
