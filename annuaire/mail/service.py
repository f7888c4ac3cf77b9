"""What other rooms ask of the mails: to queue letters, to tell or forget what a person was sent."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final, cast

from sqlalchemy import CursorResult, Select, delete, func, or_, update
from sqlalchemy.orm import Session

from annuaire.db import insert_for
from annuaire.mail import queries
from annuaire.mail.keeping import ERASED
from annuaire.mail.letters import (
    AWAITED,
    MAX_KEY,
    Letter,
    address_key,
    one_line,
    usable_address,
    usable_link,
)
from annuaire.mail.models import MailLetter, MailReport, MailSuspension

BATCH: Final = 200  # letters in a statement
#: What a page answers to who gives an address to which nothing is sent any more.
SUSPENDED: Final = (
    "Cette adresse ne reçoit plus nos courriels (ils sont revenus, ou ont été signalés) : "
    "donnez-en une autre."
)


def queue(session: Session, letter: Letter) -> bool:
    """Have a letter sent once the caller's transaction is committed; False when its `once` is known
    already, or when its address is suspended. Raises InvalidInputError for an unusable address."""
    return bool(queue_all(session, [letter]))


def queue_all(session: Session, letters: Iterable[Letter]) -> int:
    """Have letters sent once the caller's transaction is committed; returns how many were taken.

    Those whose `once` is known, or whose address is suspended, are passed over. Raises
    InvalidInputError for an unusable address.
    """
    now = datetime.now(UTC)
    return sum(_insert(session, batch, now) for batch in _batches(letters))


def export_of(session: Session, email: str) -> dict[str, Any]:
    """What is kept of a person: the letters written to their address, what came back of them, and
    whether nothing is sent there."""
    address = address_key(email)
    return {
        "letters": _rows(session, queries.letters_to(address)),
        "reports": _rows(session, queries.reports_of(address)),
        "suspensions": _rows(session, queries.suspensions_of(address)),
    }


def erase(session: Session, email: str) -> int:
    """Forget a person, in the caller's transaction: letters to them, or from them to others, that
    wait are dropped, all lose address and text. Returns how many rows changed or went."""
    address = address_key(email)
    theirs = or_(MailLetter.address == address, func.lower(MailLetter.reply_to) == address)
    waiting = update(MailLetter).where(theirs, MailLetter.state == "waiting")
    session.execute(waiting.values(state="dropped", ended_at=datetime.now(UTC)))
    return sum(
        cast(CursorResult[Any], session.execute(statement)).rowcount
        for statement in (
            update(MailLetter).where(theirs).values(ERASED),
            delete(MailReport).where(MailReport.address == address),
            delete(MailSuspension).where(MailSuspension.address == address),
        )
    )


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(statement).mappings()]


def _insert(session: Session, batch: Sequence[Letter], now: datetime) -> int:
    rows = [_row(letter, now) for letter in batch]
    suspended = set(session.scalars(queries.suspended_among(row["address"] for row in rows)))
    wanted = [row for row in rows if row["address"] not in suspended]
    if not wanted:
        return 0
    # The rows apart from the statement: written in it, they take several times as long.
    table = MailLetter.__table__
    statement = insert_for(session, table).on_conflict_do_nothing().returning(table.c.id)
    return len(session.execute(statement, wanted).all())


def _row(letter: Letter, now: datetime) -> dict[str, Any]:
    recipient = usable_address(letter.to)
    return {
        "once": _key(letter.once),
        "message_id": uuid.uuid4().hex,
        "purpose": letter.purpose,
        "rank": 0 if letter.purpose in AWAITED else 1,
        "address": address_key(recipient),
        "recipient": recipient,
        "subject": one_line(letter.subject),
        "text": _storable(letter.text),
        "html": _storable(letter.html),
        "reply_to": usable_address(letter.reply_to) if letter.reply_to else None,
        "unsubscribe": usable_link(letter.unsubscribe) if letter.unsubscribe else None,
        "state": "waiting",
        "queued_at": now,
        "due_at": letter.not_before or now,
        "attempts": 0,
        "doubts": 0,
    }


def _key(once: str) -> str:
    """A key as it is kept, for ever: what holds an address is kept as its digest."""
    if not once or len(once) > MAX_KEY:
        raise ValueError(f"a letter's key has 1 to {MAX_KEY} characters: {once[:40]!r}")
    return hashlib.sha256(once.encode()).hexdigest() if "@" in once else once


def _storable(text: str) -> str:
    """A text without what neither a database nor a mail holds: NUL, halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _batches(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    waiting = iter(letters)
    while batch := list(islice(waiting, BATCH)):
        yield batch
