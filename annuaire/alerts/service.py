"""What one does with alerts: ask for one, confirm, change, pause and leave it; what is kept of a
person, and for how long."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from annuaire.alerts import limits, queries
from annuaire.alerts.indexing import meant, write_terms
from annuaire.alerts.letters import confirm_letter, mine_letter
from annuaire.alerts.links import Site
from annuaire.alerts.models import AlertDelivery, AlertRefusal, AlertSubscription
from annuaire.alerts.rhythm import next_due
from annuaire.alerts.wishes import When, Wish
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.mail.letters import address_key, usable_address
from annuaire.mail.service import SUSPENDED, queue
from annuaire.sql import among, numbered, possible
from search.engine import Engine

UNCONFIRMED: Final = timedelta(days=3)
ASKED_FROM: Final = timedelta(days=1)
REMEMBERED: Final = timedelta(days=400)  # what was sent, so that it is not sent again
GONE: Final = "Cette alerte n’existe plus : elle a été arrêtée, ou n’a pas été confirmée à temps."


def subscribe(
    session: Session, site: Site, wish: Wish, when: When, email: str, asked_from: str, now: datetime
) -> None:
    """Keep an alert until its address confirms it, by the letter that it is sent. One that the
    address has already is not made twice: it is then sent the link to its alerts.

    Raises InvalidInputError for an address that is unusable or to which nothing is sent any more,
    or when too many were asked for.
    """
    recipient = usable_address(email)
    address = address_key(recipient)
    with writing(session):
        same = session.scalars(
            select(AlertSubscription).where(
                AlertSubscription.address == address,
                AlertSubscription.kind == wish.kind,
                AlertSubscription.query == wish.query,
                AlertSubscription.structure_key.is_not_distinct_from(wish.structure_key),
            )
        ).all()
        known = next((each for each in same if each.options == wish.options), None)
        if known is not None and known.state != "pending":
            queue(session, mine_letter(site, known.email, address, _once(address, now)))
            return
        if known is not None:
            return  # its letter waits to be read
        limits.check(session, address, asked_from, now)
        subscription = AlertSubscription(
            email=recipient,
            address=address,
            kind=wish.kind,
            query=wish.query,
            structure_key=wish.structure_key,
            options=wish.options,
            title=wish.title,
            rhythm=when.rhythm,
            hour=when.hour,
            weekday=when.weekday,
            reminder_days=when.reminder_days,
            state="pending",
            created_at=now,
            expires_at=now + UNCONFIRMED,
            asked_from=asked_from,
        )
        session.add(subscription)
        session.flush()
        if not queue(session, confirm_letter(site, subscription)):
            raise InvalidInputError(SUSPENDED, "courriel")


def send_mine(session: Session, site: Site, email: str, now: datetime) -> None:
    """Send an address the link to its alerts, once an hour at most, when it has some. Nobody is
    told whether it has. Raises InvalidInputError for an unusable address."""
    recipient = usable_address(email)
    address = address_key(recipient)
    with writing(session):
        if session.scalar(queries.of_address(address).limit(1)) is not None:
            queue(session, mine_letter(site, recipient, address, _once(address, now)))


def _once(address: str, now: datetime) -> str:
    digest = hashlib.blake2b(address.encode(), digest_size=12).hexdigest()
    return f"alert-mine/{digest}/{now:%Y%m%d%H}"


def one(session: Session, id_: int, address: str | None = None) -> AlertSubscription:
    """An alert, of this address when one is given. Raises NotFoundError."""
    found = numbered(session, AlertSubscription, id_)
    if found is None or (address is not None and found.address != address):
        raise NotFoundError(GONE)
    return found


def held(session: Session, id_: int) -> AlertSubscription:
    """An alert, which nobody erases until the caller's transaction ends. Raises NotFoundError, also
    for one that is being erased at this moment."""
    lock = {"key_share": True}
    found = session.get(AlertSubscription, id_, with_for_update=lock) if possible(id_) else None
    if found is None:
        raise NotFoundError(GONE)
    return found


def mine(session: Session, address: str) -> list[AlertSubscription]:
    """The alerts of an address, the newest first."""
    return list(session.scalars(queries.of_address(address)))


def confirm(session: Session, engine: Engine, id_: int, now: datetime, today: date) -> str:
    """Begin to serve an alert; returns its address. Confirming twice changes nothing. Raises
    NotFoundError, and EngineUnavailable."""
    subscription = one(session, id_)
    (found,) = meant(session, engine, [subscription], today)
    with writing(session):
        subscription = held(session, id_)
        if subscription.state == "pending":
            if subscription.expires_at and subscription.expires_at <= now:
                raise NotFoundError(GONE)
            subscription.state, subscription.since = "active", now
            subscription.expires_at = subscription.asked_from = None
            write_terms(session, [(subscription, found)], today)
        return subscription.address


def change(
    session: Session, engine: Engine, id_: int, wish: Wish, when: When, now: datetime, today: date
) -> None:
    """Have an alert await something else, or at another rhythm. What it was told stays known.
    Raises NotFoundError and EngineUnavailable."""
    draft = AlertSubscription(
        kind=wish.kind, query=wish.query, structure_key=wish.structure_key, options=wish.options
    )
    (found,) = meant(reading(session), engine, [draft], today)
    with writing(session):
        subscription = held(session, id_)
        subscription.query, subscription.title = wish.query, wish.title
        subscription.options = wish.options
        subscription.rhythm, subscription.hour = when.rhythm, when.hour
        subscription.weekday, subscription.reminder_days = when.weekday, when.reminder_days
        if subscription.due_at is not None:
            subscription.due_at = next_due(when.rhythm, when.hour, when.weekday, now)
        subscription.trouble = None
        write_terms(session, [(subscription, found)], today)


def pause(session: Session, id_: int) -> None:
    """Send nothing until it is resumed; what waits is dropped. Raises NotFoundError."""
    with writing(session):
        subscription = held(session, id_)
        if subscription.state == "active":
            subscription.state, subscription.due_at = "paused", None
            session.execute(
                delete(AlertDelivery).where(
                    AlertDelivery.subscription_id == id_, AlertDelivery.queued_at.is_(None)
                )
            )


def resume(session: Session, id_: int, now: datetime) -> None:
    """Serve it again, from now on: what came meanwhile is not told. Raises NotFoundError."""
    with writing(session):
        subscription = held(session, id_)
        if subscription.state == "paused":
            subscription.state, subscription.since = "active", now


def leave(session: Session, id_: int) -> None:
    """Erase an alert and all that it was told. One that is no more is no error."""
    with writing(session):
        session.execute(delete(AlertSubscription).where(AlertSubscription.id == id_))


def purge(session: Session, now: datetime) -> int:
    """Erase what was not confirmed in time, who asked more than a day ago, and what was sent more
    than some thirteen months ago; returns how many alerts went."""
    table = AlertSubscription
    with writing(session):
        gone = session.execute(
            delete(table).where(table.state == "pending", table.expires_at <= now)
        )
        session.execute(
            update(table)
            .where(table.asked_from.is_not(None), table.created_at <= now - ASKED_FROM)
            .values(asked_from=None)
        )
        session.execute(delete(AlertDelivery).where(AlertDelivery.queued_at <= now - REMEMBERED))
    return cast(CursorResult[Any], gone).rowcount


def export_of(session: Session, email: str) -> dict[str, Any]:
    """All that alerts keep of an address."""
    found = mine(session, address_key(email))
    ids = [each.id for each in found]
    refused, told = refusals_of(session, ids), _told(session, ids)
    return {
        "alerts": [
            {
                "title": each.title,
                "kind": each.kind,
                "search": each.query,
                "structure": each.structure_key,
                "rhythm": each.rhythm,
                "state": each.state,
                "created_at": each.created_at.isoformat(),
                "refused": [row.label for row in refused[each.id]],
                "told": told[each.id],
            }
            for each in found
        ]
    }


def _told(session: Session, ids: Iterable[int]) -> defaultdict[int, list[dict[str, Any]]]:
    """What these alerts told, or have to tell, the oldest first."""
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in session.execute(
        select(
            AlertDelivery.subscription_id, AlertDelivery.kind, AlertDelivery.reference,
            AlertDelivery.queued_at,
        )
        .where(among(AlertDelivery.subscription_id, ids))
        .order_by(AlertDelivery.id)
    ):  # fmt: skip
        sent_at = row.queued_at and row.queued_at.isoformat()
        told = {"kind": row.kind, "reference": row.reference, "sent_at": sent_at}
        found[row.subscription_id].append(told)
    return found


def move(session: Session, before: str, after: str) -> None:
    """Have the alerts of an address leave to another, in the caller's transaction."""
    session.execute(
        update(AlertSubscription)
        .where(AlertSubscription.address == address_key(before))
        .values(address=address_key(after), email=after)
    )


def erase(session: Session, email: str) -> int:
    """Erase the alerts of an address, in the caller's transaction; returns how many."""
    erased = session.execute(
        delete(AlertSubscription).where(AlertSubscription.address == address_key(email))
    )
    return cast(CursorResult[Any], erased).rowcount


def refusals(session: Session, id_: int) -> list[AlertRefusal]:
    """What an alert was told not to suit, the newest first."""
    return refusals_of(session, [id_])[id_]


def refusals_of(session: Session, ids: Iterable[int]) -> defaultdict[int, list[AlertRefusal]]:
    """The same of several alerts, by alert."""
    found: defaultdict[int, list[AlertRefusal]] = defaultdict(list)
    for refusal in session.scalars(
        select(AlertRefusal)
        .where(among(AlertRefusal.subscription_id, ids))
        .order_by(AlertRefusal.id.desc())
    ):
        found[refusal.subscription_id].append(refusal)
    return found
