"""Keys of the API: made, found, replaced with an overlap, revoked."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from annuaire.accounts.models import User
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.platforms.models import ApiKey
from annuaire.platforms.secrets import make_token, prefix_of, same

#: What a key may open, in words for its owner.
SCOPES: Final = {
    "read": "lire structures, marchés et chiffres, avec une limite plus haute",
    "match": "proposer des structures, repérer des clauses, vérifier des numéros",
    "contracts:write": "déposer les consultations d’une plateforme",
    "webhooks": "être prévenu par webhook",
}
#: What an owner gives their own keys; the other is for the operator, who knows the platform.
OWN_SCOPES: Final = ("read", "match", "webhooks")
WRITE: Final = "contracts:write"
LASTS: Final = timedelta(days=365)
LONGEST: Final = timedelta(days=3 * 365)
OVERLAP: Final = timedelta(days=7)
MOST: Final = 20  # living keys of one owner
_PLATFORM: Final = re.compile(r"[a-z][a-z0-9]{1,29}")
NO_OWNER: Final = "Indiquez l’adresse de courriel de qui tient la clé."
MAX_EMAIL: Final = 254  # RFC 5321, 4.5.3.1.3


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key to be made; fields as in `models.ApiKey`."""

    name: str
    owner: str
    scopes: Sequence[str]
    by: str
    platform: str | None = None
    test: bool = False
    lasts: timedelta = LASTS
    user_id: int | None = None


def create(session: Session, wanted: Wanted, now: datetime) -> tuple[ApiKey, str]:
    """Make a key, in the caller's transaction; returns it with its secret, which nobody will see
    again. Raises InvalidInputError."""
    name, owner = " ".join(wanted.name.split()), wanted.owner.strip().lower()
    _check(session, wanted, name, owner, now)
    token = make_token(test=wanted.test)
    key = ApiKey(
        prefix=token.prefix,
        hash=token.hash,
        family=secrets.token_hex(8),
        name=name,
        owner=owner,
        user_id=wanted.user_id,
        platform=wanted.platform,
        scopes=[scope for scope in SCOPES if scope in wanted.scopes],
        test=wanted.test,
        created_at=now,
        created_by=wanted.by,
        expires_at=now + wanted.lasts,
    )
    session.add(key)
    session.flush()
    return key, token.text


def _check(session: Session, wanted: Wanted, name: str, owner: str, now: datetime) -> None:
    if not 2 <= len(name) <= 80:
        raise InvalidInputError("Nommez la clé en 2 à 80 signes : ce qui s’en servira.", "name")
    try:
        validate_email(owner[: MAX_EMAIL + 1], check_deliverability=False)
    except EmailNotValidError as error:
        raise InvalidInputError(NO_OWNER, "owner") from error
    unknown = [scope for scope in wanted.scopes if scope not in SCOPES]
    if unknown or not wanted.scopes:
        raise InvalidInputError(
            f"Choisissez au moins une portée parmi : {', '.join(SCOPES)}.", "scopes"
        )
    if WRITE in wanted.scopes and not (wanted.platform and _PLATFORM.fullmatch(wanted.platform)):
        raise InvalidInputError(
            "La portée contracts:write demande le nom de la plateforme : de 2 à 30 lettres "
            "minuscules ou chiffres, une lettre d’abord.",
            "platform",
        )
    if WRITE in wanted.scopes:
        _check_platform(session, wanted.platform or "", owner)
    if not timedelta() < wanted.lasts <= LONGEST:
        raise InvalidInputError(f"Une clé dure de 1 à {LONGEST.days} jours.", "days")
    living = [key for key in session.scalars(keys_of(owner)) if key.holds(now)]
    if len(living) >= MOST:
        raise InvalidInputError(
            f"{owner} a déjà {MOST} clés en cours : révoquez celles qui ne servent plus.", "owner"
        )


def _check_platform(session: Session, platform: str, owner: str) -> None:
    """A platform's consultations are those of one holder: nobody else changes them."""
    others = select(ApiKey.id).where(ApiKey.platform == platform, ApiKey.owner != owner).limit(1)
    if session.scalar(others) is not None:
        raise InvalidInputError(
            f"Le nom « {platform} » est celui d’un autre titulaire.", "platform"
        )


def find(session: Session, text: str, now: datetime) -> ApiKey | None:
    """The key of this secret, while it holds and its owner's account is not suspended."""
    prefix = prefix_of(text)
    if prefix is None:
        return None
    key = session.scalar(select(ApiKey).where(ApiKey.prefix == prefix, not_suspended()))
    return key if key is not None and same(text, key.hash) and key.holds(now) else None


def not_suspended() -> ColumnElement[bool]:
    """Whether no moderator stopped the account that made a key, or that of its owner's address."""
    theirs = or_(User.id == ApiKey.user_id, User.email == ApiKey.owner)
    return ~exists().where(theirs, User.suspended_at.is_not(None))


def by_prefix(session: Session, prefix: str, among: Select[ApiKey] | None = None) -> ApiKey:
    """A key by what is shown of it, among some when these are given. Raises NotFoundError."""
    plain = prefix_of(prefix) or prefix.removeprefix("anntest_").removeprefix("ann_")
    found = all_keys() if among is None else among
    key = session.scalar(found.where(ApiKey.prefix == plain))
    if key is None:
        raise NotFoundError(f"Aucune clé ne commence par « {prefix[:20]} ».")
    return key


def keys_of(owner: str, user_id: int | None = None) -> Select[ApiKey]:
    """The keys of an owner, or that their account made, the newest first. Those that another
    account made stay that one's, though it had this address then."""
    mine = ApiKey.owner == owner
    if user_id is not None:
        mine = or_(and_(mine, ApiKey.user_id.is_(None)), ApiKey.user_id == user_id)
    return select(ApiKey).where(mine).order_by(ApiKey.id.desc())


def all_keys() -> Select[ApiKey]:
    """Every key, the newest first."""
    return select(ApiKey).order_by(ApiKey.id.desc())


def rotate(
    session: Session, key: ApiKey, by: str, now: datetime, overlap: timedelta = OVERLAP
) -> tuple[ApiKey, str]:
    """Make a key that replaces another, which still holds for `overlap`; in the caller's
    transaction. Raises InvalidInputError for one that holds no more."""
    if not key.holds(now):
        raise InvalidInputError("Cette clé ne vaut plus : faites-en une nouvelle.")
    if not timedelta() <= overlap <= timedelta(days=90):
        raise InvalidInputError("L’ancienne clé vaut encore de 0 à 90 jours.", "overlap")
    token = make_token(test=key.test)
    values: dict[str, Any] = {
        name: getattr(key, name)
        for name in ("family", "name", "owner", "user_id", "platform", "scopes", "test")
    }
    fresh = ApiKey(
        prefix=token.prefix,
        hash=token.hash,
        created_at=now,
        created_by=by,
        expires_at=now + LASTS,
        **values,
    )
    session.add(fresh)
    key.expires_at = min(key.expires_at, now + overlap)
    session.flush()
    return fresh, token.text


def revoke(session: Session, key: ApiKey, why: str, now: datetime) -> None:
    """Close a key at once, in the caller's transaction. Raises InvalidInputError for one that is
    closed."""
    if key.revoked_at is not None:
        raise InvalidInputError("Cette clé est déjà révoquée.")
    key.revoked_at, key.revoked_why = now, " ".join(why.split())[:200]
    session.flush()
