"""What this room keeps of a person, and how it forgets them."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from annuaire.accounts.audit import acts_of, record
from annuaire.accounts.buying import seats_of, territories_of
from annuaire.accounts.facilitators import contact_of
from annuaire.accounts.members import structures_of
from annuaire.accounts.models import MailedLink, ProviderIdentity, User, UserSession
from annuaire.accounts.signing import by_email
from annuaire.errors import InvalidInputError

MOST_ACTS: Final = 10_000


class LastAdministratorError(InvalidInputError):
    """The only administrator cannot leave: nobody could name another from the pages."""


def announce(session: Session, email: str, actor_id: int | None) -> bool:
    """Log that an account is erased; False when there is none. Raises LastAdministratorError."""
    user = by_email(session, email)
    if user is None:
        return False
    if user.role == "administrator":
        others = select(func.count(User.id)).where(
            User.role == "administrator", User.id != user.id, User.suspended_at.is_(None)
        )
        if not session.scalar(others):
            raise LastAdministratorError(
                "Vous êtes le seul administrateur : nommez-en un autre avant de partir "
                "(annuaire admin ADRESSE)."
            )
    record(session, "accounts.erased", "account", user.id, actor_id=actor_id)
    return True


def export_of(session: Session, email: str) -> dict[str, Any]:
    """What the accounts keep of the person of an address; {} when nothing."""
    user = by_email(session, email)
    if user is None:
        return {}
    held = select(UserSession).where(UserSession.user_id == user.id).order_by(UserSession.id)
    named = contact_of(session, user.id)
    tied = select(ProviderIdentity).where(ProviderIdentity.user_id == user.id)
    return {
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "created_at": _iso(user.created_at),
        "signed_in_at": _iso(user.signed_in_at),
        "has_password": user.password_hash is not None,
        "second_factor_since": _iso(user.totp_since),
        "structures": [s.key for s in session.scalars(structures_of(user.id))],
        "organisations": [
            {
                "siret": seat.siret,
                "name": seat.name,
                "since": _iso(seat.since),
                "verified_at": _iso(seat.verified_at),
            }
            for seat in session.scalars(seats_of(user.id))
        ],
        "territories": [
            {"departement": t.code, "employer": t.employer, "granted_at": _iso(t.granted_at)}
            for t in session.scalars(territories_of(user.id))
        ],
        "shown_to_buyers": {
            "role": named.role,
            "email": named.email,
            "phone": named.phone,
            "agreed_at": _iso(named.agreed_at),
        }
        if named
        else None,
        "providers": [
            {"issuer": one.issuer, "subject": one.subject, "since": _iso(one.since)}
            for one in session.scalars(tied.order_by(ProviderIdentity.id))
        ],
        "sessions": [
            {
                "browser": one.agent,
                "method": one.method,
                "created_at": _iso(one.created_at),
                "seen_at": _iso(one.seen_at),
                "ended_at": _iso(one.ended_at),
            }
            for one in session.scalars(held)
        ],
        "acts": [
            {"at": _iso(e.at), "action": e.action, "on": f"{e.object_kind} {e.object_id}"}
            for e in session.scalars(acts_of(user.id, MOST_ACTS))
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def erase(session: Session, email: str) -> int:
    """Erase the account of an address with all that hangs on it (sessions, links, seats,
    memberships: the database takes them along), and links mailed to that address. What it did
    stays in the log under a number that means nobody any more."""
    links = session.scalars(
        delete(MailedLink).where(MailedLink.email == email).returning(MailedLink.id)
    ).all()
    gone = session.scalars(delete(User).where(User.email == email).returning(User.id)).all()
    session.expire_all()
    return len(links) + len(gone)
