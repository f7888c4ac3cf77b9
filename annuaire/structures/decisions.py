"""The decisions kept of structures, and those in force now."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from annuaire.sql import among
from annuaire.structures.decided import Decided
from annuaire.structures.decision_models import StructureDecision
from annuaire.structures.models import Structure, StructureAlias

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


def _standing(structure_ids: Sequence[int]) -> Select[StructureDecision, int]:
    """The decisions that no other row undid, oldest first, each with the structure to which it
    applies: that of a structure joined to another follows it there, and comes back when the two
    are parted."""
    undo = aliased(StructureDecision)
    owner = func.coalesce(StructureAlias.structure_id, StructureDecision.structure_id)
    return (
        select(StructureDecision, owner)
        .join(Structure, Structure.id == StructureDecision.structure_id)
        .outerjoin(StructureAlias, StructureAlias.key == Structure.key)
        .outerjoin(undo, undo.undoes == StructureDecision.id)
        .where(among(owner, structure_ids), StructureDecision.action != "undo", undo.id.is_(None))
        .order_by(StructureDecision.id)
    )


def in_force(session: Session, structure_ids: Sequence[int]) -> dict[int, Decided]:
    """What is decided of these structures now, by structure; only those of which something is."""
    by_structure: dict[int, list[StructureDecision]] = defaultdict(list)
    for decision, structure_id in session.execute(_standing(structure_ids)):
        by_structure[structure_id].append(decision)
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
