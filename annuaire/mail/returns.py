"""Reports of non-delivery and complaints, brought together with the letters they speak of."""

import mailbox
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from annuaire.db import reading, writing
from annuaire.mail import queries
from annuaire.mail.models import MailLetter
from annuaire.mail.reports import MAX_SIZE, Report, read_report
from annuaire.mail.suspending import note_failure


@dataclass(slots=True)
class Returned:
    """What was read: `mails`, of which `ignored` are no report of failure, and `unknown` quote no
    letter of ours (or one long erased). The others failed for good (`hard`), for now (`soft`), are
    a `complaint`, or tell nothing of the address (`other`). `suspended`: addresses that are now."""

    mails: int = 0
    ignored: int = 0
    unknown: int = 0
    hard: int = 0
    soft: int = 0
    complaint: int = 0
    other: int = 0
    suspended: int = 0


def note_returns(session: Session, mails: Iterable[bytes], now: datetime) -> Returned:
    """Read what came back, each report counted once however often it is read."""
    counts = Returned()
    for content in mails:
        counts.mails += 1
        report = read_report(content)
        letter = _letter(session, report) if report else None
        if report is None:
            counts.ignored += 1
        elif letter is None:
            counts.unknown += 1
        else:
            name = report.kind or "other"
            setattr(counts, name, getattr(counts, name) + 1)
            counts.suspended += _note(session, letter, report, now)
    return counts


def _letter(session: Session, report: Report) -> Any:
    found = reading(session).execute(queries.letters_sent(report.message_ids)).first()
    session.rollback()
    return found


def _note(session: Session, letter: Any, report: Report, now: datetime) -> bool:
    """Keep a report; says whether it suspended its address."""
    with writing(session):
        session.execute(
            update(MailLetter)
            .where(MailLetter.id == letter.id)
            .values(answer=f"Retour : {report.detail}")
        )
        if report.kind is None:
            return False
        reason = note_failure(
            session, letter.address, report.kind, report.status, report.detail,
            letter.message_id, now,
        )  # fmt: skip
    return reason is not None


def mails_of(path: str) -> Iterator[bytes]:
    """The mails of a file (one, or an mbox), of a Maildir, or of standard input (« - »), one after
    the other. Raises OSError."""
    if path == "-":
        yield sys.stdin.buffer.read(MAX_SIZE + 1)
        return
    place = Path(path)
    if place.is_dir():
        maildir = mailbox.Maildir(place, create=False)
        for key in maildir.iterkeys():
            yield maildir.get_bytes(key)
        return
    with place.open("rb") as file:
        start = file.read(5)
        if start != b"From ":
            yield start + file.read(MAX_SIZE)
            return
    box = mailbox.mbox(place, create=False)
    try:
        for key in box.iterkeys():
            yield box.get_bytes(key)
    finally:
        box.close()
