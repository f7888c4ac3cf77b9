"""What moderators decide of one structure in pages: correct, hide, take off, undo, revoke a hold.
The decisions are those of `annuaire edit`, `hide`, `withdraw` and `decisions undo`."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from annuaire.accounts import audit
from annuaire.claims.steps import hold_claim, step
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.moderation.items import By
from annuaire.moderation.service import refuse_reason
from annuaire.sql import typed_number
from annuaire.structures import deciding
from annuaire.structures.decision_models import StructureDecision
from annuaire.structures.decisions import decisions_of
from annuaire.structures.fields import LABELS
from annuaire.structures.models import Structure
from importers.edits import read_edit

#: The fields that a page corrects; an address has its own rules and stays with the command.
CORRECTED = ("name", "brand", "phone", "email", "website", "description")


def act(session: Session, structure: Structure, what: str, given: Mapping[str, str], by: By) -> str:
    """Do one act (`corriger`, `masquer`, `retirer`, `annuler`, `detacher`) in the caller's
    transaction; returns what was done. Raises InvalidInputError, NotFoundError."""
    refuse_reason(by.reason)
    author, today = by.name, by.now.date()
    decision: StructureDecision | None = None
    match what:
        case "corriger":
            field = given.get("champ", "")
            if field not in CORRECTED:
                raise InvalidInputError("Choisissez le champ à corriger.", "champ")
            values = read_edit({field: given.get("valeur", "")}, {})
            decision = deciding.edit(session, structure, values, author, by.reason, today)
            said = f"Le champ « {LABELS[field]} » est corrigé."
        case "masquer":
            field = given.get("champ", "")
            decision = deciding.hide(session, structure, field, author, by.reason, today)
            said = f"Le champ « {LABELS[field]} » n’est plus montré."
        case "retirer":
            decision = deciding.withdraw(session, structure, author, by.reason, today)
            said = "La structure est retirée de l’annuaire."
        case "annuler":
            number = typed_number(given.get("decision", ""))
            known = {row.id for row in session.scalars(decisions_of(structure.id))}
            if number not in known:
                raise NotFoundError("Cette décision n’est pas de cette structure.")
            decision = deciding.undo(session, number, author, by.reason, today)
            said = "La décision est annulée."
        case "detacher":
            claim, there = hold_claim(session, typed_number(given.get("rattachement", "")))
            if there.id != structure.id:
                raise NotFoundError("Ce rattachement n’est pas à cette structure.")
            step(session, claim, there, "revoke", by.site, by.now, actor_id=by.user_id,
                 reason=by.reason)  # fmt: skip
            said = "Le rattachement est retiré."
        case _:
            raise InvalidInputError("Choisissez une action.")
    if decision is not None:
        audit.record(session, "moderation.decision", "structure", structure.id,
                     actor_id=by.user_id, decision=decision.id, act=decision.action)  # fmt: skip
    return said
