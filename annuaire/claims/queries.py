"""What the claims ask of the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from annuaire.accounts.models import User
from annuaire.claims.models import Claim, ClaimInvitation
from annuaire.claims.states import AT_END, HOLDING, OPEN
from annuaire.sql import among
from annuaire.structures.models import Structure
from annuaire.structures.queries import leading


def leading_id(session: Session, structure_id: int) -> int:
    """The structure to which one leads: itself, or the one that it was joined to."""
    led = leading()
    found = session.scalar(select(led.c.structure_id).where(led.c.id == structure_id))
    return found or structure_id


def claims_on(structure_id: int) -> Select[Claim]:
    """The claims on a structure and on those joined to it, the oldest first."""
    led = leading()
    return (
        select(Claim)
        .join(led, led.c.id == Claim.structure_id)
        .where(led.c.structure_id == structure_id)
        .order_by(Claim.id)
    )


def held_by(user_id: int, structure_id: int) -> Select[Claim]:
    """The claims by which a person holds a structure."""
    return claims_on(structure_id).where(Claim.user_id == user_id, Claim.state.in_(HOLDING))


def open_of(user_id: int, structure_id: int) -> Select[Claim]:
    """A person's claims on a structure that are not over."""
    return claims_on(structure_id).where(Claim.user_id == user_id, Claim.state.in_(OPEN))


def claims_of(user_id: int) -> Select[Claim, Structure]:
    """A person's claims, each with the structure on which it is today, the newest first."""
    led = leading()
    return (
        select(Claim, Structure)
        .join(led, led.c.id == Claim.structure_id)
        .join(Structure, Structure.id == led.c.structure_id)
        .where(Claim.user_id == user_id)
        .order_by(Claim.id.desc())
    )


def asked_among(structure_ids: Sequence[int]) -> Select[Claim, User, int]:
    """The claims that await those who hold some structures, with who claims and the structure,
    the oldest first."""
    led = leading()
    return (
        select(Claim, User, led.c.structure_id)
        .join(led, led.c.id == Claim.structure_id)
        .join(User, User.id == Claim.user_id)
        .where(among(led.c.structure_id, structure_ids), Claim.state == "asked")
        .order_by(Claim.id)
    )


def queued(states: frozenset[str]) -> Select[Claim, User, Structure]:
    """The claims in some states, with who claims and the structure, the longest waiting first."""
    led = leading()
    return (
        select(Claim, User, Structure)
        .join(led, led.c.id == Claim.structure_id)
        .join(Structure, Structure.id == led.c.structure_id)
        .join(User, User.id == Claim.user_id)
        .where(Claim.state.in_(states))
        .order_by(Claim.changed_at, Claim.id)
    )


def due(now: datetime, limit: int) -> Select[int]:
    """The claims whose state ended, the longest ago first."""
    return (
        select(Claim.id)
        .where(Claim.state.in_(AT_END), Claim.due_at <= now)
        .order_by(Claim.due_at, Claim.id)
        .limit(limit)
    )


def held_until(moment: datetime, after: int, limit: int) -> Select[int]:
    """A page of the claims held whose time ends before a moment."""
    return (
        select(Claim.id)
        .where(Claim.state == "held", Claim.due_at <= moment, Claim.id > after)
        .order_by(Claim.id)
        .limit(limit)
    )


def started_since(moment: datetime, **equal: Any) -> Select[int]:
    """How many claims began since a moment, of a person (`user_id`) or on a structure."""
    return (
        select(func.count()).select_from(Claim).where(Claim.started_at > moment).filter_by(**equal)
    )


def others_since(moment: datetime, structure_id: int, user_id: int) -> Select[int]:
    """How many other persons began a claim on a structure since a moment: persons, as one who
    begins many keeps nobody else out."""
    return select(func.count(Claim.user_id.distinct())).where(
        Claim.started_at > moment, Claim.structure_id == structure_id, Claim.user_id != user_id
    )


def invitations_on(structure_id: int, now: datetime) -> Select[ClaimInvitation]:
    """The invitations to speak for a structure that may still be answered."""
    led = leading()
    return (
        select(ClaimInvitation)
        .join(led, led.c.id == ClaimInvitation.structure_id)
        .where(
            led.c.structure_id == structure_id,
            ClaimInvitation.answer.is_(None),
            ClaimInvitation.expires_at > now,
        )
        .order_by(ClaimInvitation.id)
    )


def invitations_to(email: str, now: datetime) -> Select[ClaimInvitation, Structure]:
    """The invitations that an address may still answer, with the structure of each."""
    led = leading()
    return (
        select(ClaimInvitation, Structure)
        .join(led, led.c.id == ClaimInvitation.structure_id)
        .join(Structure, Structure.id == led.c.structure_id)
        .where(
            ClaimInvitation.email == email,
            ClaimInvitation.answer.is_(None),
            ClaimInvitation.expires_at > now,
            Structure.withdrawn_on.is_(None),
        )
        .order_by(ClaimInvitation.id)
    )
