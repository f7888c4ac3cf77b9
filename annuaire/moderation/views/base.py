"""What the pages of moderators share."""

from sqlalchemy.orm import Session

from annuaire.claims.views.base import me, now, site
from annuaire.moderation.items import By


def by(session: Session, reason: str) -> By:
    """Who decides, for a reason that they typed."""
    user = me(session)
    words = " ".join(reason.split())
    return By(user.id, user.name, words, now(), site())
