"""What moderators do with the consultations that buyers published: take one away, put it back.

A consultation that its buyer withdraws stands as cancelled; one that a moderator takes away has no
page any more, for what it says may be what is wrong with it. Its form is kept.
"""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from annuaire.consultations.models import WrittenConsultation
from annuaire.consultations.service import (
    DRAFT,
    PLATFORM,
    PUBLISHED,
    REMOVED,
    WITHDRAWN,
    WrongContentError,
    body_kept,
    key_of,
)
from annuaire.contracts.facts import PUSHED
from annuaire.contracts.models import Notice
from annuaire.contracts.publishing import take_away
from annuaire.db import take_turn
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.platforms.consultations import push
from annuaire.sql import numbered

STANDING = (PUBLISHED, WITHDRAWN)


def published() -> Select[WrittenConsultation]:
    """The consultations that are published, in no order."""
    return select(WrittenConsultation).where(WrittenConsultation.state == PUBLISHED)


def shown(session: Session, number: int) -> WrittenConsultation:
    """A consultation that is or was published. Raises NotFoundError: a draft is its buyers'."""
    row = numbered(session, WrittenConsultation, number)
    if row is None or row.state == DRAFT:
        raise NotFoundError("Cette consultation n’a pas été publiée.")
    return row


def remove(session: Session, number: int, now: datetime) -> str:
    """Take a consultation off the site, in the caller's transaction; returns the state that it
    had. Raises NotFoundError, and InvalidInputError when it is taken away already."""
    take_turn(session)
    row = shown(session, number)
    before = row.state
    if before not in STANDING:
        raise InvalidInputError("Cette consultation est déjà retirée.")
    wanted = select(Notice.id).where(Notice.source == PUSHED, Notice.source_key == key_of(row))
    notice = session.scalar(wanted)
    row.state, row.updated_at = REMOVED, now
    session.flush()
    if notice is not None:
        take_away(session, notice)
    return before


def restore(session: Session, number: int, state: str, now: datetime) -> None:
    """Put a consultation back as it stood (`state`), in the caller's transaction. Raises
    NotFoundError, and InvalidInputError when it is not taken away."""
    take_turn(session)
    row = shown(session, number)
    if row.state != REMOVED:
        raise InvalidInputError("Cette consultation n’est pas retirée.")
    row.state, row.updated_at = state, now
    session.flush()
    try:
        body = body_kept(row, state, now)
    except WrongContentError as error:
        raise InvalidInputError(
            "Cette consultation ne répond plus à ce que le formulaire demande : son acheteur doit "
            "en écrire une nouvelle."
        ) from error
    push(session, PLATFORM, body, now, replace=True)
