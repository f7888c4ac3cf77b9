"""What awaits a moderator among the accounts: seats that nothing vouches for, territories asked."""

from datetime import UTC, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from annuaire.accounts import facilitators
from annuaire.accounts.audit import record
from annuaire.accounts.letters import send
from annuaire.accounts.models import Seat, Territory, User
from annuaire.accounts.territories import territory_label
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.sql import numbered


def seats_awaiting() -> Select[Seat, User]:
    """The seats to verify with their person, the oldest first."""
    awaiting = select(Seat, User).join(User, User.id == Seat.user_id)
    return awaiting.where(Seat.verified_at.is_(None)).order_by(Seat.since, Seat.id)


def territories_awaiting() -> Select[Territory, User]:
    """The territories asked for with their person, the oldest first."""
    awaiting = select(Territory, User).join(User, User.id == Territory.user_id)
    return awaiting.where(Territory.granted_at.is_(None)).order_by(Territory.asked_at, Territory.id)


def verify_seat(session: Session, seat_id: int, actor_id: int | None, site: str) -> None:
    """Say that a person does buy for a body, in the caller's transaction; they are told. Raises
    NotFoundError."""
    seat, user = _seat(session, seat_id)
    if seat.verified_at is None:
        seat.verified_at, seat.verified_by = datetime.now(UTC), "moderator"
        record(session, "accounts.seat_verified", "account", user.id, actor_id=actor_id,
               siret=seat.siret)  # fmt: skip
        send(session, "granted", user.email, site, what=f"vous achetez pour {seat.name}")


def refuse_seat(
    session: Session, seat_id: int, actor_id: int | None, reason: str, site: str
) -> None:
    """Take a seat away, with a reason that its person is told. Raises NotFoundError,
    InvalidInputError."""
    seat, user = _seat(session, seat_id)
    record(session, "accounts.seat_refused", "account", user.id, actor_id=actor_id,
           reason=_reason(reason), siret=seat.siret)  # fmt: skip
    send(session, "refused", user.email, site, what=f"acheter pour {seat.name}", reason=reason)
    session.delete(seat)


def grant_territory(session: Session, territory_id: int, actor_id: int | None, site: str) -> None:
    """Grant a territory, in the caller's transaction; its person is told. Raises NotFoundError."""
    territory, user = _territory(session, territory_id)
    if territory.granted_at is None:
        territory.granted_at = datetime.now(UTC)
        record(session, "accounts.territory_granted", "account", user.id, actor_id=actor_id,
               code=territory.code)  # fmt: skip
        what = f"vous suivez les clauses sociales pour {_label(territory)}"
        send(session, "granted", user.email, site, what=what)


def refuse_territory(
    session: Session, territory_id: int, actor_id: int | None, reason: str, site: str
) -> None:
    """Refuse a territory, or take it back, with a reason that its person is told. Raises
    NotFoundError, InvalidInputError."""
    territory, user = _territory(session, territory_id)
    record(session, "accounts.territory_refused", "account", user.id, actor_id=actor_id,
           reason=_reason(reason), code=territory.code)  # fmt: skip
    what = f"suivre les clauses sociales pour {_label(territory)}"
    send(session, "refused", user.email, site, what=what, reason=reason)
    session.delete(territory)
    facilitators.territories_changed(session, user.id)


def _label(territory: Territory) -> str:
    return territory_label(territory.code)


def _reason(text: str) -> str:
    if not text.strip() or len(text) > 500:
        raise InvalidInputError("Dites pourquoi, en 500 signes au plus.", "raison")
    return text.strip()


def _seat(session: Session, seat_id: int) -> tuple[Seat, User]:
    seat = numbered(session, Seat, seat_id)
    if seat is None:
        raise NotFoundError("Cette demande n’existe plus.")
    return seat, session.get_one(User, seat.user_id)


def _territory(session: Session, territory_id: int) -> tuple[Territory, User]:
    territory = numbered(session, Territory, territory_id)
    if territory is None:
        raise NotFoundError("Cette demande n’existe plus.")
    return territory, session.get_one(User, territory.user_id)
