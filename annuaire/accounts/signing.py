"""To sign up and in: links asked for and followed, passwords tried. Whoever asks learns nothing of
which addresses have an account: the same answer, for the same work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from annuaire.accounts import links, passwords, second_factor
from annuaire.accounts.audit import record
from annuaire.accounts.letters import send
from annuaire.accounts.models import MailedLink, ProviderIdentity, User
from annuaire.errors import AnnuaireError

LINK: Final = "/connexion/lien"
#: What a link of sign-in may be for.
PURPOSES: Final = ("sign_in", "sign_up")
LASTS: Final = "15 minutes"


class RefusedError(AnnuaireError):
    """A proof that proves nothing, without a word of why: no such account, or a false password."""


@dataclass(frozen=True, slots=True)
class Proved:
    """A person who proved who they are by a first factor, and where they were going."""

    user: User
    method: str
    next: str


def by_email(session: Session, email: str) -> User | None:
    """The account of an address, as `typed.email` writes it."""
    return session.scalar(select(User).where(User.email == email))


def ask_sign_in(session: Session, email: str, next_path: str, site: str) -> None:
    """Mail a link to sign in, in the caller's transaction; to an address without an account, one
    to make it."""
    user = by_email(session, email)
    if user is None:
        _mail(session, "unknown", "sign_up", email, site, next=next_path, name="")
    elif user.suspended_at is not None:
        _mail(session, "suspended", "none", email, site)
    else:
        _mail(session, "sign_in", "sign_in", email, site, user.id, next=next_path)


def ask_sign_up(session: Session, email: str, name: str, next_path: str, site: str) -> None:
    """Mail a link that makes an account, in the caller's transaction; to an address that has one,
    a link to sign in."""
    user = by_email(session, email)
    if user is None:
        _mail(session, "sign_up", "sign_up", email, site, next=next_path, name=name)
    elif user.suspended_at is not None:
        _mail(session, "suspended", "none", email, site)
    else:
        _mail(session, "known", "sign_in", email, site, user.id, next=next_path)


def _mail(
    session: Session,
    kind: str,
    purpose: str,
    email: str,
    site: str,
    user_id: int | None = None,
    **value: Any,
) -> None:
    token = links.make(session, purpose, email, links.SIGN_IN, user_id=user_id, **value)
    send(session, kind, email, site, link=f"{LINK}/{token}", lasts=LASTS)


def ask_proved(
    session: Session, email: str, name: str, next_path: str, site: str, identity: tuple[str, str]
) -> None:
    """Mail a link that also ties a provider's identity to the account, in the browser that came
    with it: the provider does not vouch for the address, the mail does."""
    user = by_email(session, email)
    value: dict[str, Any] = {"next": next_path, "name": name, "identity": list(identity)}
    if user is not None and user.suspended_at is not None:
        _mail(session, "suspended", "none", email, site)
    elif user is not None:
        _mail(session, "known", "sign_in", email, site, user.id, **value)
    else:
        _mail(session, "sign_up", "sign_up", email, site, **value)


def follow(session: Session, token: str, came_as: Sequence[str] = ()) -> Proved:
    """Use a mailed link, in the caller's transaction; makes the account that it is for. Raises
    links.DeadLinkError.

    A provider's identity is tied to the account when this very browser came back from the provider
    with it (`came_as`: issuer, subject): the mail alone may be of somebody who gave the provider
    another's address.
    """
    link = links.use(session, token, *PURPOSES)
    user = _owner(session, link)
    identity = link.value.get("identity")
    if identity and list(came_as) == identity:
        tie(session, user, *identity)
    return Proved(user, "link", str(link.value.get("next", "")))


def _owner(session: Session, link: MailedLink) -> User:
    user = session.get(User, link.user_id) if link.user_id else by_email(session, link.email)
    if user is None and link.purpose == "sign_up":
        user = make(session, link.email, str(link.value.get("name") or name_from(link.email)))
    if user is None or user.email != link.email or user.suspended_at is not None:
        raise links.DeadLinkError("Ce lien ne vaut plus : le compte a changé depuis son envoi.")
    return user


def name_from(email: str) -> str:
    """A first name for an account whose person was not asked: what stands before the @."""
    return " ".join(email.partition("@")[0].replace(".", " ").replace("_", " ").split()).title()


def make(session: Session, email: str, name: str, *, role: str = "user") -> User:
    """A new account, in the caller's transaction; the one that someone else made meanwhile."""
    user = User(email=email, name=name or email, role=role, created_at=datetime.now(UTC))
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        return session.scalars(select(User).where(User.email == email)).one()
    record(session, "accounts.made", "account", user.id, actor_id=user.id)
    return user


def tie(session: Session, user: User, issuer: str, subject: str) -> None:
    """Tie a provider's identity to an account, in the caller's transaction."""
    known = session.scalar(
        select(ProviderIdentity).where(
            ProviderIdentity.issuer == issuer, ProviderIdentity.subject == subject
        )
    )
    if known is None:
        now = datetime.now(UTC)
        session.add(ProviderIdentity(user_id=user.id, issuer=issuer, subject=subject, since=now))
        session.flush()
        record(session, "accounts.provider_tied", "account", user.id, actor_id=user.id)


def by_password(session: Session, email: str, password: str) -> User:
    """The account of an address and its password. Raises RefusedError, after the same work."""
    user = by_email(session, email)
    right = passwords.verify(user.password_hash if user else None, password)
    if user is None or not right or user.suspended_at is not None:
        raise RefusedError(
            "L’adresse ou le mot de passe n’est pas bon. Sans mot de passe, demandez un lien."
        )
    return user


def await_code(session: Session, proved: Proved) -> str:
    """What a browser holds between the first factor and the second: the secret of a link that no
    mail carries, in the caller's transaction."""
    return links.make(
        session,
        "second_factor",
        proved.user.email,
        links.SECOND_FACTOR,
        user_id=proved.user.id,
        next=proved.next,
        method=proved.method,
    )


def awaited(session: Session, token: str) -> Proved:
    """Who proved the first factor and is asked for the second. Raises links.DeadLinkError."""
    link = links.look(session, token, "second_factor")
    user = session.get(User, link.user_id)
    if user is None or user.suspended_at is not None:
        raise links.DeadLinkError("Recommencez la connexion.")
    return Proved(user, str(link.value.get("method", "")), str(link.value.get("next", "")))


def prove_second(session: Session, token: str, code: str, secret_key: str, site: str) -> Proved:
    """Take the second factor of who awaits, in the caller's transaction. Raises
    links.DeadLinkError, second_factor.WrongCodeError."""
    proved = awaited(session, token)
    if second_factor.prove(session, proved.user, code, secret_key):
        left = str(second_factor.left(session, proved.user.id))
        send(session, "recovery_used", proved.user.email, site, left=left)
        record(session, "accounts.recovery_code_used", "account", proved.user.id,
               actor_id=proved.user.id)  # fmt: skip
    links.use(session, token, "second_factor")
    return proved
