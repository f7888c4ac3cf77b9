"""One step of a claim: its state, what follows for the membership, the log, the letters.

Every function works in the caller's transaction. Of two at once, the second sees what the first
made: the structure's row is held from the start of a step.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from annuaire.accounts import audit
from annuaire.accounts.members import leave
from annuaire.accounts.models import Membership, User
from annuaire.claims import queries, states
from annuaire.claims.letters import TO_CLAIMANT, Site, written
from annuaire.claims.models import Claim
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.mail.service import queue
from annuaire.sql import numbered
from annuaire.structures.models import Structure
from annuaire.wording import date_fr

WITHDRAWN = "Cette structure a été retirée de l’annuaire : personne ne peut y être rattaché."


def claim_structure(session: Session, claim: Claim) -> Structure:
    """The structure on which a claim is today."""
    return session.get_one(Structure, queries.leading_id(session, claim.structure_id))


def hold_structure(session: Session, structure_id: int) -> Structure:
    """The structure to which one leads, its row held until the transaction ends."""
    led = queries.leading_id(session, structure_id)
    wanted = select(Structure).where(Structure.id == led).with_for_update()
    return session.scalars(wanted, execution_options={"populate_existing": True}).one()


def hold_claim(session: Session, claim_id: int) -> tuple[Claim, Structure]:
    """A claim and its structure, both rows held until the transaction ends. Raises
    NotFoundError."""
    found = numbered(session, Claim, claim_id)
    if found is None:
        raise NotFoundError(f"Aucun rattachement ne porte le numéro {claim_id}.")
    structure = hold_structure(session, found.structure_id)
    wanted = select(Claim).where(Claim.id == claim_id).with_for_update()
    held = session.scalars(wanted, execution_options={"populate_existing": True}).one_or_none()
    if held is None:
        raise NotFoundError(f"Aucun rattachement ne porte le numéro {claim_id}.")
    return held, structure


def step(
    session: Session,
    claim: Claim,
    structure: Structure,
    event: str,
    site: Site,
    now: datetime,
    *,
    actor_id: int | None,
    reason: str | None = None,
    **details: Any,
) -> None:
    """Do what an event does to a claim whose rows are held. Raises InvalidInputError."""
    before = claim.state
    enter(session, claim, structure, states.after(before, event), now)
    claim.state_before, claim.last_event = before, event
    # What a person of the structure wrote is for who reads the claim, and leaves with it.
    kept = reason if event in states.UNDOABLE else None
    log(session, claim, structure, event, before, actor_id, kept, **details)
    tell(session, claim, structure, event, site, now, reason)


def take_back(
    session: Session,
    claim: Claim,
    structure: Structure,
    site: Site,
    now: datetime,
    actor_id: int,
    reason: str,
) -> None:
    """Undo a moderator's decision, while nothing came after it. Raises InvalidInputError."""
    before = claim.state
    state = states.undone(before, claim.last_event, claim.state_before)
    enter(session, claim, structure, state, now)
    claim.state_before, claim.last_event = before, "undo"
    log(session, claim, structure, "undo", before, actor_id, reason)
    tell(session, claim, structure, "undo", site, now, reason)


def enter(session: Session, claim: Claim, structure: Structure, state: str, now: datetime) -> None:
    """Put a claim in a state, with what follows for its time and for the membership."""
    holds, held = state in states.HOLDING, claim.state in states.HOLDING
    if holds and not held and structure.withdrawn_on:
        raise InvalidInputError(WITHDRAWN)
    if state in states.OPEN and claim.state in states.CLOSED:
        other = session.scalar(queries.open_of(claim.user_id, structure.id).limit(1))
        if other is not None:
            raise InvalidInputError(
                "Cette personne a fait depuis une autre demande pour cette structure : c’est "
                "celle-là qui compte."
            )
    claim.state, claim.changed_at = state, now
    lasts = states.LASTS.get(state)
    claim.due_at = now + lasts if lasts else None
    session.flush()
    if holds and not held:
        _hold(session, claim, now)
    elif held and not holds:
        _let_go(session, claim, structure)


def _hold(session: Session, claim: Claim, now: datetime) -> None:
    """The membership stands on the structure claimed, as the claim does: a joining takes it to the
    other, and one that is undone brings it back."""
    if session.scalar(select(Membership.id).where(*_own(claim))) is None:
        row = Membership(user_id=claim.user_id, structure_id=claim.structure_id, since=now)
        session.add(row)
        session.flush()


def _let_go(session: Session, claim: Claim, structure: Structure) -> None:
    """End what this claim alone gave."""
    others = session.scalars(queries.held_by(claim.user_id, structure.id)).all()
    if not others:
        leave(session, claim.user_id, structure.id)
    elif all(other.structure_id != claim.structure_id for other in others):
        session.execute(delete(Membership).where(*_own(claim)))


def _own(claim: Claim) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        Membership.user_id == claim.user_id,
        Membership.structure_id == claim.structure_id,
    )


def log(
    session: Session,
    claim: Claim,
    structure: Structure,
    event: str,
    before: str | None,
    actor_id: int | None,
    reason: str | None = None,
    **details: Any,
) -> None:
    """Keep a step in the log of acts: one on the claim, which names the structure by its key."""
    audit.record(
        session,
        f"claim.{event}",
        "claim",
        claim.id,
        actor_id=actor_id,
        reason=reason,
        before=before,
        after=claim.state,
        structure=structure.key,
        method=claim.method,
        **details,
    )


def tell(
    session: Session,
    claim: Claim,
    structure: Structure,
    event: str,
    site: Site,
    now: datetime,
    reason: str | None = None,
    where: str = "",
) -> None:
    """Write to the claimant what a step means for them; `where` says where the proof went."""
    user = session.get_one(User, claim.user_id)
    subject, sentence = TO_CLAIMANT[event]
    values = {
        "name": structure.shown_name,
        "where": where,
        "state": states.STATES[claim.state],
        "due": date_fr(claim.due_at),
    }
    sentences = [sentence.format(**values)]
    if reason:
        sentences.append(f"La raison donnée : {reason}")
    letter = written(
        user.email,
        f"claim:{claim.id}:{event}:{now.isoformat()}",
        site,
        subject.format(**values),
        sentences,
        ("Voir ce rattachement", f"/espace/rattachements/{claim.id}"),
        "Vous recevez ce courriel parce que vous avez demandé ce rattachement.",
    )
    queue(session, letter)
