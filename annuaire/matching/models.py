"""Table of the lots that structures won, as award notices tell."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from annuaire.db import Base


class Win(Base):
    """A lot won by a structure, linked by the winner's published SIRET or name
    (`annuaire.matching.winners`).

    `lot_reference` is « contract reference#lot number »; `won_on` the day on which the award was
    published, from when it may teach; `activities` are codes of the taxonomy, surest first;
    `amount_eur` is € HT as published; `evidence` is what ties them: the winner's name as the notice
    wrote it, or « SIRET publié : … », « SIREN du SIRET publié : … ».
    """

    __tablename__ = "win"
    __table_args__ = (
        UniqueConstraint("structure_id", "lot_reference"),
        Index("ix_win_departement_won_on", "departement", "won_on"),
        Index("ix_win_buyer_key_won_on", "buyer_key", "won_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"))
    lot_reference: Mapped[str] = mapped_column(index=True)
    won_on: Mapped[date]
    title: Mapped[str]
    activities: Mapped[list[str]] = mapped_column(JSON, default=list)
    buyer_key: Mapped[str]
    buyer_name: Mapped[str]
    departement: Mapped[str | None]
    amount_eur: Mapped[float | None]
    evidence: Mapped[str]


class BuyerContest(Base):
    """What a buyer that is signed in said of a suggestion (annuaire.matching.contesting); `owner`
    says whose it is. Taken back by its removal, as in the cookie of those who are not."""

    __tablename__ = "buyer_contest"
    __table_args__ = (UniqueConstraint("owner", "key", "reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str]
    key: Mapped[str]
    reason: Mapped[str]
    activity: Mapped[str]
    departement: Mapped[str]
    on: Mapped[date]
