"""What is kept of a person, by their address: told to them, and erased at their demand."""

from typing import Any, cast

from sqlalchemy import CursorResult, delete, exists, select, update
from sqlalchemy.orm import Session, aliased, selectinload

from annuaire.mail.letters import address_key
from annuaire.matching.kept_contests import contests_of
from annuaire.matching.models import BuyerContest
from annuaire.sourcing import queries
from annuaire.sourcing.models import (
    AskedStructure,
    NotedPurchase,
    SourcingEvent,
    SourcingRequest,
    SourcingStop,
)
from annuaire.sourcing.owners import owner_of_address
from annuaire.sourcing.purchases import purchases_of


def export_of(session: Session, email: str) -> dict[str, Any]:
    """All that is kept of an address: the requests that it sent, those that it received with its
    answers, its stops, the purchases that it noted, what it said against suggestions. Empty when
    there is nothing."""
    return {name: rows for name, rows in _kept(session, email).items() if rows}


def _kept(session: Session, email: str) -> dict[str, list[dict[str, Any]]]:
    key = address_key(email)
    received = session.scalars(
        select(AskedStructure).where(AskedStructure.address == key).order_by(AskedStructure.id)
    )
    stops = session.scalars(
        select(SourcingStop).where(SourcingStop.address == key).order_by(SourcingStop.id)
    )
    return {
        "requests": [
            {
                "subject": request.subject,
                "text": request.text,
                "documents": request.documents,
                "name": request.sender_name,
                "organisation": request.sender_organisation,
                "deadline": request.deadline.isoformat(),
                "written_at": request.created_at.isoformat(),
                "structures": [asked.name for asked in request.asked],
            }
            for request in session.scalars(
                select(SourcingRequest)
                .where(SourcingRequest.sender_key == key)
                .options(selectinload(SourcingRequest.asked))
                .order_by(SourcingRequest.id)
            )
        ],
        "received": [
            {
                "structure": asked.name,
                "asked_at": asked.asked_at.isoformat() if asked.asked_at else None,
                "answer": asked.answer,
                "message": asked.message,
                "contact": asked.contact,
            }
            for asked in received
        ],
        "stops": [{"since": stop.since.isoformat()} for stop in stops],
        "purchases": [
            {
                "structure": each.name,
                "title": each.title,
                "on": each.on.isoformat(),
                "amount_eur": each.amount_eur,
            }
            for each in purchases_of(session, [owner_of_address(email)])
        ],
        "contests": [
            {"structure": each.key, "reason": each.reason, "on": each.on.isoformat()}
            for each in contests_of(session, owner_of_address(email))
        ],
    }


def move(session: Session, before: str, after: str) -> None:
    """Have the requests and notes of an address stand under another, in the caller's transaction.
    What structures received at an address stays: it is theirs, and so are their stops."""
    old, new, other = owner_of_address(before), owner_of_address(after), aliased(BuyerContest)
    twice = exists().where(
        other.owner == new, other.key == BuyerContest.key, other.reason == BuyerContest.reason
    )
    for statement in (
        update(SourcingRequest)
        .where(SourcingRequest.sender_key == address_key(before))
        .values(sender_key=address_key(after), sender_email=after),
        update(NotedPurchase).where(NotedPurchase.owner == old).values(owner=new),
        delete(BuyerContest).where(BuyerContest.owner == old, twice),
        update(BuyerContest).where(BuyerContest.owner == old).values(owner=new),
    ):
        session.execute(statement)


def erase(session: Session, email: str) -> int:
    """Erase what is kept of an address, in the caller's transaction; returns how many rows.

    Its requests and notes go whole; of the requests that it received, the structure and its answer
    stay in the buyer's records without address, message or contact. A stop goes on for its
    structure.
    """
    key = address_key(email)
    answered = queries.asked_at(key)
    return sum(
        cast(CursorResult[Any], session.execute(statement)).rowcount
        for statement in (
            delete(SourcingRequest).where(SourcingRequest.sender_key == key),
            delete(BuyerContest).where(BuyerContest.owner == owner_of_address(email)),
            delete(NotedPurchase).where(NotedPurchase.owner == owner_of_address(email)),
            update(SourcingEvent)
            .where(SourcingEvent.asked_id.in_(answered), SourcingEvent.message.is_not(None))
            .values(message=None),
            update(SourcingStop).where(SourcingStop.address == key).values(address=None),
            update(AskedStructure)
            .where(AskedStructure.address == key)
            .values(email=None, address=None, message=None, contact=None),
        )
    )
