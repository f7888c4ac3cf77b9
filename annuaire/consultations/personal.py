"""What is kept of those who write consultations: their drafts, and what they published."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from annuaire.accounts.models import User
from annuaire.consultations.models import WrittenConsultation
from annuaire.consultations.service import DRAFT, reference_of


def export_of(session: Session, email: str) -> list[dict[str, Any]]:
    """The consultations that a person wrote; plain values."""
    rows = session.scalars(
        select(WrittenConsultation)
        .join(User, User.id == WrittenConsultation.author_id)
        .where(User.email == email.lower())
        .order_by(WrittenConsultation.id)
    )
    return [
        {
            "reference": reference_of(row), "body": row.body, "siret": row.siret,
            "state": row.state, "created_at": row.created_at.isoformat(), "content": row.content,
        }
        for row in rows
    ]  # fmt: skip


def erase(session: Session, email: str) -> int:
    """Delete a person's drafts and take their name off what they published, which stays their
    body's, in the caller's transaction; returns how many."""
    author = select(User.id).where(User.email == email.lower()).scalar_subquery()
    mine = WrittenConsultation.author_id == author
    ids = session.scalars(select(WrittenConsultation.id).where(mine)).all()
    session.execute(delete(WrittenConsultation).where(mine, WrittenConsultation.state == DRAFT))
    session.execute(update(WrittenConsultation).where(mine).values(author_id=None))
    return len(ids)
