"""Persons as an OpenID Connect provider (ProConnect) tells of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts import buying, domains, signing, typed
from annuaire.accounts.models import ProviderIdentity, User
from annuaire.errors import AnnuaireError, InvalidInputError


class ProviderError(AnnuaireError):
    """What the provider told cannot be used, or its person may not come in."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A person, as a provider names them; `vouched` when it says that it checked the address."""

    issuer: str
    subject: str
    email: str
    vouched: bool
    name: str
    siret: str | None


def identity(issuer: str, claims: Mapping[str, Any]) -> Identity:
    """What we take of a provider's claims. Raises ProviderError."""
    try:
        email = typed.email(str(claims.get("email", "")))
    except InvalidInputError as error:
        raise ProviderError(
            "Le fournisseur d’identité n’a pas donné d’adresse utilisable."
        ) from error
    family = claims.get("usual_name") or claims.get("family_name") or ""
    return Identity(
        issuer,
        str(claims["sub"]),
        email,
        claims.get("email_verified") is True,
        _name(f"{claims.get('given_name') or ''} {family}", email),
        _siret(str(claims.get("siret") or "")),
    )


def _name(text: str, email: str) -> str:
    try:
        return typed.name(text)
    except InvalidInputError:
        return signing.name_from(email)


def _siret(text: str) -> str | None:
    try:
        return typed.siret(text)
    except InvalidInputError:
        return None


def enter(session: Session, who: Identity, next_path: str, site: str) -> signing.Proved | None:
    """Sign in by a provider, in the caller's transaction. None when a mailed link must first prove
    an address for which the provider does not vouch. Raises ProviderError."""
    user = _known(session, who)
    if user is None and not who.vouched:
        tied = (who.issuer, who.subject)
        signing.ask_proved(session, who.email, who.name, next_path, site, tied)
        return None
    if user is None:
        user = signing.by_email(session, who.email)
        user = user or signing.make(session, who.email, who.name)
        signing.tie(session, user, who.issuer, who.subject)
    if user.suspended_at is not None:
        raise ProviderError("Ce compte est suspendu par la modération.")
    _seat(session, user, who)
    return signing.Proved(user, "provider", next_path)


def _known(session: Session, who: Identity) -> User | None:
    return session.scalar(
        select(User)
        .join(ProviderIdentity, ProviderIdentity.user_id == User.id)
        .where(ProviderIdentity.issuer == who.issuer, ProviderIdentity.subject == who.subject)
    )


def _seat(session: Session, user: User, who: Identity) -> None:
    """The body that the provider names, for who has none yet: what one took off stays off."""
    professional = who.siret is not None and not domains.is_personal(user.email)
    if professional and session.scalar(buying.seats_of(user.id).limit(1)) is None:
        buying.seat_by_provider(session, user, who.siret or "")
