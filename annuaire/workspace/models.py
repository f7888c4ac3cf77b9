"""Tables of « Mon espace »: what people keep, and how often structures were seen."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from annuaire.db import AwareDateTime, Base


class Kept(Base):
    """An address of this site that a person keeps, with their own words.

    `kind` is "search", "selection", "need", "structure" or "contract": what the address shows.
    """

    __tablename__ = "kept"
    __table_args__ = (
        UniqueConstraint("user_id", "address"),
        CheckConstraint(
            "kind IN ('search', 'selection', 'need', 'structure', 'contract')", name="kind"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str]
    address: Mapped[str]
    title: Mapped[str]
    note: Mapped[str]
    kept_at: Mapped[datetime] = mapped_column(AwareDateTime)
    changed_at: Mapped[datetime] = mapped_column(AwareDateTime)


class SeenCount(Base):
    """How often a structure was seen on a day: `what` is "page" (its own page was read) or
    "suggestion" (it stood among those proposed for a need). Nothing says by whom."""

    __tablename__ = "seen_count"

    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class SeenLot(Base):
    """How often a structure stood among those proposed for a published lot, and when last. The lot
    is named as it was then: its contract may have been joined to another since."""

    __tablename__ = "seen_lot"

    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_on: Mapped[date] = mapped_column(index=True)


class SeenFile(Base):
    """A file of sightings that was counted: none is counted twice."""

    __tablename__ = "seen_file"

    name: Mapped[str] = mapped_column(primary_key=True)
    read_at: Mapped[datetime] = mapped_column(AwareDateTime, index=True)
