"""Buyers' accounts: the bodies they buy for, their colleagues; and facilitators' territories."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from annuaire.accounts import domains, facilitators, links, signing
from annuaire.accounts.audit import record
from annuaire.accounts.letters import send
from annuaire.accounts.models import Seat, Territory, User
from annuaire.accounts.territories import MOST, read_territories, territory_label
from annuaire.contracts.buyers import by_key
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.sql import among

INVITATION: Final = "/invitation"
ALREADY: Final = "Vous achetez déjà pour cette organisation."
MOST_SEATS: Final = 10


def seats_of(user_id: int) -> Select[Seat]:
    """The bodies for which a person buys, by name."""
    return select(Seat).where(Seat.user_id == user_id).order_by(Seat.id)


def territories_of(user_id: int) -> Select[Territory]:
    """The territories that a person asked to look after."""
    return select(Territory).where(Territory.user_id == user_id).order_by(Territory.id)


def colleagues(sirets: Iterable[str]) -> Select[User, Seat]:
    """Who buys for some bodies, with their seat."""
    held = select(User, Seat).join(Seat, Seat.user_id == User.id)
    return held.where(among(Seat.siret, sirets)).order_by(Seat.id)


def known_name(session: Session, siret: str) -> str | None:
    """How contracts call the buyer of a SIRET; None when no contract names it."""
    try:
        return by_key(session, siret).name
    except NotFoundError:
        return None


def take_seat(session: Session, user: User, siret: str, name: str) -> Seat:
    """Let a person buy for a body, in the caller's transaction: verified when the domain of their
    address, or a verified colleague's of the same domain, vouches for it; else a moderator will.

    `name` serves when no contract names the body. Raises InvalidInputError.
    """
    if domains.is_personal(user.email):
        raise InvalidInputError(
            "Votre compte porte une adresse personnelle : donnez-lui votre adresse "
            "professionnelle, puis ajoutez votre organisation.",
            "siret",
        )
    held = session.scalars(seats_of(user.id)).all()
    if any(seat.siret == siret for seat in held):
        raise InvalidInputError(ALREADY, "siret")
    if len(held) >= MOST_SEATS:
        raise InvalidInputError(f"Un compte a au plus {MOST_SEATS} organisations.", "siret")
    known = known_name(session, siret) or name
    if not known:
        raise InvalidInputError("Aucun marché ne nomme ce SIRET : écrivez le nom.", "organisation")
    by = "domain" if domains.vouches(user.email, siret) else None
    return _keep(session, user, siret, known, by or _by_colleague(session, user, siret))


def seat_by_provider(session: Session, user: User, siret: str) -> Seat:
    """The seat that an identity provider vouches for, in the caller's transaction."""
    return _keep(session, user, siret, known_name(session, siret) or f"SIRET {siret}", "provider")


def address_changed(session: Session, user: User, before: str) -> None:
    """Have the seats of a person whose address is now at another domain verified anew, in the
    caller's transaction: who left a body buys no more for it, and vouches for nobody."""
    if domains.domain(before) == domains.domain(user.email):
        return
    for seat in session.scalars(seats_of(user.id).where(Seat.verified_at.is_not(None))).all():
        if not domains.vouches(user.email, seat.siret):
            seat.verified_at = seat.verified_by = None
            record(session, "accounts.seat_unverified", "account", user.id, actor_id=user.id,
                   siret=seat.siret)  # fmt: skip


def _by_colleague(session: Session, user: User, siret: str) -> str | None:
    """Whether one of the same body and domain is verified already."""
    others = session.execute(colleagues([siret]).where(Seat.verified_at.is_not(None)))
    same = any(domains.domain(one.email) == domains.domain(user.email) for one, _ in others)
    return "colleague" if same else None


def _keep(session: Session, user: User, siret: str, name: str, by: str | None) -> Seat:
    now = datetime.now(UTC)
    seat = Seat(user_id=user.id, siret=siret, name=name, since=now)
    seat.verified_at, seat.verified_by = (now, by) if by else (None, None)
    try:
        with session.begin_nested():
            session.add(seat)
    except IntegrityError as error:  # sent twice at once
        raise InvalidInputError(ALREADY, "siret") from error
    record(session, "accounts.seat_taken", "account", user.id, actor_id=user.id, siret=siret,
           verified_by=by)  # fmt: skip
    return seat


