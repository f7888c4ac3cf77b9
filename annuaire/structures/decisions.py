"""The decisions kept of structures, and those in force now."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Select, Subquery, and_, func, select
from sqlalchemy.orm import Session, aliased

from annuaire.sql import among
from annuaire.structures.decided import Decided
from annuaire.structures.decision_models import StructureDecision
from annuaire.structures.identity import COMPANY
from annuaire.structures.models import Structure, StructureAlias

ACTION_WORDS = {
    "edit": "modification",
    "hide": "champ masqué",
    "withdraw": "retrait",
    "undo": "annulation",
}

#: What is respected wherever its number stands: an objection and a withdrawal are of what a number
#: gives away. A correction says how one establishment is, and follows it alone.
OF_NUMBERS: Final = ("hide", "withdraw")


def _applying() -> Subquery:
    """The structures to which each decision applies today: (decision_id, structure_id).

    The one of which it was taken; that of a structure joined to another follows it there, and
    comes back when the two are parted. Those OF_NUMBERS apply too to the structure that stands
    under the decision's number, or to which this leads: when an establishment moved and a directory
    lists its former number again, that row is another structure. A company's number leads to any
    of its establishments, and counts where it stands alone.
    """
    decision, undone = StructureDecision, aliased(StructureDecision)
    by_row = (
        select(
            decision.id.label("decision_id"),
            func.coalesce(StructureAlias.structure_id, Structure.id).label("structure_id"),
        )
        .join(Structure, Structure.id == decision.structure_id)
        .outerjoin(StructureAlias, StructureAlias.key == Structure.key)
    )
    number_leads = and_(StructureAlias.key == decision.key, ~decision.key.startswith(COMPANY))
    by_number = (
        select(decision.id, func.coalesce(StructureAlias.structure_id, Structure.id))
        .outerjoin(Structure, Structure.key == decision.key)
        .outerjoin(StructureAlias, number_leads)
        .outerjoin(undone, undone.id == decision.undoes)
        .where(func.coalesce(undone.action, decision.action).in_(OF_NUMBERS))
    )
    return by_row.union(by_number).subquery()


def decisions_of(structure_id: int) -> Select[StructureDecision]:
    """All that was ever decided of a structure, of those joined to it and of its number, in its
    order."""
    applying = _applying()
    return (
        select(StructureDecision)
        .join(applying, applying.c.decision_id == StructureDecision.id)
        .where(applying.c.structure_id == structure_id)
        .order_by(StructureDecision.id)
    )


def structures_of(decision_id: int) -> Select[int]:
    """The structures to which a decision applies today."""
    applying = _applying()
    return (
        select(applying.c.structure_id)
        .where(applying.c.decision_id == decision_id, applying.c.structure_id.is_not(None))
        .order_by(applying.c.structure_id)
    )


def _standing(structure_ids: Sequence[int]) -> Select[StructureDecision, int]:
    """The decisions that no other row undid, oldest first, each with a structure to which it
    applies."""
    undo, applying = aliased(StructureDecision), _applying()
    return (
        select(StructureDecision, applying.c.structure_id)
        .join(applying, applying.c.decision_id == StructureDecision.id)
        .outerjoin(undo, undo.undoes == StructureDecision.id)
        .where(
            among(applying.c.structure_id, structure_ids),
            StructureDecision.action != "undo",
            undo.id.is_(None),
        )
        .order_by(StructureDecision.id, applying.c.structure_id)
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
