"""What other rooms ask of the mails: to queue letters, to tell or forget what a person was sent."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final, cast

from sqlalchemy import CursorResult
from sqlalchemy.orm import Session

from annuaire.db import insert_for
from annuaire.mail import queries
from annuaire.mail.letters import (
    AWAITED,
    MAX_KEY,
    Letter,
    address_key,
    one_line,
    usable_address,
    usable_link,
)
from annuaire.mail.models import MailLetter

BATCH: Final = 200  # letters in a statement


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


def _insert(session: Session, batch: Sequence[Letter], now: datetime) -> int:
    rows = [_row(letter, now) for letter in batch]
    suspended = set(session.scalars(queries.suspended_among(row["address"] for row in rows)))
    wanted = [row for row in rows if row["address"] not in suspended]
    if not wanted:
        return 0
    # The rows apart from the statement: written in it, they take five times as long.
    statement = insert_for(session, MailLetter.__table__).on_conflict_do_nothing()
    return cast(CursorResult[Any], session.execute(statement, wanted)).rowcount


def _row(letter: Letter, now: datetime) -> dict[str, Any]:
    if not letter.once or len(letter.once) > MAX_KEY:
        raise ValueError(f"a letter's key has 1 to {MAX_KEY} characters: {letter.once[:40]!r}")
    recipient = usable_address(letter.to)
    return {
        "once": letter.once,
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


def _storable(text: str) -> str:
    """A text without what neither a database nor a mail holds: NUL, halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _batches(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    waiting = iter(letters)
    while batch := list(islice(waiting, BATCH)):
        yield batch