def leave_seat(session: Session, user_id: int, seat_id: int) -> None:
    """A person buys no more for a body. Raises NotFoundError."""
    seat = _seat(session, user_id, seat_id)
    record(session, "accounts.seat_left", "account", user_id, actor_id=user_id, siret=seat.siret)
    session.delete(seat)
    session.flush()


def _seat(session: Session, user_id: int, seat_id: int) -> Seat:
    seat = session.scalar(select(Seat).where(Seat.user_id == user_id, Seat.id == seat_id))
    if seat is None:
        raise NotFoundError("Cette organisation n’est pas dans votre compte.")
    return seat


def invite(session: Session, user: User, seat_id: int, email: str, site: str) -> None:
    """Mail an invitation to join one's body, in the caller's transaction: whoever follows it has an
    account with that seat. Raises NotFoundError, InvalidInputError."""
    seat = _seat(session, user.id, seat_id)
    if domains.is_personal(email):
        raise InvalidInputError("Écrivez une adresse professionnelle.", "courriel")
    token = links.make(
        session, "invitation", email, links.INVITATION, siret=seat.siret, name=seat.name,
        by=user.id, inviter=user.name,
    )  # fmt: skip
    send(
        session, "invitation", email, site, link=f"{INVITATION}/{token}", lasts="7 jours",
        inviter=user.name, organisation=seat.name,
    )  # fmt: skip
    record(session, "accounts.invited", "account", user.id, actor_id=user.id, siret=seat.siret)


def accept(session: Session, token: str) -> tuple[User, bool]:
    """Follow an invitation, in the caller's transaction: the mail proves the address. Returns the
    account, and whether it was made now. Its seat is verified when that of who invites still is.
    Raises links.DeadLinkError."""
    link = links.use(session, token, "invitation")
    siret, name = str(link.value["siret"]), str(link.value["name"])
    known = signing.by_email(session, link.email)
    user = known or signing.make(session, link.email, signing.name_from(link.email))
    if user.suspended_at is not None:
        raise links.DeadLinkError("Ce compte est suspendu.")
    inviter = session.scalar(
        select(Seat).where(Seat.user_id == link.value["by"], Seat.siret == siret)
    )
    if inviter is None:
        raise links.DeadLinkError("La personne qui invite n’est plus de cette organisation.")
    if all(seat.siret != siret for seat in session.scalars(seats_of(user.id))):
        _keep(session, user, siret, name, "colleague" if inviter.verified_at else None)
    return user, known is None


def ask_territories(session: Session, user: User, text: str, employer: str) -> list[Territory]:
    """Ask to look after territories, typed one a line, as a facilitator of social clauses, in the
    caller's transaction: all, or none; a moderator grants each. Raises InvalidInputError."""
    codes = read_territories(text)
    held = {territory.code for territory in session.scalars(territories_of(user.id))}
    if again := next((code for code in codes if code in held), None):
        raise _asked(again)
    if len(held) + len(codes) > MOST:
        raise InvalidInputError(f"Un compte a au plus {MOST} territoires.", "territoire")
    made = []
    for code in codes:
        now = datetime.now(UTC)
        made.append(Territory(user_id=user.id, code=code, employer=employer, asked_at=now))
        try:
            with session.begin_nested():
                session.add(made[-1])
        except IntegrityError as error:  # sent twice at once
            raise _asked(code) from error
        record(session, "accounts.territory_asked", "account", user.id, actor_id=user.id, code=code)
    return made


def _asked(code: str) -> InvalidInputError:
    said = f"Vous avez déjà demandé {territory_label(code)}."
    return InvalidInputError(said, "territoire")


def leave_territory(session: Session, user_id: int, territory_id: int) -> None:
    """A person looks after a territory no more, or asks for it no more. Raises NotFoundError."""
    territory = session.scalar(
        select(Territory).where(Territory.user_id == user_id, Territory.id == territory_id)
    )
    if territory is None:
        raise NotFoundError("Ce territoire n’est pas dans votre compte.")
    record(session, "accounts.territory_left", "account", user_id, actor_id=user_id,
           code=territory.code)  # fmt: skip
    session.delete(territory)
    facilitators.territories_changed(session, user_id)
