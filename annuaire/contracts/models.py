"""Tables of the contracts: what notices say, lot by lot, with the clauses found and their proof."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annuaire.contracts.records import REMOVED
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

    It is what its notices, read together, make of it (`merging`). `state` is "published",
    "planned", "awarded", "cancelled" or "unknown": whether a published one is still open is a
    matter of the day on which one asks. `outcome` says why one was cancelled: "unsuccessful"
    (infructueux), "abandoned" (sans suite), or None.
    """

    __tablename__ = "contract"
    __table_args__ = (
        Index("ix_contract_published_on_id", "published_on", "id"),
        Index("ix_contract_updated_at_id", "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    buyer_id: Mapped[int] = mapped_column(ForeignKey("buyer.id"), index=True)
    title: Mapped[str]
    state: Mapped[str]
    outcome: Mapped[str | None]
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
        back_populates="contract", order_by="(Notice.position, Notice.published_on, Notice.id)"
    )
    findings: Mapped[list["Finding"]] = relationship(
        order_by="Finding.id", passive_deletes=True, back_populates="contract"
    )

    @property
    def standing_lots(self) -> list["Lot"]:
        """Its lots without those that were taken away; all of them once all were."""
        return [lot for lot in self.lots if lot.state != REMOVED] or self.lots

    @property
    def standing_findings(self) -> list["Finding"]:
        """Its clauses without those that only lots which were taken away had."""
        gone = {lot.number for lot in self.lots if lot.state == REMOVED}
        return [f for f in self.findings if not f.lots or set(f.lots) - gone]


class FormerContract(Base):
    """A reference under which a contract stood and stands no more, since `gone_at`: its notices
    went to another contract, it has another reference, or it was taken away. It goes when a
    contract stands there again."""

    __tablename__ = "former_contract"
    __table_args__ = (Index("ix_former_contract_gone_at_id", "gone_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    gone_at: Mapped[datetime] = mapped_column(AwareDateTime)


class Notice(Base):
    """One publication of a contract; `texts` holds what was published, as shown on the page.

    `changes` are the modifications that a publication tells of what it awarded: a list of
    {on, subject, amount_eur, months, winners}, in their order.

    `facts` is all that was read in it (`facts.NoticeFacts`), from which its contract is made with
    the others': None for one that was read before contracts were joined. `position` is its place
    among them, from the oldest. One that is not `in_force` was replaced by another: its clauses
    are no longer the contract's.

    `matched` is, for an award of the essential data that no key ties to its contract, the notice
    that it was matched with: {with, lot, score, reasons} (`awarding`).
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        Index("ix_notice_source_published_on", "source", "published_on"),
    )

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
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    in_force: Mapped[bool] = mapped_column(default=True, server_default=true())
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    matched: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    contract: Mapped[Contract] = relationship(back_populates="notices")


class NoticeKey(Base):
    """A key that a notice answers to or cites: notices that share one may be of one contract
    (`linking`). Those that begin with `MATCH` say that two were matched, and are no words of
    either."""

    __tablename__ = "notice_key"
    MATCH: ClassVar = "match:"

    key: Mapped[str] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(
        ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class MatchDecision(Base):
    """What a person decided of an award of the essential data and the notice that it was matched
    with, by their references: `action` is "part", or "join_again", which undoes it."""

    __tablename__ = "match_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    essential: Mapped[str] = mapped_column(index=True)
    official: Mapped[str]
    action: Mapped[str]
    author: Mapped[str]
    reason: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(AwareDateTime)


class Lot(Base):
    """The unit that is matched. `activities` is a list of [code, score, evidence], best first;
    `awards` a list of {winner, amount_eur, awarded_on}, and where they are known winner_siret and
    published_on.

    `origin` says where the notice names it: "field", "text" (« Lot n° 3 : … » in words) or
    "notice" (the notice names none: it is the whole contract). `nuts` is a code of three levels,
    `place` the place in words, `reserved` the clause type of a reservation that concerns it.
    `state` is as the contract's, or "removed" for one that a correction took away; `outcome` is why
    it found no holder.

    Amounts are in € HT. The four columns by kind hold what was published, whatever it is; `absurd`
    marks that one of them can hardly be meant. `amount_eur` is the surest likely one, of
    `amount_kind` "awarded", "estimated" or "maximum"; an unlikely one when there is no other, which
    nothing then counts (`amounts`). `sources` tells, by fact, the reference of the notice that says
    it, where several notices make the contract.
    """

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
    estimated_eur: Mapped[float | None]
    minimum_eur: Mapped[float | None]
    maximum_eur: Mapped[float | None]
    awarded_eur: Mapped[float | None]
    absurd: Mapped[bool] = mapped_column(default=False, server_default=false())
    origin: Mapped[str] = mapped_column(default="field", server_default="field")
    state: Mapped[str] = mapped_column(default="unknown", server_default="unknown")
    outcome: Mapped[str | None]
    cpvs: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    nuts: Mapped[str | None]
    code_insee: Mapped[str | None]
    place: Mapped[str | None]
    deadline: Mapped[datetime | None] = mapped_column(AwareDateTime)
    reserved: Mapped[str | None]
    sources: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
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
    weight: Mapped[float | None]
    article: Mapped[str | None]
    article_cited: Mapped[str | None]
    confidence: Mapped[float]
    optional: Mapped[bool]
    rule: Mapped[str]

    contract: Mapped[Contract] = relationship(back_populates="findings")
