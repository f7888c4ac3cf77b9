"""Digests: what waits for a subscription becomes one letter, in one transaction with its queueing:
a process that is killed anywhere has told all of it or nothing."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final, cast

from sqlalchemy import CursorResult, exists, update
from sqlalchemy.orm import Session

from annuaire.alerts import due_queries, queries
from annuaire.alerts.asking import CONTRACTS, OPPORTUNITIES
from annuaire.alerts.letters import Item, digest_letter, refusal_link
from annuaire.alerts.links import Site
from annuaire.alerts.models import AlertDelivery, AlertSubscription
from annuaire.alerts.telling import Telling, Told
from annuaire.db import reading, writing
from annuaire.mail.letters import Letter
from annuaire.mail.rendering import part
from annuaire.mail.service import queue_all
from annuaire.sql import among

BATCH: Final = 200  # subscriptions
MOST_ITEMS: Final = 20  # of a letter


@dataclass(frozen=True, slots=True)
class Composed:
    """Letters, and the deliveries that they tell."""

    letters: list[Letter]
    deliveries: list[int]


def send_due(session: Session, site: Site, telling: Telling, now: datetime) -> int:
    """Queue the digests that are due by now; returns how many."""
    return _send(session, site, telling, now, reminders_alone=False)


def send_reminders(session: Session, site: Site, telling: Telling, now: datetime) -> int:
    """Queue the reminders that wait, without the rest; returns how many letters."""
    return _send(session, site, telling, now, reminders_alone=True)


def _send(
    session: Session, site: Site, telling: Telling, now: datetime, *, reminders_alone: bool
) -> int:
    after = count = 0
    while True:
        session.rollback()
        reading(session)
        wanted = (
            due_queries.reminded(after, BATCH)
            if reminders_alone
            else due_queries.due(now, after, BATCH)
        )
        ids = list(session.scalars(wanted))
        composed = compose(session, site, telling, ids, reminders_alone=reminders_alone)
        session.rollback()
        if not ids:
            return count
        after = ids[-1]
        if _queue(session, composed, ids, now):
            count += len(composed.letters)


def compose(
    session: Session, site: Site, telling: Telling, ids: Sequence[int], *, reminders_alone: bool
) -> Composed:
    """The letters of some subscriptions, of what waits for them. Reads only."""
    waiting = session.execute(due_queries.waiting_of(ids, reminders_alone=reminders_alone)).all()
    subscriptions = {each.id: each for each in session.execute(due_queries.to_tell(ids))}
    contracts = telling.of(
        session,
        {
            each.reference for each in waiting
            if subscriptions[each.subscription_id].kind in (CONTRACTS, OPPORTUNITIES)
        },
    )  # fmt: skip
    letters = []
    for id_, of_one in groupby(waiting, lambda each: each.subscription_id):
        letter = _letter(site, subscriptions[id_], list(of_one), contracts)
        if letter:
            letters.append(letter)
    return Composed(letters, [each.id for each in waiting])


def _letter(
    site: Site,
    subscription: Any,
    waiting: Sequence[Any],
    contracts: dict[str, Told],
) -> Letter | None:
    refuse = refusal_link(site, subscription)
    items: list[tuple[tuple[Any, ...], Item]] = []
    by_reference = sorted(waiting, key=lambda each: (each.reference, each.id))
    for reference, of_one in groupby(by_reference, lambda each: each.reference):
        deliveries = list(of_one)
        told = contracts.get(reference)
        if told:
            link = site.refusal(refuse, told.reference) if refuse else None
            items.append((_rank(deliveries, told), _of_contract(deliveries, told, link)))
        elif refuse is None:
            items.append(((reference,), _of_structure(site, deliveries)))
    if not items:
        return None
    items.sort(key=lambda pair: pair[0])
    shown = [item for _, item in items[:MOST_ITEMS]]
    once = hashlib.blake2b(repr([each.id for each in waiting]).encode(), digest_size=12).hexdigest()
    more = len(items) - len(shown)
    return digest_letter(site, subscription, shown, more, f"alert/{subscription.id}/{once}")


def _rank(deliveries: Sequence[Any], told: Told) -> tuple[Any, ...]:
    """What was told before comes first, then the best points, clauses, the soonest to close."""
    new = all(each.kind == queries.NEW for each in deliveries)
    scores = [lot["score"] for each in deliveries for lot in each.said.get("lots", ())]
    return new, -max(scores, default=0), not told.social, told.closes or date.max, told.reference


def _of_contract(deliveries: Sequence[Any], told: Told, refuse: str | None) -> Item:
    kinds = [each.kind for each in deliveries]
    kind = next(k for k in (queries.NEW, queries.UPDATE, queries.REMINDER) if k in kinds)
    return Item(
        kind=kind,
        html=told.html,
        text=told.text,
        lots=[lot for each in deliveries for lot in each.said.get("lots", ())],
        changes=list(_changes(deliveries)),
        refuse=refuse,
    )


def _changes(deliveries: Iterable[Any]) -> Iterable[str]:
    return dict.fromkeys(said for each in deliveries for said in each.said.get("changes", ()))


def _of_structure(site: Site, deliveries: Sequence[Any]) -> Item:
    newest = deliveries[-1]
    url = f"{site.url}/structures/{newest.said['key']}"
    values = {"structure": newest.said | {"url": url}}
    return Item(
        kind=newest.kind,
        html=part("alert_structure.html", **values),
        text=part("alert_structure.txt", **values),
        changes=list(_changes(deliveries)),
    )


def _queue(session: Session, composed: Composed, ids: Sequence[int], now: datetime) -> bool:
    """Queue letters and say so of what they tell; False when another process was before us."""
    told = AlertDelivery
    with writing(session):
        marked = session.execute(
            update(told)
            .where(among(told.id, composed.deliveries), told.queued_at.is_(None))
            .values(queued_at=now)
        )
        if cast(CursorResult[Any], marked).rowcount != len(composed.deliveries):
            session.rollback()
            return False
        waits = exists().where(
            told.subscription_id == AlertSubscription.id,
            told.queued_at.is_(None),
            told.kind != queries.REMINDER,
        )
        session.execute(
            update(AlertSubscription)
            .where(among(AlertSubscription.id, ids), ~waits)
            .values(due_at=None)
            .execution_options(synchronize_session=False)
        )
        queue_all(session, composed.letters)
    return True
