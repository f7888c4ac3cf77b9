"""What requests ask of the database."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from annuaire.mail.models import MailLetter
from annuaire.sourcing.models import (
    AskedStructure,
    NotedPurchase,
    SourcingEvent,
    SourcingRequest,
    SourcingStop,
)
from annuaire.sql import among
from annuaire.structures.models import Structure, StructureAlias


def stops_among(structure_ids: Sequence[int], addresses: Sequence[str]) -> Select[int, str | None]:
    """The stops in force of these structures or of these addresses."""
    return (
        select(SourcingStop.structure_id, SourcingStop.address)
        .where(
            SourcingStop.lifted_at.is_(None),
            or_(
                among(SourcingStop.structure_id, structure_ids),
                among(SourcingStop.address, addresses),
            ),
        )
        .order_by(SourcingStop.id)
    )


def asked_since(structure_ids: Sequence[int], since: datetime) -> Select[int, int]:
    """How often each of these structures was written to since a moment."""
    return (
        select(AskedStructure.structure_id, func.count())
        .where(among(AskedStructure.structure_id, structure_ids), AskedStructure.asked_at > since)
        .group_by(AskedStructure.structure_id)
        .order_by(AskedStructure.structure_id)
    )


def asked_from(sender_key: str, structure_ids: Sequence[int], since: datetime) -> Select[int, int]:
    """How often an address wrote to each of these structures since a moment."""
    wanted = asked_since(structure_ids, since).join(
        SourcingRequest, SourcingRequest.id == AskedStructure.request_id
    )
    return wanted.where(SourcingRequest.sender_key == sender_key)


def drafts_of(sender_key: str) -> Select[int]:
    """How many requests of an address wait for its confirmation."""
    return select(func.count()).where(
        SourcingRequest.sender_key == sender_key, SourcingRequest.state == "draft"
    )


def confirmed_since(sender_key: str, since: datetime) -> Select[int]:
    """How many requests an address has sent since a moment."""
    return select(func.count()).where(
        SourcingRequest.sender_key == sender_key, SourcingRequest.confirmed_at > since
    )


def request_by_id(request_id: int) -> Select[SourcingRequest]:
    """A request with the structures that it asks."""
    return (
        select(SourcingRequest)
        .where(SourcingRequest.id == request_id)
        .options(selectinload(SourcingRequest.asked))
    )


def requests_of(sender_key: str) -> Select[SourcingRequest]:
    """The requests that an address sent, the newest first."""
    return (
        select(SourcingRequest)
        .where(SourcingRequest.sender_key == sender_key, SourcingRequest.state != "draft")
        .options(selectinload(SourcingRequest.asked))
        .order_by(SourcingRequest.confirmed_at.desc(), SourcingRequest.id.desc())
    )


def events_of(request_id: int) -> Select[*tuple[Any, ...]]:
    """What happened of a request, in its order, each with the structure that it is about."""
    return (
        select(
            SourcingEvent.at,
            SourcingEvent.kind,
            SourcingEvent.answer,
            SourcingEvent.message,
            AskedStructure.name,
            AskedStructure.unasked,
        )
        .outerjoin(AskedStructure, AskedStructure.id == SourcingEvent.asked_id)
        .where(SourcingEvent.request_id == request_id)
        .order_by(SourcingEvent.at, SourcingEvent.id)
    )


def changes_of(asked_id: int) -> Select[int]:
    """How often a structure answered a request."""
    return select(func.count()).where(
        SourcingEvent.asked_id == asked_id, SourcingEvent.kind == "answered"
    )


def letters_of(keys: Sequence[str]) -> Select[str, str]:
    """The letters of these keys (`once`), each with its state."""
    return (
        select(MailLetter.once, MailLetter.state)
        .where(among(MailLetter.once, keys))
        .order_by(MailLetter.id)
    )


def open_requests(deadline: date) -> Select[SourcingRequest]:
    """The open requests whose last day is that one or before, without structures."""
    return (
        select(SourcingRequest)
        .where(SourcingRequest.state == "open", SourcingRequest.deadline <= deadline)
        .order_by(SourcingRequest.id)
    )


def asked_by(sender_keys: Sequence[str], since: datetime) -> Select[*tuple[Any, ...]]:
    """What these addresses asked of structures since a moment: subject, moment, and the structure's
    present key, of one that was joined to another, this other's."""
    then = aliased(Structure)
    leads = func.coalesce(StructureAlias.structure_id, AskedStructure.structure_id)
    return (
        select(SourcingRequest.subject, AskedStructure.asked_at, Structure.key)
        .join(SourcingRequest, SourcingRequest.id == AskedStructure.request_id)
        .join(then, then.id == AskedStructure.structure_id)
        .outerjoin(StructureAlias, StructureAlias.key == then.key)
        .join(Structure, Structure.id == leads)
        .where(among(SourcingRequest.sender_key, sender_keys), AskedStructure.asked_at > since)
        .order_by(AskedStructure.asked_at.desc(), AskedStructure.id)
    )


def purchases_of(owners: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """What a buyer noted, the newest first, with the structure's present key and names: of one that
    was joined to another, this other's."""
    then = aliased(Structure)
    leads = func.coalesce(StructureAlias.structure_id, NotedPurchase.structure_id)
    return (
        select(
            NotedPurchase.id,
            NotedPurchase.title,
            NotedPurchase.on,
            NotedPurchase.amount_eur,
            Structure.key,
            Structure.name,
            Structure.brand,
        )
        .join(then, then.id == NotedPurchase.structure_id)
        .outerjoin(StructureAlias, StructureAlias.key == then.key)
        .join(Structure, Structure.id == leads)
        .where(among(NotedPurchase.owner, owners))
        .order_by(NotedPurchase.on.desc(), NotedPurchase.id.desc())
    )


def asked_at(address: str) -> Select[int]:
    """The numbers of what was asked at an address."""
    return select(AskedStructure.id).where(AskedStructure.address == address)


def received_by(structure_ids: Sequence[int]) -> Select[AskedStructure, SourcingRequest, int]:
    """The requests that were mailed to some structures, or to those joined to them, the newest
    first, each with the structure that it is of today."""
    led = func.coalesce(StructureAlias.structure_id, AskedStructure.structure_id)
    return (
        select(AskedStructure, SourcingRequest, led)
        .join(SourcingRequest, SourcingRequest.id == AskedStructure.request_id)
        .join(Structure, Structure.id == AskedStructure.structure_id)
        .outerjoin(StructureAlias, StructureAlias.key == Structure.key)
        .where(among(led, structure_ids), AskedStructure.asked_at.is_not(None))
        .order_by(AskedStructure.id.desc())
    )
