"""Tables of the claims: a person's hold on a structure, and invitations of colleagues."""

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from annuaire.db import AwareDateTime, Base

#: `states.OPEN`, as the index says it; a test compares them.
_OPEN: Final = text(
    "state IN ('asked', 'contested', 'held', 'letter_sent', 'letter_wanted', 'mailed', 'moderated')"
)


class Claim(Base):
    """A person who means to speak for a structure, how they prove it, and where that stands
    (`states`). Every step is in the log of acts, as one on a "claim".

    `structure_id` is the structure claimed; when it was joined to another, the claim is on that
    one. `address` is where the proof was mailed. `state_before` and `last_event` tell the last
    step, which an undoing takes back. `due_at` is when the state ends by itself.
    """

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint(
            "method IN ('email', 'domain', 'letter', 'word', 'invited')", name="method"
        ),
        Index(
            "uq_claim_open",
            "user_id",
            "structure_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_claim_state_due_at", "state", "due_at"),
        # A number is never given twice: letters, their links and the log of acts bear it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    method: Mapped[str]
    state: Mapped[str]
    state_before: Mapped[str | None]
    last_event: Mapped[str | None]
    address: Mapped[str | None]
    message: Mapped[str | None]
    code_hash: Mapped[str | None]
    tries: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(AwareDateTime)
    changed_at: Mapped[datetime] = mapped_column(AwareDateTime)
    due_at: Mapped[datetime | None] = mapped_column(AwareDateTime)


class ClaimInvitation(Base):
    """A colleague whom a person of a structure invites. It opens to the account of this very
    address alone. `answer` is "joined", "declined" or "withdrawn"."""

    __tablename__ = "claim_invitation"
    __table_args__ = ({"sqlite_autoincrement": True},)  # as for a claim

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    email: Mapped[str] = mapped_column(index=True)
    invited_by: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    invited_at: Mapped[datetime] = mapped_column(AwareDateTime)
    expires_at: Mapped[datetime] = mapped_column(AwareDateTime)
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
