"""Tables of the mails: the letters that wait or left, what came back, addresses left in peace."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from annuaire.db import AwareDateTime, Base


class MailLetter(Base):
    """A letter, from its queueing on.

    `state` is "waiting", "sent" (the server took it), "refused" (for good; `answer` says why) or
    "dropped" (its address was suspended or erased meanwhile). `worker` holds it until `held_until`:
    past that moment another may take it, so a sender that was killed loses nothing. `handed_at` is
    set before the content leaves and taken off with the outcome: a letter that still has it when
    its hold ends may have arrived. It is then sent again under the same `message_id`, and counted
    in `doubts`. Address, subject and bodies are erased some time after the outcome.
    """

    __tablename__ = "mail_letter"
    __table_args__ = (
        Index("ix_mail_letter_state_rank_due_at", "state", "rank", "due_at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    once: Mapped[str] = mapped_column(unique=True)
    message_id: Mapped[str] = mapped_column(unique=True)  # its part before the @
    purpose: Mapped[str]
    rank: Mapped[int]  # 0 when somebody waits for it, 1 otherwise: the order of leaving
    address: Mapped[str | None] = mapped_column(index=True)  # `recipient`, as addresses compare
    recipient: Mapped[str | None]
    subject: Mapped[str | None]
    text: Mapped[str | None]
    html: Mapped[str | None]
    reply_to: Mapped[str | None]
    unsubscribe: Mapped[str | None]
    state: Mapped[str]
    queued_at: Mapped[datetime] = mapped_column(AwareDateTime)
    due_at: Mapped[datetime] = mapped_column(AwareDateTime)
    attempts: Mapped[int]
    doubts: Mapped[int]
    worker: Mapped[str | None]
    held_until: Mapped[datetime | None] = mapped_column(AwareDateTime)
    handed_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    answer: Mapped[str | None]


class MailSuspension(Base):
    """An address to which nothing is sent, since when and why, until it is lifted.

    `reason` is "unknown" (there is no such mailbox), "failing" (too many temporary failures),
    "complaint" (reported as unwanted) or "by_hand".
    """

    __tablename__ = "mail_suspension"
    __table_args__ = (
        Index(
            "uq_mail_suspension_in_force",
            "address",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    reason: Mapped[str]
    detail: Mapped[str | None]
    since: Mapped[datetime] = mapped_column(AwareDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    lifted_by: Mapped[str | None]


class MailReport(Base):
    """What came back of a letter: `kind` is "hard", "soft" or "complaint"; `digest` is that of what
    it says, so that a report read twice counts once."""

    __tablename__ = "mail_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    status: Mapped[str | None]
    detail: Mapped[str | None]
    message_id: Mapped[str]
    read_at: Mapped[datetime] = mapped_column(AwareDateTime)
