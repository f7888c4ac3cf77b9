"""What a structure does with a request, without an account: answer it, change its answer, ask for
no more requests, and take that back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session, joinedload

from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.mail.service import queue
from annuaire.sourcing import letters, queries, rules
from annuaire.sourcing.links import Links
from annuaire.sourcing.models import (
    AskedStructure,
    SourcingEvent,
    SourcingRequest,
    SourcingStop,
)
from annuaire.sourcing.service import GONE, held
from annuaire.sourcing.typed import lines, one_line
from annuaire.sourcing.wording import ANSWERS
from annuaire.sql import possible
from annuaire.structures.models import Structure

MAX_MESSAGE: Final = 1_000
MAX_CONTACT: Final = 200
TOO_LATE: Final = "Le dernier jour pour répondre est passé : écrivez directement à l'acheteur."


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was typed."""

    answer: str
    message: str = ""
    contact: str = ""


def asked_by_id(session: Session, asked_id: int) -> AskedStructure:
    """A structure that was written to, with its request. Raises NotFoundError."""
    found = (
        session.scalar(
            select(AskedStructure)
            .where(AskedStructure.id == asked_id, AskedStructure.asked_at.is_not(None))
            .options(joinedload(AskedStructure.request))
        )
        if possible(asked_id)
        else None
    )
    if found is None:
        raise NotFoundError(GONE)
    return found


def may_answer(asked: AskedStructure, now: datetime) -> bool:
    """Whether the request still takes answers."""
    request = asked.request
    return request.state == "open" and not rules.is_over(request.deadline, now)


def answer(session: Session, asked_id: int, given: Given, links: Links, now: datetime) -> bool:
    """Keep an answer, in the caller's transaction; its buyer is told when it differs from the
    former. Returns whether it changed anything.

    Raises NotFoundError, and InvalidInputError when it is too late, too long, no answer at all, or
    was changed too often.
    """
    asked = asked_by_id(session, asked_id)
    held(session, asked.request_id)
    if not may_answer(asked, now):
        raise InvalidInputError(TOO_LATE)
    if given.answer not in ANSWERS:
        raise InvalidInputError("Choisissez votre réponse.", "reponse")
    message = lines(given.message) or None
    contact = one_line(given.contact) or None
    if len(message or "") > MAX_MESSAGE:
        raise InvalidInputError("Message trop long : 1 000 signes au plus.", "message")
    if len(contact or "") > MAX_CONTACT:
        raise InvalidInputError("Contact trop long : 200 signes au plus.", "contact")
    if (given.answer, message, contact) == (asked.answer, asked.message, asked.contact):
        return False
    if (session.scalar(queries.changes_of(asked.id)) or 0) >= rules.CHANGES:
        raise InvalidInputError(
            "Votre réponse a changé trop souvent : écrivez directement à l'acheteur."
        )
    news = given.answer != asked.answer
    asked.answer, asked.message, asked.contact = given.answer, message, contact
    asked.answered_at = now
    event = SourcingEvent(
        request_id=asked.request_id,
        asked_id=asked.id,
        kind="answered",
        at=now,
        answer=given.answer,
        message=message,
    )
    session.add(event)
    session.flush()
    if news:
        queue(session, letters.answered(asked, links, str(event.id)))
    return True


def is_stopped(session: Session, structure_id: int, address: str) -> bool:
    """Whether a structure, or another at its address, wants no more requests."""
    return bool(session.execute(queries.stops_among([structure_id], [address])).all())


def stop(session: Session, structure_id: int, address: str, now: datetime) -> None:
    """Write no more to a structure, nor to another at its address, in the caller's transaction;
    asked twice, it is one stop."""
    if session.get(Structure, structure_id) is None:
        raise NotFoundError("Cette structure n'est plus dans l'annuaire : rien ne lui est envoyé.")
    if is_stopped(session, structure_id, address):
        return
    session.add(SourcingStop(structure_id=structure_id, address=address, since=now))
    _tell(session, structure_id, address, "stopped", now)


def _tell(session: Session, structure_id: int, address: str, kind: str, now: datetime) -> None:
    """Write it in the journals of the open requests that it is about."""
    for asked in session.scalars(_open_for(structure_id, address)).all():
        session.add(
            SourcingEvent(request_id=asked.request_id, asked_id=asked.id, kind=kind, at=now)
        )


def _open_for(structure_id: int, address: str) -> Select[AskedStructure]:
    return (
        select(AskedStructure)
        .join(SourcingRequest)
        .where(
            SourcingRequest.state == "open",
            AskedStructure.asked_at.is_not(None),
            or_(AskedStructure.structure_id == structure_id, AskedStructure.address == address),
        )
        .order_by(AskedStructure.id)
    )


def resume(session: Session, structure_id: int, address: str, now: datetime) -> None:
    """Take back the stops of a structure and of its address, in the caller's transaction."""
    lifted = session.scalars(
        update(SourcingStop)
        .where(
            SourcingStop.lifted_at.is_(None),
            or_(SourcingStop.structure_id == structure_id, SourcingStop.address == address),
        )
        .values(lifted_at=now)
        .returning(SourcingStop.id)
    ).all()
    if lifted:
        _tell(session, structure_id, address, "resumed", now)
