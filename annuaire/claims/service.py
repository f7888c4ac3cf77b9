"""What the product does with claims: begin one, give it up, contest it, let time pass, tell and
forget what is kept of a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from annuaire.accounts.members import is_member
from annuaire.accounts.models import User
from annuaire.claims import queries, states
from annuaire.claims.known import Known, domain_of, known_of, masked
from annuaire.claims.letters import Site
from annuaire.claims.models import Claim, ClaimInvitation
from annuaire.claims.proving import proved, refuse_others, send_proof
from annuaire.claims.steps import (
    WITHDRAWN,
    claim_structure,
    hold_claim,
    hold_structure,
    log,
    step,
    tell,
)
from annuaire.errors import InvalidInputError
from annuaire.mail.letters import address_key, usable_address
from annuaire.structures.models import Structure

A_DAY: Final = timedelta(days=1)
BY_PERSON: Final = 5  # claims begun in a day
ON_STRUCTURE: Final = 5  # persons who begin one in a day
AGAIN: Final = 3  # claims of one person on one structure, in a day
MAX_WORDS: Final = 2_000
CLOSED_KEPT: Final = timedelta(days=365)
INVITATIONS_KEPT: Final = timedelta(days=30)
BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a person means to prove a claim: the rank of a known address, an address at the
    structure's own domain, words for the moderators."""

    method: str
    known: int = 0
    address: str = ""
    words: str = ""


def start(
    session: Session, structure_id: int, user: User, wanted: Wanted, site: Site, now: datetime
) -> Claim:
    """Begin a claim, in the caller's transaction. Raises InvalidInputError, by field."""
    structure = hold_structure(session, structure_id)
    refuse_start(session, structure, user, now)
    known = known_of(session, structure)
    address = _address(known, wanted)
    words = wanted.words.strip()
    if wanted.method == "word" and not words:
        raise InvalidInputError("Expliquez votre lien avec la structure.", "message")
    if len(words) > MAX_WORDS:
        raise InvalidInputError(f"Le message dépasse {MAX_WORDS} signes.", "message")
    state = states.FIRST[wanted.method]
    lasts = states.LASTS.get(state)
    claim = Claim(
        structure_id=structure.id,
        user_id=user.id,
        method=wanted.method,
        state=state,
        address=address,
        message=words or None,
        tries=0,
        started_at=now,
        changed_at=now,
        due_at=now + lasts if lasts else None,
    )
    session.add(claim)
    session.flush()
    log(session, claim, structure, "start", None, user.id)
    if address is not None and address == user.email:
        proved(session, claim, structure, site, now, user.id)  # they read this very mailbox
        return claim
    if address is not None:
        send_proof(session, claim, structure, user, site)
    # What the claimant did not type stays masked.
    where = masked(address) if address and claim.method == "email" else address
    tell(session, claim, structure, claim.state, site, now, where=where or "")
    return claim


def refuse_start(session: Session, structure: Structure, user: User, now: datetime) -> None:
    """Raises InvalidInputError when this person cannot begin a claim on this structure now."""
    if structure.withdrawn_on:
        raise InvalidInputError(WITHDRAWN)
    if structure.ended_on:
        raise InvalidInputError(
            "Aucun annuaire ne recense plus cette structure : elle n’a plus de page à gérer. Si "
            "c’est une erreur, signalez-la."
        )
    if is_member(session, user.id, structure.id):
        raise InvalidInputError("Vous êtes déjà rattaché à cette structure.")
    if session.scalar(queries.open_of(user.id, structure.id).limit(1)):
        raise InvalidInputError(
            "Vous avez déjà une demande en cours pour cette structure : suivez-la dans votre "
            "espace, ou abandonnez-la d’abord."
        )
    since = now - A_DAY
    if (session.scalar(queries.started_since(since, user_id=user.id)) or 0) >= BY_PERSON:
        raise InvalidInputError("Vous avez fait cinq demandes en un jour : revenez demain.")
    own = queries.started_since(since, user_id=user.id, structure_id=structure.id)
    if (session.scalar(own) or 0) >= AGAIN:
        raise InvalidInputError(
            f"Vous avez fait {AGAIN} demandes pour cette structure en un jour : revenez demain."
        )
    if (session.scalar(queries.others_since(since, structure.id, user.id)) or 0) >= ON_STRUCTURE:
        raise InvalidInputError(
            "Cette structure a reçu trop de demandes aujourd’hui : revenez demain."
        )


def _address(known: Known, wanted: Wanted) -> str | None:
    """Where the proof is mailed, if it is. Raises InvalidInputError for what proves nothing."""
    match wanted.method:
        case "email":
            if not 0 <= wanted.known < len(known.emails):
                raise InvalidInputError("Choisissez une des adresses connues.", "connue")
            return known.emails[wanted.known]
        case "domain":
            address = address_key(usable_address(wanted.address.strip()))
            if domain_of(address) not in known.domains:
                raise InvalidInputError(
                    "Cette adresse n’est pas au nom de domaine de la structure "
                    f"({', '.join(known.domains) or 'aucun n’est connu'}). Choisissez une autre "
                    "preuve.",
                    "adresse",
                )
            return address
        case "letter":
            if not known.postal:
                raise InvalidInputError(
                    "Les annuaires ne donnent pas d’adresse postale entière : choisissez une autre "
                    "preuve.",
                    "preuve",
                )
            return None
        case "word":
            return None
    raise InvalidInputError("Choisissez une preuve.", "preuve")


