"""The log of acts, read: by person, object and day, page by page or whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from annuaire.accounts.audit import AuditEntry
from annuaire.accounts.models import User
from annuaire.errors import InvalidInputError
from annuaire.mail.letters import address_key
from annuaire.sql import typed_number
from annuaire.wording import PARIS

PER_PAGE = 50
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the log is wanted; `person_id` is 0 for somebody whom no account is."""

    person_id: int | None = None
    kind: str = ""
    object_id: str = ""
    since: date | None = None
    until: date | None = None


def read(session: Session, given: Mapping[str, str]) -> Asked:
    """The filters of an address: `personne` (e-mail or number), `objet`, `numero`, `du`, `au`.
    Raises InvalidInputError."""
    person = given.get("personne", "").strip()
    return Asked(
        _person(session, person) if person else None,
        given.get("objet", "").strip()[:60],
        given.get("numero", "").strip()[:60],
        _day(given.get("du", ""), "du"),
        _day(given.get("au", ""), "au"),
    )


def _person(session: Session, text: str) -> int:
    if text.isascii() and text.isdigit():
        return typed_number(text)
    return session.scalar(select(User.id).where(User.email == address_key(text[:254]))) or 0


def _day(text: str, field: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInputError("Écrivez la date ainsi : 2026-03-31.", field) from error


def entries(asked: Asked) -> Select[AuditEntry]:
    """The acts asked for, the newest first."""
    found = select(AuditEntry).order_by(AuditEntry.id.desc())
    if asked.person_id is not None:
        found = found.where(AuditEntry.actor_id == asked.person_id)
    if asked.kind:
        found = found.where(AuditEntry.object_kind == asked.kind)
    if asked.object_id:
        found = found.where(AuditEntry.object_id == asked.object_id)
    if asked.since:
        found = found.where(AuditEntry.at >= _midnight(asked.since))
    if asked.until and asked.until < date.max:
        found = found.where(AuditEntry.at < _midnight(asked.until + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)


def every(session: Session, asked: Asked) -> Iterator[AuditEntry]:
    """The acts asked for, one after the other, read by batches: none is kept."""
    last: int | None = None
    while True:
        page = entries(asked) if last is None else entries(asked).where(AuditEntry.id < last)
        batch = session.scalars(page.limit(BATCH)).all()
        if not batch:
            return
        yield from batch
        last = batch[-1].id
        session.expunge_all()


def names(session: Session, ids: set[int]) -> dict[int, str]:
    """The names of the accounts that are left, by number."""
    found: dict[int, str] = {}
    found.update(session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())
    return found
