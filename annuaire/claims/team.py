"""Those who speak for one structure together: they answer claims, invite, contest, leave."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts import audit
from annuaire.accounts.members import is_member, leave, members_of
from annuaire.accounts.models import User
from annuaire.claims import queries, states
from annuaire.claims.letters import Site, named, written
from annuaire.claims.models import Claim, ClaimInvitation
from annuaire.claims.steps import enter, hold_claim, hold_structure, log, step, tell
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.mail.letters import address_key, usable_address
from annuaire.mail.service import queue
from annuaire.sql import numbered
from annuaire.structures.models import Structure

INVITATION_LASTS: Final = timedelta(days=14)
MOST_INVITED: Final = 20  # invitations of a structure that wait at once
NO_INVITATION: Final = (
    "Aucune invitation n’attend ici votre réponse : elle a expiré, elle a été retirée, elle est "
    "déjà acceptée, ou elle était pour une autre adresse que celle de votre compte."
)


def answer_claim(
    session: Session,
    structure_id: int,
    claim_id: int,
    member_id: int,
    site: Site,
    now: datetime,
    *,
    admitted: bool,
) -> Claim:
    """Someone who holds a structure admits or dismisses who else claims it. Raises NotFoundError,
    InvalidInputError when it was answered already."""
    claim, structure = hold_claim(session, claim_id)
    if structure.id != structure_id or claim.user_id == member_id:
        raise NotFoundError("Aucune demande ne porte ce numéro pour cette structure.")
    event = "admit" if admitted else "dismiss"
    step(session, claim, structure, event, site, now, actor_id=member_id)
    return claim


def contest_member(
    session: Session,
    structure_id: int,
    user_id: int,
    by_id: int,
    words: str,
    site: Site,
    now: datetime,
) -> None:
    """Someone of the structure asks the moderators to look at another's hold. Raises
    NotFoundError, InvalidInputError."""
    structure = hold_structure(session, structure_id)
    found = session.scalar(queries.held_by(user_id, structure.id).limit(1))
    if found is None or user_id == by_id:
        raise NotFoundError("Cette personne n’a pas de rattachement à contester ici.")
    reason = " ".join(words.split())
    if not reason or len(reason) > 500:
        raise InvalidInputError("Dites pourquoi, en 500 signes au plus.", "motif")
    claim, structure = hold_claim(session, found.id)
    claim.message = reason
    step(session, claim, structure, "contest", site, now, actor_id=by_id, reason=reason)


def leave_structure(
    session: Session, structure_id: int, user_id: int, site: Site, now: datetime
) -> None:
    """A person leaves a structure, whatever made them its member. Raises InvalidInputError."""
    structure = hold_structure(session, structure_id)
    if not is_member(session, user_id, structure.id):
        raise InvalidInputError("Vous n’êtes pas rattaché à cette structure.")
    claims = session.scalars(queries.held_by(user_id, structure.id)).all()
    for each in claims:
        claim, _ = hold_claim(session, each.id)
        step(session, claim, structure, "leave", site, now, actor_id=user_id)
    if leave(session, user_id, structure.id):  # a membership that no claim made
        audit.record(session, "claim.leave", "structure", structure.id, actor_id=user_id)


def invite(
    session: Session, structure_id: int, user: User, email: str, site: Site, now: datetime
) -> ClaimInvitation:
    """Invite a colleague by mail; they answer from an account of this very address. Raises
    InvalidInputError."""
    structure = hold_structure(session, structure_id)
    address = address_key(usable_address(email.strip()))
    if address in {member.email for member in session.scalars(members_of(structure.id))}:
        raise InvalidInputError("Cette personne est déjà rattachée à la structure.", "courriel")
    waiting = session.scalars(queries.invitations_on(structure.id, now)).all()
    if address in {each.email for each in waiting}:
        raise InvalidInputError("Cette personne est déjà invitée.", "courriel")
    if len(waiting) >= MOST_INVITED:
        raise InvalidInputError(
            f"{MOST_INVITED} invitations attendent déjà une réponse : retirez-en.", "courriel"
        )
    invitation = ClaimInvitation(
        structure_id=structure.id,
        email=address,
        invited_by=user.id,
        invited_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    session.add(invitation)
    session.flush()
    _log_invitation(session, invitation, "invite", user.id)
    letter = written(
        address,
        f"invitation:{invitation.id}",
        site,
        f"Une invitation à gérer la page de {structure.shown_name}",
        [
            f"{named(user.name, user.email)} vous invite à gérer avec elle ou lui la page de "
            f"« {structure.shown_name} » dans l’annuaire des achats inclusifs.",
            "Connectez-vous ou créez un compte avec cette adresse, puis répondez. L’invitation "
            "vaut quatorze jours.",
        ],
        ("Répondre à l’invitation", f"/espace/invitations/{invitation.id}"),
        "Vous recevez ce courriel parce qu’une personne rattachée à cette structure a donné votre "
        "adresse. Sans réponse de votre part, rien n’est créé.",
    )
    if not queue(session, letter):
        raise InvalidInputError("Cette adresse ne reçoit pas nos courriels.", "courriel")
    return invitation


def withdraw_invitation(
    session: Session, structure_id: int, invitation_id: int, user_id: int, now: datetime
) -> None:
    """Take an invitation back. Raises NotFoundError when none waits."""
    waiting = session.scalars(queries.invitations_on(structure_id, now)).all()
    found = next((each for each in waiting if each.id == invitation_id), None)
    if found is None:
        raise NotFoundError("Cette invitation n’attend plus de réponse.")
    found.answer, found.answered_at = "withdrawn", now
    _log_invitation(session, found, "withdraw_invitation", user_id)


def invitation_for(
    session: Session, invitation_id: int, user: User, now: datetime
) -> tuple[ClaimInvitation, Structure]:
    """An invitation that this person may answer. Raises NotFoundError."""
    wanted = queries.invitations_to(user.email, now).where(ClaimInvitation.id == invitation_id)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFoundError(NO_INVITATION)
    return row[0], row[1]


def answer_invitation(
    session: Session, invitation_id: int, user: User, site: Site, now: datetime, *, joined: bool
) -> Structure:
    """Accept or decline an invitation. Raises NotFoundError, InvalidInputError."""
    known = numbered(session, ClaimInvitation, invitation_id)
    if known is None:
        raise NotFoundError(NO_INVITATION)
    hold_structure(session, known.structure_id)
    session.expire(known)  # another may have answered while the row was waited for
    invitation, structure = invitation_for(session, invitation_id, user, now)
    if joined and not is_member(session, invitation.invited_by, structure.id):
        raise InvalidInputError(
            "La personne qui vous a invité n’est plus rattachée à cette structure : demandez votre "
            "rattachement depuis sa page."
        )
    invitation.answer, invitation.answered_at = ("joined" if joined else "declined"), now
    _log_invitation(session, invitation, "answer_invitation", user.id, answer=invitation.answer)
    if joined and not is_member(session, user.id, structure.id):
        _hold(session, structure, user, site, now)
    return structure


def _hold(session: Session, structure: Structure, user: User, site: Site, now: datetime) -> None:
    """The claim of who accepted: another that was under way is over."""
    for each in session.scalars(queries.open_of(user.id, structure.id)).all():
        claim, _ = hold_claim(session, each.id)
        step(session, claim, structure, "abandon", site, now, actor_id=user.id)
    claim = Claim(
        structure_id=structure.id,
        user_id=user.id,
        method="invited",
        state="moderated",
        tries=0,
        started_at=now,
        changed_at=now,
    )
    session.add(claim)
    session.flush()
    enter(session, claim, structure, states.FIRST["invited"], now)
    log(session, claim, structure, "start", None, user.id)
    tell(session, claim, structure, "invited", site, now)


def _log_invitation(
    session: Session, invitation: ClaimInvitation, act: str, actor_id: int, **details: str
) -> None:
    audit.record(
        session, f"claim.{act}", "claim_invitation", invitation.id, actor_id=actor_id,
        structure_id=invitation.structure_id, **details,
    )  # fmt: skip


def name_of(session: Session, user_id: int) -> str:
    """The name of an account; empty once it is erased."""
    return session.scalar(select(User.name).where(User.id == user_id)) or ""
