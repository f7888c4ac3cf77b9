"""How long letters are kept, and refused ones given another chance."""

from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.mail.models import MailLetter, MailReport, MailSuspension

#: Reports of non-delivery and complaints come within days of a letter; who asks what became of one
#: does so within weeks. Past that, who wrote to whom is nobody's business.
KEPT: Final = timedelta(days=30)
#: What came back of an address counts for thirty days (suspending.WINDOW).
REPORTS_KEPT: Final = timedelta(days=90)
ERASED: Final = {
    "address": None,
    "recipient": None,
    "subject": None,
    "text": None,
    "html": None,
    "reply_to": None,
    "unsubscribe": None,
    "answer": None,  # servers repeat the address in what they answer
}


def purge(session: Session, now: datetime) -> int:
    """Erase address and text of the letters whose outcome is older than KEPT, old reports, and
    suspensions long lifted; returns how many letters were erased. Keys and counts stay: a letter
    is never sent twice."""
    old = MailLetter.ended_at < now - KEPT
    with writing(session):
        erased = session.execute(
            update(MailLetter)
            .where(MailLetter.state != "waiting", old, MailLetter.address.is_not(None))
            .values(ERASED)
        )
        session.execute(delete(MailReport).where(MailReport.read_at < now - REPORTS_KEPT))
        session.execute(delete(MailSuspension).where(MailSuspension.lifted_at < now - REPORTS_KEPT))
    return cast(CursorResult[Any], erased).rowcount


def retry(session: Session, now: datetime, purpose: str | None = None) -> int:
    """Have refused letters sent again, in the caller's transaction, unless they were erased:
    what stood in the way (a server badly set, a mailbox that was full) is gone."""
    refused = [MailLetter.state == "refused", MailLetter.text.is_not(None)]
    if purpose is not None:
        refused.append(MailLetter.purpose == purpose)
    again = session.execute(
        update(MailLetter)
        .where(*refused)
        .values(state="waiting", due_at=now, attempts=0, ended_at=None)
    )
    return cast(CursorResult[Any], again).rowcount