def own_act(
    session: Session,
    claim_id: int,
    user_id: int,
    event: str,
    words: str,
    site: Site,
    now: datetime,
) -> Claim:
    """The claimant gives up, contests a refusal, prolongs or leaves. Raises NotFoundError,
    InvalidInputError."""
    claim, structure = hold_claim(session, claim_id)
    refuse_others(claim, user_id)
    if event == "contest":
        if claim.state != "refused" or claim.changed_at < now - states.CONTESTABLE:
            raise InvalidInputError("Un refus se conteste dans les trente jours.")
        claim.message = _words(words)
    if event == "renew" and (claim.due_at is None or claim.due_at > now + states.RENEWABLE):
        raise InvalidInputError("Ce rattachement se prolonge dans ses soixante derniers jours.")
    step(session, claim, structure, event, site, now, actor_id=user_id)
    return claim


def _words(words: str) -> str:
    text = words.strip()
    if not text or len(text) > MAX_WORDS:
        raise InvalidInputError(
            f"Expliquez votre demande, en {MAX_WORDS} signes au plus.", "message"
        )
    return text


def let_time_pass(session: Session, site: Site, now: datetime) -> int:
    """End what is past its time, a batch in the caller's transaction; returns how many."""
    ids = session.scalars(queries.due(now, BATCH)).all()
    for claim_id in ids:
        claim, structure = hold_claim(session, claim_id)
        if claim.due_at is None or claim.due_at > now or claim.state not in states.AT_END:
            continue  # someone acted meanwhile
        event = states.AT_END[claim.state]
        step(session, claim, structure, event, site, now, actor_id=None)
    return len(ids)


def remind(session: Session, site: Site, now: datetime, after: int = 0) -> int | None:
    """Tell those whose hold ends within two months, once a hold; returns the last number seen, to
    go on after it, or None at the end."""
    ids = session.scalars(queries.held_until(now + states.RENEWABLE, after, BATCH)).all()
    for claim_id in ids:
        claim = session.get_one(Claim, claim_id)
        if claim.due_at:
            structure = claim_structure(session, claim)
            # The letter's own key is that of this end: told once, however often this runs.
            tell(session, claim, structure, "remind", site, claim.due_at)
    return ids[-1] if ids else None


def purge(session: Session, now: datetime) -> int:
    """Forget, in the caller's transaction, what claims that are over hold of persons after a year,
    and invitations a month after their answer or their end; returns how many."""
    over = update(Claim).where(
        Claim.state.in_(states.CLOSED),
        Claim.changed_at < now - CLOSED_KEPT,
        or_(Claim.address.is_not(None), Claim.message.is_not(None)),
    )
    old = delete(ClaimInvitation).where(ClaimInvitation.expires_at < now - INVITATIONS_KEPT)
    gone = (
        *session.scalars(over.values(address=None, message=None).returning(Claim.id)),
        *session.scalars(old.returning(ClaimInvitation.id)),
    )
    return len(gone)


def export_of(session: Session, email: str) -> dict[str, Any]:
    """What the claims keep of a person, by their address; {} when nothing."""
    rows = session.execute(
        select(Claim, Structure.key)
        .join(User, User.id == Claim.user_id)
        .join(Structure, Structure.id == Claim.structure_id)
        .where(User.email == email)
        .order_by(Claim.id)
    )
    invitations = session.scalars(
        select(ClaimInvitation).where(ClaimInvitation.email == email).order_by(ClaimInvitation.id)
    )
    found = {
        "rattachements": [
            {
                "structure": key,
                "preuve": states.METHODS[claim.method],
                "adresse": claim.address if claim.method == "domain" else None,
                "message": claim.message,
                "etat": states.STATES[claim.state],
                "demande_le": claim.started_at.isoformat(),
            }
            for claim, key in rows
        ],
        "invitations": [
            {"recue_le": each.invited_at.isoformat(), "reponse": each.answer}
            for each in invitations
        ],
    }
    return {name: kept for name, kept in found.items() if kept}


def erase(session: Session, email: str) -> int:
    """Forget a person: their claims, invitations to them, their address in claims of others."""
    user = select(User.id).where(User.email == email)
    invited = delete(ClaimInvitation).where(ClaimInvitation.email == email)
    written_to = update(Claim).where(Claim.address == email).values(address=None)
    gone = (
        *session.scalars(delete(Claim).where(Claim.user_id.in_(user)).returning(Claim.id)),
        *session.scalars(invited.returning(ClaimInvitation.id)),
        *session.scalars(written_to.returning(Claim.id)),
    )
    return len(gone)
