"""What time brings: reminders, the end of requests, the erasing of what was kept long enough."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from annuaire.db import reading, writing
from annuaire.errors import NotFoundError
from annuaire.sourcing import queries, rules
from annuaire.sourcing.links import Links
from annuaire.sourcing.models import NotedPurchase, SourcingRequest
from annuaire.sourcing.service import close, held, remind, silent_of
from annuaire.wording import PARIS


@dataclass(frozen=True, slots=True)
class Done:
    """What a turn did, counted."""

    reminded: int = 0
    closed: int = 0
    erased: int = 0


def run_once(session: Session, links: Links, now: datetime) -> Done:
    """One turn: each request in a transaction of its own, so that one stopped anywhere loses
    nothing and does nothing twice."""
    return Done(
        reminded=_each(session, _due(session, now), lambda id_: _remind(session, id_, links, now)),
        closed=_each(session, _over(session, now), lambda id_: _close(session, id_, links, now)),
        erased=_purge(session, now),
    )


def _each(session: Session, ids: list[int], work: Callable[[int], int]) -> int:
    done = 0
    for id_ in ids:
        # One that its buyer erased meanwhile needs nothing, and stops nothing.
        with suppress(NotFoundError), writing(session):
            done += work(id_)
    return done


def _open(session: Session, now: datetime, days: int) -> list[SourcingRequest]:
    session.rollback()
    day = now.astimezone(PARIS).date() + timedelta(days=days)
    return list(reading(session).scalars(queries.open_requests(day)))


def _due(session: Session, now: datetime) -> list[int]:
    """The requests whose reminder is due."""
    return [
        request.id
        for request in _open(session, now, rules.REMIND_DAYS)
        if request.reminded_at is None
        and now >= rules.reminds_from(request.deadline)
        and not rules.is_over(request.deadline, now)
        and request.confirmed_at
        and now - request.confirmed_at >= rules.REMIND_LEAST
    ]


def _over(session: Session, now: datetime) -> list[int]:
    found = _open(session, now, 0)
    return [request.id for request in found if rules.is_over(request.deadline, now)]


def _remind(session: Session, request_id: int, links: Links, now: datetime) -> int:
    """Remind the silent ones, but those that were reminded by hand within the last day."""
    request = held(session, request_id)
    if request.state != "open" or request.reminded_at:
        return 0
    request.reminded_at = now
    silent = [
        asked
        for asked in silent_of(request)
        if asked.nudged_at is None or now - asked.nudged_at >= rules.REMIND_LEAST
    ]
    return remind(session, request, silent, links, now, by_hand=False)


def _close(session: Session, request_id: int, links: Links, now: datetime) -> int:
    return int(close(session, request_id, links, now, early=False))


def _purge(session: Session, now: datetime) -> int:
    """Erase drafts that nobody confirmed, requests a year after their last day, and old notes."""
    day = now.astimezone(PARIS).date()
    old = day - rules.KEPT
    gone = 0
    with writing(session):
        for statement in (
            delete(SourcingRequest)
            .where(
                SourcingRequest.state == "draft",
                SourcingRequest.created_at < now - rules.DRAFT_KEPT,
            )
            .returning(SourcingRequest.id),
            delete(SourcingRequest)
            .where(SourcingRequest.deadline < old)
            .returning(SourcingRequest.id),
            delete(NotedPurchase)
            .where(NotedPurchase.on < day - rules.PURCHASES_KEPT)
            .returning(NotedPurchase.id),
        ):
            gone += len(session.scalars(statement).all())
    return gone
