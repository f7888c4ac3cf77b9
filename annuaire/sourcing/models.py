"""Tables of what buyers ask of structures, of what these answer, and of what a buyer notes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from annuaire.db import AwareDateTime, Base


class SourcingRequest(Base):
    """A request for quotes or a sourcing question, as a buyer wrote it.

    `kind` is "quote" or "question"; `state` is "draft" until its sender confirmed the address,
    "open" until the end of `deadline` (in Paris), then "closed". `documents` are links, each with
    its title. `origin` are the fields of the need's own page, or « marche » and « lot ».
    `sender_key` is the sender's address as addresses compare. Its number is in signed links: none
    is ever given twice.
    """

    __tablename__ = "sourcing_request"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    text: Mapped[str]
    documents: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    deadline: Mapped[date] = mapped_column(index=True)
    origin: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sender_name: Mapped[str]
    sender_organisation: Mapped[str]
    sender_email: Mapped[str]
    sender_key: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(AwareDateTime)

    asked: Mapped[list["AskedStructure"]] = relationship(
        back_populates="request", order_by=lambda: AskedStructure.id, passive_deletes=True
    )


class AskedStructure(Base):
    """A structure of a request. `key`, `name` and `email` are those of the day; `email` is None for
    one that is not written to, and `unasked` then says why (annuaire.sourcing.reaching).

    `answer` is "interested" or "declined", the last that was given; None is silence.
    """

    __tablename__ = "sourcing_asked"
    __table_args__ = (
        UniqueConstraint("request_id", "structure_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("sourcing_request.id", ondelete="CASCADE"))
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    key: Mapped[str]
    name: Mapped[str]
    email: Mapped[str | None]
    address: Mapped[str | None] = mapped_column(index=True)  # `email`, as addresses compare
    unasked: Mapped[str | None]
    asked_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    nudged_at: Mapped[datetime | None] = mapped_column(AwareDateTime)  # reminded by hand
    answer: Mapped[str | None]
    message: Mapped[str | None]
    contact: Mapped[str | None]
    answered_at: Mapped[datetime | None] = mapped_column(AwareDateTime)

    request: Mapped[SourcingRequest] = relationship(back_populates="asked")


class SourcingEvent(Base):
    """What happened of a request, one row each, never changed: `kind` is one of
    annuaire.sourcing.wording.EVENTS; `answer` and `message` are those that were given then."""

    __tablename__ = "sourcing_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        ForeignKey("sourcing_request.id", ondelete="CASCADE"), index=True
    )
    asked_id: Mapped[int | None] = mapped_column(
        ForeignKey("sourcing_asked.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(AwareDateTime)
    answer: Mapped[str | None]
    message: Mapped[str | None]


class SourcingStop(Base):
    """A structure that wants no more requests, since when, until it is lifted. It counts for the
    structure and for every other one that is written to at the same `address`."""

    __tablename__ = "sourcing_stop"

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    address: Mapped[str | None] = mapped_column(index=True)
    since: Mapped[datetime] = mapped_column(AwareDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(AwareDateTime)


class NotedPurchase(Base):
    """A purchase that a buyer noted, so that its suppliers turn. `owner` says whose notes they are
    (annuaire.sourcing.owners); `amount_eur` is in € HT."""

    __tablename__ = "noted_purchase"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    title: Mapped[str]
    on: Mapped[date]
    amount_eur: Mapped[float | None]
    request_id: Mapped[int | None] = mapped_column(
        ForeignKey("sourcing_request.id", ondelete="SET NULL"), index=True
    )
    noted_at: Mapped[datetime] = mapped_column(AwareDateTime)
