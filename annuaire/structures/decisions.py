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

#: To which structure a decision applies: that of a structure joined to another follows it there,
#: and comes back when the two are parted.
OWNER = func.coalesce(StructureAlias.structure_id, StructureDecision.structure_id)


def decisions_of(structure_id: int) -> Select[StructureDecision]:
    """All that was ever decided of a structure and of those joined to it, in its order."""
    return (
        select(StructureDecision)
        .join(Structure, Structure.id == StructureDecision.structure_id)
        .outerjoin(StructureAlias, StructureAlias.key == Structure.key)
        .where(OWNER.in_([structure_id]))
        .order_by(StructureDecision.id)
    )


def owner_of(decision_id: int) -> Select[int]:
    """The structure to which a decision applies today."""
    return (
        select(OWNER)
        .select_from(StructureDecision)
        .join(Structure, Structure.id == StructureDecision.structure_id)
        .outerjoin(StructureAlias, StructureAlias.key == Structure.key)
        .where(StructureDecision.id == decision_id)
    )


def _standing(structure_ids: Sequence[int]) -> Select[StructureDecision, int]:
    """The decisions that no other row undid, oldest first, each with the structure to which it
    applies."""
    undo = aliased(StructureDecision)
    return (
        select(StructureDecision, OWNER)
        .join(Structure, Structure.id == StructureDecision.structure_id)
        .outerjoin(StructureAlias, StructureAlias.key == Structure.key)
        .outerjoin(undo, undo.undoes == StructureDecision.id)
        .where(among(OWNER, structure_ids), StructureDecision.action != "undo", undo.id.is_(None))
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
