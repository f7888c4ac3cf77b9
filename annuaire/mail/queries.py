"""What the mails ask of the database."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from annuaire.mail.models import MailLetter, MailReport, MailSuspension
from annuaire.sql import among


def suspended_among(addresses: Iterable[str]) -> Select[str]:
    """Which of these addresses (as `address_key` writes them) nothing is sent to."""
    return (
        select(MailSuspension.address)
        .where(among(MailSuspension.address, addresses), MailSuspension.lifted_at.is_(None))
        .order_by(MailSuspension.id)
    )


def due(now: datetime, limit: int) -> Select[int, str | None, datetime | None]:
    """Letters to be sent now that no living sender holds, those awaited first: id, address, and
    when a lost sender handed them."""
    free = or_(MailLetter.worker.is_(None), MailLetter.held_until < now)
    return (
        select(MailLetter.id, MailLetter.address, MailLetter.handed_at)
        .where(MailLetter.state == "waiting", MailLetter.due_at <= now, free)
        .order_by(MailLetter.rank, MailLetter.due_at, MailLetter.id)
        .limit(limit)
    )


def letters_held(ids: Iterable[int]) -> Select[*tuple[Any, ...]]:
    """All of some letters, in their order of leaving, but for those erased meanwhile."""
    return (
        select(
            MailLetter.id,
            MailLetter.message_id,
            MailLetter.rank,
            MailLetter.address,
            MailLetter.recipient,
            MailLetter.subject,
            MailLetter.text,
            MailLetter.html,
            MailLetter.reply_to,
            MailLetter.unsubscribe,
            MailLetter.attempts,
            MailLetter.doubts,
        )
        .where(among(MailLetter.id, ids), MailLetter.state == "waiting")
        .order_by(MailLetter.rank, MailLetter.due_at, MailLetter.id)
    )


def failures_since(address: str, since: datetime) -> Select[int]:
    """How many temporary failures of an address were read after a moment."""
    return select(func.count()).where(
        MailReport.address == address, MailReport.kind == "soft", MailReport.read_at > since
    )


def last_lifting(address: str) -> Select[datetime | None]:
    """When a suspension of the address was last lifted."""
    return select(func.max(MailSuspension.lifted_at)).where(MailSuspension.address == address)


def letters_by_state() -> Select[str, int, int]:
    """How many letters are in each state, and how many answers were lost."""
    return select(MailLetter.state, func.count(), func.sum(MailLetter.doubts)).group_by(
        MailLetter.state
    )


def waiting_by_purpose() -> Select[str, int]:
    """How many letters wait, by purpose."""
    return (
        select(MailLetter.purpose, func.count().label("letters"))
        .where(MailLetter.state == "waiting")
        .group_by(MailLetter.purpose)
    )


def queue(now: datetime) -> Select[int, datetime | None]:
    """How many letters should have left, and since when the oldest should have: one that a mailbox
    delays is not due until its next attempt."""
    return select(func.count(), func.min(MailLetter.due_at)).where(
        MailLetter.state == "waiting", MailLetter.due_at <= now
    )


def trouble() -> Select[str | None]:
    """What stood in the way of the oldest letter that waits and met something."""
    return (
        select(MailLetter.answer)
        .where(MailLetter.state == "waiting", MailLetter.answer.is_not(None))
        .order_by(MailLetter.id)
        .limit(1)
    )


def refusals(limit: int) -> Select[*tuple[Any, ...]]:
    """The letters refused last: id, purpose, when, answer."""
    return (
        select(MailLetter.id, MailLetter.purpose, MailLetter.ended_at, MailLetter.answer)
        .where(MailLetter.state == "refused")
        .order_by(MailLetter.ended_at.desc(), MailLetter.id.desc())
        .limit(limit)
    )


def suspended(limit: int) -> Select[*tuple[Any, ...]]:
    """The addresses suspended last: address, reason, detail, since when."""
    return (
        select(
            MailSuspension.address,
            MailSuspension.reason,
            MailSuspension.detail,
            MailSuspension.since,
        )
        .where(MailSuspension.lifted_at.is_(None))
        .order_by(MailSuspension.since.desc(), MailSuspension.id.desc())
        .limit(limit)
    )


def suspended_count() -> Select[int]:
    """How many addresses nothing is sent to."""
    return select(func.count()).where(MailSuspension.lifted_at.is_(None))


def waiting_letters(limit: int) -> Select[*tuple[Any, ...]]:
    """The letters that wait, in their order of leaving: recipient, subject, text."""
    return (
        select(MailLetter.recipient, MailLetter.subject, MailLetter.text)
        .where(MailLetter.state == "waiting")
        .order_by(MailLetter.rank, MailLetter.due_at, MailLetter.id)
        .limit(limit)
    )


def letters_to(address: str) -> Select[*tuple[Any, ...]]:
    """The letters written to an address that are still kept, as their reader may see them."""
    return (
        select(
            MailLetter.purpose,
            MailLetter.recipient,
            MailLetter.subject,
            MailLetter.text,
            MailLetter.state,
            MailLetter.queued_at,
            MailLetter.ended_at,
        )
        .where(MailLetter.address == address)
        .order_by(MailLetter.id)
    )


def reports_of(address: str) -> Select[*tuple[Any, ...]]:
    """What came back of the letters to an address."""
    return (
        select(MailReport.kind, MailReport.status, MailReport.detail, MailReport.read_at)
        .where(MailReport.address == address)
        .order_by(MailReport.id)
    )


def suspensions_of(address: str) -> Select[*tuple[Any, ...]]:
    """When and why nothing was sent to an address."""
    return (
        select(
            MailSuspension.reason,
            MailSuspension.detail,
            MailSuspension.since,
            MailSuspension.lifted_at,
        )
        .where(MailSuspension.address == address)
        .order_by(MailSuspension.id)
    )


def letters_sent(message_ids: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """The letters of some identifiers whose address is still known: id, identifier, address."""
    return (
        select(MailLetter.id, MailLetter.message_id, MailLetter.address)
        .where(among(MailLetter.message_id, message_ids), MailLetter.address.is_not(None))
        .order_by(MailLetter.id)
    )
