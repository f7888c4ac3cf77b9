"""What the pages of moderators share."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from annuaire.claims.views.base import me, site
from annuaire.moderation.items import By


def now() -> datetime:
    return datetime.now(UTC)


def by(session: Session, reason: str) -> By:
    """Who decides, for a reason that they typed."""
    user = me(session)
    words = " ".join(reason.split())
    return By(user.id, user.name, words, now(), site())
