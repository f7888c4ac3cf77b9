"""What an account's person does with it: name, address, password, second factor."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from annuaire.accounts import (
    facilitators,
    links,
    passwords,
    personal,
    second_factor,
    sessions,
)
from annuaire.accounts.audit import record
from annuaire.accounts.buying import address_changed
from annuaire.accounts.letters import send
from annuaire.accounts.models import MailedLink, User
from annuaire.accounts.signing import by_email
from annuaire.errors import InvalidInputError, NotFoundError

CHANGE: Final = "/espace/compte/courriel"
_BOTH: Final = ("email_new", "email_old")


def account(session: Session, user_id: int) -> User:
    """One account, by number. Raises NotFoundError."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError("Ce compte n’existe plus.")
    return user


def account_at(session: Session, email: str) -> User:
    """One account, by address. Raises NotFoundError."""
    user = by_email(session, email)
    if user is None:
        raise NotFoundError(f"Aucun compte ne porte l’adresse {email[:60]}.")
    return user


def rename(session: Session, user: User, name: str) -> None:
    """Change the name shown, in the caller's transaction."""
    if user.name != name:
        user.name = name
        record(session, "accounts.renamed", "account", user.id, actor_id=user.id)


def ask_new_email(session: Session, user: User, email: str, site: str) -> None:
    """Mail a link to the present address and one to the new one, in the caller's transaction: both
    must be followed. To an address that has an account, word of it goes instead, and who asks
    learns nothing. Raises InvalidInputError."""
    if email == user.email:
        raise InvalidInputError("C’est déjà l’adresse de votre compte.", "courriel")
    links.spoil(session, user.id, *_BOTH)
    for purpose, to in (("email_new", email), ("email_old", user.email)):
        token = links.make(session, purpose, to, links.CHANGE, user_id=user.id, new=email)
        kind = "email_taken" if purpose == "email_new" and by_email(session, email) else purpose
        send(session, kind, to, site, link=f"{CHANGE}/{token}", lasts="24 heures")
    record(session, "accounts.email_change_asked", "account", user.id, actor_id=user.id)


def confirm_email(session: Session, token: str, site: str) -> bool:
    """Follow one of the two links, in the caller's transaction; True when it was the second, and
    the address changed: what was kept under the old one follows. Raises links.DeadLinkError."""
    link = links.use(session, token, *_BOTH)
    user = account(session, link.user_id or 0)
    new = str(link.value["new"])
    other = session.scalar(
        select(MailedLink)
        .where(
            MailedLink.user_id == user.id,
            MailedLink.purpose == next(p for p in _BOTH if p != link.purpose),
        )
        .order_by(MailedLink.id.desc())
        .limit(1)
    )
    if other is None or other.used_at is None or other.value.get("new") != new:
        return False
    old = user.email
    try:
        with session.begin_nested():
            user.email = new
    except IntegrityError as error:
        raise links.DeadLinkError("Un autre compte porte maintenant cette adresse.") from error
    address_changed(session, user, old)
    facilitators.address_changed(session, user, old)
    personal.move_all(session, old, new)
    links.spoil(session, user.id, "sign_in", "second_factor")
    record(session, "accounts.email_changed", "account", user.id, actor_id=user.id)
    send(session, "email_changed", old, site, email=new)
    return True


def set_password(
    session: Session, user: User, password: str, site: str, *, but_session: int | None
) -> None:
    """Give an account a password, in the caller's transaction; its other sessions end. Raises
    InvalidInputError."""
    checked = passwords.checked(password, user.name, user.email)
    user.password_hash = passwords.hashed(checked)
    _after_change(session, user, "password_changed", site, but_session)


def drop_password(session: Session, user: User, site: str, *, but_session: int | None) -> None:
    """Sign in by mailed links alone from now on."""
    user.password_hash = None
    _after_change(session, user, "password_changed", site, but_session)


def turn_on_totp(
    session: Session, user: User, code: str, secret_key: str, site: str, *, session_id: int
) -> list[str]:
    """Ask for a code at each sign-in from now on; returns the recovery codes. The session that
    proved the code counts as having done so, the others end. Raises
    second_factor.WrongCodeError."""
    codes = second_factor.confirm(session, user, code, secret_key)
    sessions.strengthen(session, session_id)
    _after_change(session, user, "totp_on", site, session_id)
    return codes


def renew_codes(session: Session, user: User) -> list[str]:
    """New recovery codes in the place of the old ones, in the caller's transaction."""
    record(session, "accounts.recovery_codes_renewed", "account", user.id, actor_id=user.id)
    return second_factor.renew_codes(session, user.id)


def turn_off_totp(session: Session, user: User, site: str, *, but_session: int | None) -> None:
    """Ask for no code any more, in the caller's transaction."""
    second_factor.take_off(session, user)
    _after_change(session, user, "totp_off", site, but_session)


def _after_change(
    session: Session, user: User, kind: str, site: str, but_session: int | None
) -> None:
    sessions.end(session, user.id, but=but_session)
    links.spoil(session, user.id, "sign_in", "second_factor")
    record(session, f"accounts.{kind}", "account", user.id, actor_id=user.id)
    send(session, kind, user.email, site)


def suspend(session: Session, user: User, *, actor_id: int | None, reason: str) -> None:
    """Stop an account: its sessions end, nobody signs in; undone by `restore`."""
    user.suspended_at = datetime.now(UTC)
    sessions.end(session, user.id)
    record(session, "accounts.suspended", "account", user.id, actor_id=actor_id, reason=reason)


def restore(session: Session, user: User, *, actor_id: int | None, reason: str) -> None:
    """Let a suspended account sign in again."""
    user.suspended_at = None
    record(session, "accounts.restored", "account", user.id, actor_id=actor_id, reason=reason)


def give_role(session: Session, user: User, role: str, *, actor_id: int | None) -> None:
    """Change what an account may do for the whole site, in the caller's transaction; its sessions
    end, so that the new rights need a new proof."""
    if user.role != role:
        before, user.role = user.role, role
        sessions.end(session, user.id)
        record(session, "accounts.role_given", "account", user.id, actor_id=actor_id,
               before=before, role=role)  # fmt: skip
