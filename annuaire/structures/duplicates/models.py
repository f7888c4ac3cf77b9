"""Tables of the review list: pairs of structures that may be one, why, and what people decided."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annuaire.db import AwareDateTime, Base
from annuaire.sql import plain


class DuplicatePair(Base):
    """Two structures that may be one, as the last search saw them; `first_id` < `second_id`.

    `state` follows the decisions: "open", "accepted", "refused". `listed` is false once a search
    finds the pair no more. `fingerprint` changes with the evidence, never with the score alone.
    """

    __tablename__ = "duplicate_pair"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="ordered"),
        Index("ix_duplicate_pair_state_score", "state", "score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("structure.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    departement: Mapped[str | None]
    score: Mapped[int]  # points, 100 being as sure as evidence without a common number gets
    fingerprint: Mapped[str]
    state: Mapped[str]
    listed: Mapped[bool]
    found_at: Mapped[datetime] = mapped_column(AwareDateTime)

    evidence: Mapped[list["DuplicateEvidence"]] = relationship(
        order_by=lambda: (DuplicateEvidence.points.desc(), plain(DuplicateEvidence.code))
    )
    decisions: Mapped[list["DuplicateDecision"]] = relationship(
        order_by=lambda: DuplicateDecision.id
    )


class DuplicateEvidence(Base):
    """One reason for a pair, or against it (negative points), in a French phrase."""

    __tablename__ = "duplicate_evidence"

    pair_id: Mapped[int] = mapped_column(ForeignKey("duplicate_pair.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[int]
    sentence: Mapped[str]


class DuplicateDecision(Base):
    """What a person decided of a pair: "accept", "refuse", or "undo" of the decision `undoes_id`.

    The keys are those of the structures on that day: they lead to them for ever. `why` is the
    evidence shown then. Never changed nor deleted.
    """

    __tablename__ = "duplicate_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("duplicate_pair.id"), index=True)
    verdict: Mapped[str]
    kept_key: Mapped[str] = mapped_column(index=True)
    other_key: Mapped[str] = mapped_column(index=True)
    fingerprint: Mapped[str]
    why: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(AwareDateTime)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("duplicate_decision.id"), unique=True)
