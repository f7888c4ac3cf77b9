"""To decide of a structure: correct it, hide a field, take it off, and undo. One row each.

Every function works in the caller's transaction, has the structure worked out again, and announces
it to the search index when something shown changed.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.sql import numbered
from annuaire.structures.decision_models import StructureDecision
from annuaire.structures.decisions import in_force, structures_of
from annuaire.structures.fields import EDITABLE, HIDEABLE, IDENTITY, LABELS, labels_of
from annuaire.structures.merge import GROUPS, POINT
from annuaire.structures.models import Structure
from annuaire.structures.refreshing import refresh
from annuaire.structures.service import Changes

MAX_WORDS = 500  # characters of an author's name or of a reason
PLACE = (*(name for group in GROUPS for name in group), *POINT)


def edit(
    session: Session,
    structure: Structure,
    values: Mapping[str, Any],
    author: str,
    reason: str,
    today: date,
) -> StructureDecision:
    """Correct fields; `values` were checked (`importers.edits.read_edit`).

    Raises InvalidInputError for a field that nobody may edit, or without author or reason.
    """
    for name in values:
        refuse_field(name)
    if not values:
        raise InvalidInputError("Donnez au moins un champ à modifier : champ=valeur.")
    if any(name in values for name in PLACE) and not all(name in values for name in PLACE):
        raise InvalidInputError(
            "L'adresse, le code postal et la commune se modifient ensemble.", "address"
        )
    return _decide(
        session, structure.id, structure.key, "edit", author, reason, today, values=dict(values)
    )


def refuse_field(name: str) -> None:
    """Raises InvalidInputError unless a person may edit this field."""
    if name in IDENTITY:
        raise InvalidInputError(
            f"« {name} » identifie la structure ou vient de qui délivre le statut : il ne se "
            "modifie pas ici. Demandez la correction à sa source.",
            name,
        )
    if name not in EDITABLE and name not in PLACE:
        raise InvalidInputError(
            f"Le champ « {name[:40]} » n'existe pas ou ne se modifie pas. Champs possibles : "
            f"{labels_of(EDITABLE)}.",
            name,
        )


def hide(
    session: Session, structure: Structure, field: str, author: str, reason: str, today: date
) -> StructureDecision:
    """Show a field no more, whatever the sources say. Raises InvalidInputError."""
    if field not in HIDEABLE:
        raise InvalidInputError(
            f"Le champ « {field[:40]} » ne peut pas être masqué. Champs possibles : "
            f"{labels_of(HIDEABLE)}.",
            field,
        )
    decided = in_force(session, [structure.id]).get(structure.id)
    if decided and field in decided.hidden:
        raise InvalidInputError(f"Le champ « {LABELS[field]} » est déjà masqué.", field)
    return _decide(session, structure.id, structure.key, "hide", author, reason, today, field=field)


def withdraw(
    session: Session, structure: Structure, author: str, reason: str, today: date
) -> StructureDecision:
    """Take a structure off the directory, whatever the sources say. Raises InvalidInputError."""
    if structure.withdrawn_on:
        raise InvalidInputError("Cette structure est déjà retirée de l'annuaire.")
    return _decide(session, structure.id, structure.key, "withdraw", author, reason, today)


def undo(
    session: Session, decision_id: int, author: str, reason: str, today: date
) -> StructureDecision:
    """Undo a decision: the structure is again what the sources and the other decisions say.

    Raises NotFoundError, and InvalidInputError for an undo or what is undone already.
    """
    decision = numbered(session, StructureDecision, decision_id)
    if decision is None:
        raise NotFoundError(f"Aucune décision ne porte le numéro {decision_id}.")
    if decision.action == "undo":
        raise InvalidInputError(
            "Une annulation ne s'annule pas : prenez de nouveau la décision qu'elle annule."
        )
    undone = select(StructureDecision.id).where(StructureDecision.undoes == decision_id)
    if former := session.scalar(undone):
        raise InvalidInputError(
            f"La décision {decision_id} est déjà annulée, par la décision {former}."
        )
    structure_id, key = decision.structure_id, decision.key
    return _decide(session, structure_id, key, "undo", author, reason, today, undoes=decision_id)


def _decide(
    session: Session,
    structure_id: int,
    key: str,
    action: str,
    author: str,
    reason: str,
    today: date,
    *,
    field: str | None = None,
    values: dict[str, Any] | None = None,
    undoes: int | None = None,
) -> StructureDecision:
    decision = StructureDecision(
        structure_id=structure_id,
        key=key,
        action=action,
        field=field,
        values=values or {},
        undoes=undoes,
        author=_words(author, "qui décide (--by)"),
        reason=_words(reason, "la raison (--why)"),
        decided_at=datetime.now(UTC),
    )
    session.add(decision)
    session.flush()
    refresh(session, session.scalars(structures_of(decision.id)).all(), Changes(), today)
    return decision


def _words(text: str, what: str) -> str:
    words = " ".join(text.split())
    if not words or len(words) > MAX_WORDS:
        raise InvalidInputError(f"Dites {what}, en {MAX_WORDS} caractères au plus.")
    return words
