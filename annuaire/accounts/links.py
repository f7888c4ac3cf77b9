"""Mailed links: made, looked at, and used once."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annuaire.accounts.models import MailedLink
from annuaire.accounts.tokens import hash_of, new_token
from annuaire.errors import AnnuaireError

SIGN_IN: Final = timedelta(minutes=15)
CHANGE: Final = timedelta(hours=24)
INVITATION: Final = timedelta(days=7)
SECOND_FACTOR: Final = timedelta(minutes=10)
#: Used or too old, a link is kept that long, so that who opens it again is told which.
KEPT: Final = timedelta(days=7)


class DeadLinkError(AnnuaireError):
    """A link that opens nothing: used, too old, or none of ours."""


def make(
    session: Session,
    purpose: str,
    email: str,
    lasts: timedelta,
    *,
    user_id: int | None = None,
    **value: Any,
) -> str:
    """Keep a link, in the caller's transaction; returns its secret, which is kept nowhere."""
    now = datetime.now(UTC)
    token = new_token()
    session.add(
        MailedLink(
            purpose=purpose,
            token_hash=hash_of(token),
            email=email,
            user_id=user_id,
            value=value,
            created_at=now,
            expires_at=now + lasts,
        )
    )
    session.flush()
    return token


def look(session: Session, token: str, *purposes: str) -> MailedLink:
    """The link that a secret opens, left unused. Raises DeadLinkError, which says why."""
    link = session.scalar(select(MailedLink).where(MailedLink.token_hash == hash_of(token)))
    if link is None or link.purpose not in purposes:
        raise DeadLinkError(
            "Ce lien ne mène à rien : il n’est pas entier, ou il n’est pas de ce site. "
            "Ouvrez-le depuis le courriel, ou demandez-en un autre."
        )
    if link.used_at is not None:
        raise DeadLinkError("Ce lien a déjà servi, et un lien ne sert qu’une fois.")
    if link.expires_at <= datetime.now(UTC):
        raise DeadLinkError("Ce lien a expiré : demandez-en un autre.")
    return link


def use(session: Session, token: str, *purposes: str) -> MailedLink:
    """Use a link, in the caller's transaction: of two who come at once, one gets it. Raises
    DeadLinkError."""
    link = look(session, token, *purposes)
    taken = session.scalar(
        update(MailedLink)
        .where(MailedLink.id == link.id, MailedLink.used_at.is_(None))
        .values(used_at=datetime.now(UTC))
        .returning(MailedLink.id)
    )
    if taken is None:
        raise DeadLinkError("Ce lien a déjà servi, et un lien ne sert qu’une fois.")
    session.refresh(link)
    return link


def spoil(session: Session, user_id: int, *purposes: str) -> None:
    """No unused link of an account, of these purposes, opens anything any more."""
    session.execute(
        update(MailedLink)
        .where(
            MailedLink.user_id == user_id,
            MailedLink.purpose.in_(purposes),
            MailedLink.used_at.is_(None),
        )
        .values(used_at=datetime.now(UTC))
    )
