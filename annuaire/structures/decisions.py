"""The decisions kept of structures, and those in force now."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from annuaire.structures.decided import Decided
from annuaire.structures.decision_models import StructureDecision

ACTION_WORDS = {
    "edit": "modification",
    "hide": "champ masqué",
    "withdraw": "retrait",
    "undo": "annulation",
}


def decisions_of(structure_id: int) -> Select[StructureDecision]:
    """All that was ever decided of a structure, in its order."""
    return (
        select(StructureDecision)
        .where(StructureDecision.structure_id == structure_id)
        .order_by(StructureDecision.id)
    )


def _standing(structure_ids: Sequence[int]) -> Select[StructureDecision]:
    """The decisions that no other row undid, oldest first."""
    undo = aliased(StructureDecision)
    return (
        select(StructureDecision)
        .outerjoin(undo, undo.undoes == StructureDecision.id)
        .where(
            StructureDecision.structure_id.in_(structure_ids),
            StructureDecision.action != "undo",
            undo.id.is_(None),
        )
        .order_by(StructureDecision.id)
    )


def in_force(session: Session, structure_ids: Sequence[int]) -> dict[int, Decided]:
    """What is decided of these structures now, by structure; only those of which something is."""
    by_structure: dict[int, list[StructureDecision]] = defaultdict(list)
    for decision in session.scalars(_standing(structure_ids)):
        by_structure[decision.structure_id].append(decision)
    return {id_: decided_by(rows) for id_, rows in by_structure.items()}


def decided_by(rows: Iterable[StructureDecision]) -> Decided:
    """Decisions in force, oldest first, put together: of two edits of a field the last counts."""
    edits: dict[str, tuple[Any, int]] = {}
    hidden: set[str] = set()
    withdrawn_on = None
    for row in rows:
        match row.action:
            case "edit":
                edits |= {name: (value, row.id) for name, value in row.values.items()}
            case "hide" if row.field:
                hidden.add(row.field)
            case "withdraw":
                withdrawn_on = withdrawn_on or row.decided_at.date()
    return Decided(edits, frozenset(hidden), withdrawn_on)
