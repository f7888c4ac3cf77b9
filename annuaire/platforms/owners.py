"""What is kept of those who hold keys: told to them, and erased at their demand."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annuaire.accounts.models import User
from annuaire.platforms.keys import keys_of
from annuaire.platforms.models import ApiKey
from annuaire.platforms.usage import last_days
from annuaire.platforms.webhooks import remove, webhooks_of

WHY: Final = "effacée à la demande de son titulaire"


def export_of(session: Session, email: str) -> dict[str, Any]:
    """The keys of a person, with what they asked and their webhooks."""
    found = _keys(session, email)
    used = {row[0]: row for row in session.execute(last_days([key.id for key in found]))}
    return {
        "keys": [
            {
                "prefix": key.prefix,
                "name": key.name,
                "scopes": key.scopes,
                "created_at": key.created_at.isoformat(),
                "expires_at": key.expires_at.isoformat(),
                "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
                "asked": int(used[key.id][2]) if key.id in used else 0,
                "last_day": used[key.id][1].isoformat() if key.id in used else None,
            }
            for key in found
        ],
        "webhooks": [
            {"url": webhook.url, "created_at": webhook.created_at.isoformat()}
            for family in sorted({key.family for key in found})
            for webhook in session.scalars(webhooks_of(family))
        ],
    }


def move(session: Session, before: str, after: str) -> None:
    """Have the keys of an address be held under another, in the caller's transaction: a platform's
    name is its holder's."""
    session.execute(update(ApiKey).where(ApiKey.owner == before).values(owner=after))


def erase(session: Session, email: str) -> int:
    """Close the keys of a person, take away their webhooks, and forget who held them, in the
    caller's transaction; returns how many keys. Counts of use stay: they name nobody."""
    found = _keys(session, email)
    for family in sorted({key.family for key in found}):
        for webhook in session.scalars(webhooks_of(family)).all():
            remove(session, webhook)
    for key in found:
        key.revoked_at = key.revoked_at or datetime.now(UTC)
        key.revoked_why = key.revoked_why or WHY
        key.owner, key.name, key.user_id = "", "", None
    session.flush()
    return len(found)


def _keys(session: Session, email: str) -> list[ApiKey]:
    owner = email.strip().lower()
    user_id = session.scalar(select(User.id).where(User.email == owner))
    return list(session.scalars(keys_of(owner, user_id)))
