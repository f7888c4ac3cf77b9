"""Tables of the contracts: what notices say, lot by lot, with the clauses found and their proof."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annuaire.db import AwareDateTime, Base


class Buyer(Base):
    """A public body. `key` is its SIRET, or its folded name and postcode while that is unknown."""

    __tablename__ = "buyer"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    siret: Mapped[str | None] = mapped_column(index=True)
    name: Mapped[str]
    postcode: Mapped[str | None]
    city: Mapped[str | None]
    departement: Mapped[str | None]


class Contract(Base):
    """What notices speak of; has at least one lot. `reference` stands in its address and stays.

    `state` is "published", "planned", "awarded", "cancelled" or "unknown": whether a published one
    is still open is a matter of the day on which one asks.
    """

    __tablename__ = "contract"
    __table_args__ = (Index("ix_contract_published_on_id", "published_on", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    buyer_id: Mapped[int] = mapped_column(ForeignKey("buyer.id"), index=True)
    title: Mapped[str]
    state: Mapped[str]
    published_on: Mapped[date]
    expires_on: Mapped[date | None]
    deadline: Mapped[datetime | None] = mapped_column(AwareDateTime)
    procedure: Mapped[str | None]
    types: Mapped[list[str]] = mapped_column(JSON, default=list)
    cpv: Mapped[str | None]
    departements: Mapped[list[str]] = mapped_column(JSON, default=list)
    social: Mapped[bool] = mapped_column(default=False)
    environmental: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    updated_at: Mapped[datetime] = mapped_column(AwareDateTime)

    buyer: Mapped[Buyer] = relationship()
    lots: Mapped[list["Lot"]] = relationship(
        back_populates="contract", order_by="Lot.position", passive_deletes=True
    )
    notices: Mapped[list["Notice"]] = relationship(
        back_populates="contract", order_by="(Notice.published_on, Notice.id)"
    )
    findings: Mapped[list["Finding"]] = relationship(
        order_by="Finding.id", passive_deletes=True, back_populates="contract"
    )


class Notice(Base):
    """One publication of a contract; `texts` holds what was published, as shown on the page.

    `changes` are the modifications that a publication tells of what it awarded: a list of
    {on, subject, amount_eur, months, winners}, in their order.
    """

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("source", "source_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    source_key: Mapped[str]
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"), index=True)
    nature: Mapped[str]
    published_on: Mapped[date]
    url: Mapped[str | None]
    texts: Mapped[list[Any]] = mapped_column(JSON, default=list)
    descriptors: Mapped[list[str]] = mapped_column(JSON, default=list)
    changes: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    hash: Mapped[str]
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))

    contract: Mapped[Contract] = relationship(back_populates="notices")


class Lot(Base):
    """The unit that is matched. `activities` is a list of [code, score, evidence], best first;
    `awards` a list of {winner, amount_eur, awarded_on}, and where they are known winner_siret and
    published_on."""

    __tablename__ = "lot"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"))
    position: Mapped[int]
    number: Mapped[str]
    title: Mapped[str]
    description: Mapped[str | None]
    cpv: Mapped[str | None]
    city: Mapped[str | None]
    departement: Mapped[str | None]
    amount_eur: Mapped[float | None]
    amount_kind: Mapped[str | None]
    activities: Mapped[list[Any]] = mapped_column(JSON, default=list)
    awards: Mapped[list[Any]] = mapped_column(JSON, default=list)

    contract: Mapped[Contract] = relationship(back_populates="lots")


class Finding(Base):
    """One clause found in a notice: what it is and the sentence or the code that proves it.

    For a text, `evidence` stands at [start, end) of the notice's text number `text_index`.
    """

    __tablename__ = "finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(
        ForeignKey("contract.id", ondelete="CASCADE"), index=True
    )
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), index=True)
    type: Mapped[str]
    source: Mapped[str]
    field: Mapped[str]
    evidence: Mapped[str]
    text_index: Mapped[int | None]
    start: Mapped[int | None]
    end: Mapped[int | None]
    lots: Mapped[list[str]] = mapped_column(JSON, default=list)
    hours: Mapped[float | None]
    share: Mapped[float | None]
    article: Mapped[str | None]
    confidence: Mapped[float]
    optional: Mapped[bool]
    rule: Mapped[str]

    contract: Mapped[Contract] = relationship(back_populates="findings")
