"""Facilitators who agree to be named to buyers, and those named at a place.

Nobody is named unless they say so (a FacilitatorContact), their territory is granted and their
account not suspended; each of these ends at once what it allows (docs/decisions/0031).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from annuaire.accounts import domains
from annuaire.accounts.audit import record
from annuaire.accounts.models import FacilitatorContact, Territory, User
from annuaire.accounts.territories import territory_label
from annuaire.errors import InvalidInputError
from annuaire.facilitators import ASK, Facilitator, Ground, nearest
from annuaire.sql import among

NOT_REACHED: Final = "Donnez une adresse électronique ou un téléphone professionnels."


def contact_of(session: Session, user_id: int) -> FacilitatorContact | None:
    """How a person agreed to be named; None while they did not."""
    return session.get(FacilitatorContact, user_id)


def agree(
    session: Session, user: User, role: str, email: str | None, phone: str | None, now: datetime
) -> None:
    """Name a facilitator to buyers from now on, or as they now wish, in the caller's transaction.
    Their address must be of the domain that their account proves: nobody names somebody else.
    Raises InvalidInputError."""
    if not email and not phone:
        raise InvalidInputError(NOT_REACHED, "courriel")
    if email:
        _check_domain(user, email)
    held = contact_of(session, user.id)
    if held is None:
        held = FacilitatorContact(user_id=user.id)
        session.add(held)
    held.role, held.email, held.phone, held.agreed_at = role, email, phone, now
    session.flush()
    record(session, "accounts.contact_shown", "account", user.id, actor_id=user.id)


def _check_domain(user: User, email: str) -> None:
    if domains.is_personal(user.email):
        raise InvalidInputError(
            "Votre compte porte une adresse personnelle, qui ne se montre pas ici : donnez-lui "
            "votre adresse professionnelle, ou ne montrez que votre téléphone.",
            "courriel",
        )
    own = domains.domain(user.email)
    if domains.domain(email) != own:
        raise InvalidInputError(
            f"Seule une adresse du domaine de votre compte (@{own}) peut être montrée.", "courriel"
        )


def withdraw(session: Session, user_id: int) -> bool:
    """Name a person no more, in the caller's transaction; False when they were not named."""
    held = contact_of(session, user_id)
    if held is None:
        return False
    session.delete(held)
    session.flush()
    record(session, "accounts.contact_withdrawn", "account", user_id, actor_id=user_id)
    return True


def address_changed(session: Session, user: User, before: str) -> None:
    """Name no more, in the caller's transaction, a person whose address is now at another domain:
    they left the employer for whom they were named."""
    if domains.domain(before) != domains.domain(user.email):
        withdraw(session, user.id)


def territories_changed(session: Session, user_id: int) -> None:
    """Name no more, in the caller's transaction, a person who looks after no territory."""
    session.flush()
    granted = select(Territory.id).where(
        Territory.user_id == user_id, Territory.granted_at.is_not(None)
    )
    if session.scalar(granted.limit(1)) is None:
        withdraw(session, user_id)


def around(session: Session, grounds: Sequence[Ground]) -> list[tuple[Facilitator, ...]]:
    """The facilitators named at each of some places, by one question."""
    codes = frozenset().union(*(ground.codes for ground in grounds))
    if not codes:
        return [() for _ in grounds]
    found = session.execute(_named().where(among(Territory.code, codes)))
    known = [_facilitator(*row) for row in found]
    return [nearest(known, ground) for ground in grounds]


def shown_of(session: Session, user_id: int) -> list[str]:
    """How a person is named on each of their territories, word for word; none while they are
    not."""
    named = _named().where(Territory.user_id == user_id)
    return [_facilitator(*row).sentence for row in session.execute(named)]


def shown_at(session: Session, ground: Ground) -> dict[str, object]:
    """What the template `matching/_facilitators.html` needs."""
    (named,) = around(session, [ground])
    return {"facilitators": {"named": named, "nobody": ground.nobody, "ask": ASK}}


def _named() -> Select[Territory, FacilitatorContact]:
    """The granted territories whose person agreed to be named."""
    return (
        select(Territory, FacilitatorContact)
        .join(FacilitatorContact, FacilitatorContact.user_id == Territory.user_id)
        .join(User, User.id == Territory.user_id)
        .where(Territory.granted_at.is_not(None), User.suspended_at.is_(None))
        .order_by(Territory.id)
    )


def _facilitator(territory: Territory, contact: FacilitatorContact) -> Facilitator:
    return Facilitator(
        user_id=territory.user_id,
        code=territory.code,
        territory=territory_label(territory.code),
        employer=territory.employer,
        role=contact.role,
        email=contact.email,
        phone=contact.phone,
    )
