"""Claims that await a moderator: to examine, contested, or with a letter to post."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire.accounts.members import members_of
from annuaire.accounts.models import User
from annuaire.claims import queries, states
from annuaire.claims.known import known_of, masked
from annuaire.claims.models import Claim
from annuaire.claims.steps import hold_claim, step, take_back
from annuaire.errors import NotFoundError
from annuaire.moderation.items import ALL, By, Decided, Item, Waits
from annuaire.sql import possible
from annuaire.structures.models import Structure


class ClaimsQueue:
    """Accepting lets the person speak for the structure; refusing a contested hold ends it."""

    name = "rattachements"
    title = "Rattachements"
    accept = "Accepter le rattachement"
    refuse = "Refuser le rattachement"
    note = ""
    writes: frozenset[str] = ALL

    def waits(self, session: Session) -> Waits:
        wanted = select(func.count(), func.min(Claim.changed_at)).where(
            Claim.state.in_(states.QUEUED)
        )
        return Waits(*session.execute(wanted).one())

    def page(self, session: Session, offset: int, limit: int) -> Sequence[Item]:
        rows = session.execute(queries.queued(states.QUEUED).offset(offset).limit(limit)).all()
        return [_item(claim, user, structure) for claim, user, structure in rows]

    def item(self, session: Session, item_id: int) -> Item:
        wanted = queries.queued(frozenset(states.STATES)).where(Claim.id == item_id)
        row = session.execute(wanted).one_or_none() if possible(item_id) else None
        if row is None:
            raise NotFoundError(f"Aucun rattachement ne porte le numéro {item_id}.")
        claim, user, structure = row
        return _item(claim, user, structure, _more(session, structure))

    def decide(self, session: Session, item: Item, verdict: str, by: By) -> dict[str, Any]:
        claim, structure = hold_claim(session, item.id)
        step(
            session, claim, structure, verdict, by.site, by.now, actor_id=by.user_id,
            reason=by.reason,
        )  # fmt: skip
        return {}

    def undo(self, session: Session, decided: Decided, by: By) -> None:
        claim, structure = hold_claim(session, decided.item_id)
        take_back(session, claim, structure, by.site, by.now, by.user_id, by.reason)


def _item(
    claim: Claim, user: User, structure: Structure, more: tuple[tuple[str, str], ...] = ()
) -> Item:
    facts = [
        ("État", states.STATES[claim.state]),
        ("Demandé par", f"{user.name} ({user.email})"),
        ("Preuve", states.METHODS[claim.method]),
    ]
    if claim.message:
        facts.append(("Message", claim.message))
    links = [("La page de la structure", f"/structures/{structure.key}")]
    if claim.state in ("letter_wanted", "letter_sent"):
        links.insert(0, ("Imprimer la lettre", f"/moderation/lettres/{claim.id}"))
    return Item(
        claim.id,
        claim.changed_at,
        f"{structure.shown_name} ({structure.key})",
        (*facts, *more),
        tuple(links),
        user.email,
        user.id,
    )


def _more(session: Session, structure: Structure) -> tuple[tuple[str, str], ...]:
    """What is at stake: who holds the structure already, and what the directories know."""
    members = [f"{u.name} ({u.email})" for u in session.scalars(members_of(structure.id))]
    known = known_of(session, structure)
    return (
        ("Personnes rattachées", ", ".join(members) or "aucune"),
        ("Adresses connues", ", ".join(map(masked, known.emails)) or "aucune"),
        ("Noms de domaine", ", ".join(known.domains) or "aucun"),
    )
