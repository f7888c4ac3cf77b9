"""How often one may try, counted in the database so that every process counts alike.

A key past its free attempts waits, twice as long after each further one. Who attacks an account
from one address makes that address wait, and nobody else: the account's own count has room for
all that one address may do in a day. Several addresses may fill it: the browsers in which its
person was signed in are counted apart (recognising.py).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, delete, select, update
from sqlalchemy.orm import Session

from annuaire.accounts.models import Attempts
from annuaire.db import insert_for, reading, writing
from annuaire.errors import AnnuaireError
from annuaire.networks import network
from annuaire.sql import plain


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` attempts within `window` cost nothing; the next ones make wait `first`, then twice as
    long each, `longest` at most."""

    free: int
    window: timedelta
    first: timedelta
    longest: timedelta

    def wait(self, count: int) -> timedelta:
        """How long to wait after as many attempts."""
        beyond = count - self.free
        if beyond < 0:
            return timedelta()
        return min(self.first * (1 << min(beyond, 20)), self.longest)


MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = 24 * HOUR
PAIR: Final = Limit(5, DAY, timedelta(seconds=5), HOUR)
ADDRESS: Final = Limit(20, 15 * MINUTE, timedelta(seconds=15), HOUR)
ACCOUNT: Final = Limit(100, DAY, MINUTE, HOUR)
LETTERS_PAIR: Final = Limit(3, DAY, 2 * MINUTE, 6 * HOUR)
LETTERS_ADDRESS: Final = Limit(20, HOUR, 2 * MINUTE, HOUR)
LETTERS_ACCOUNT: Final = Limit(60, DAY, 10 * MINUTE, 6 * HOUR)
KEPT: Final = timedelta(days=2)
BELIEVED: Final = timedelta(seconds=2)
MOST_TOLD: Final = 10_000


class TooManyError(AnnuaireError):
    """Too many attempts: nothing was tried. `seconds` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"Trop d’essais en peu de temps : attendez {_in_words(seconds)}, puis recommencez. "
            "Rien n’a été changé."
        )
        self.seconds = seconds


def _in_words(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} seconde{'s' if seconds > 1 else ''}"
    minutes = -(-seconds // 60)
    return f"{minutes} minute{'s' if minutes > 1 else ''}"


def sign_in_limits(
    act: str, account: str, address: str | None, browser: str | None = None
) -> dict[str, Limit]:
    """The keys under which a proof of who one is counts: the pair first. A `browser` in which this
    account was signed in already has a count of its own in the place of the account's, which
    others may have filled from many networks."""
    where = network(address)
    return {
        key(act, account, where): PAIR,
        key(act, where): ADDRESS,
        key(act, account, "browser", browser) if browser else key(act, account): ACCOUNT,
    }


def letter_limits(account: str, address: str | None) -> dict[str, Limit]:
    """The keys under which a letter asked for by whoever counts."""
    where = network(address)
    return {
        key("letter", account, where): LETTERS_PAIR,
        key("letter", where): LETTERS_ADDRESS,
        key("letter", account): LETTERS_ACCOUNT,
    }


def key(*parts: str) -> str:
    """A key of no meaning to who reads the table: neither addresses nor accounts."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def attempt(session: Session, limits: dict[str, Limit]) -> None:
    """Count an attempt under every key before it is made, in transactions of its own: those that
    come at once are counted one by one. Raises TooManyError; nothing is then counted or written,
    and the database is asked now and then only (who floods us keeps no other waiting)."""
    now = datetime.now(UTC)
    told = _told.setdefault(session.get_bind().engine, {})
    heard = [said for key in limits if (said := told.get(key)) and now < said.believed]
    _refuse([said.until for said in heard], now)
    rows = reading(session).scalars(_rows(limits)).all()
    if len(told) > MOST_TOLD:
        told.clear()
    now = datetime.now(UTC)  # another, who came since, may have written its own
    told.update((row.key, _Told(row.wait_until, now + BELIEVED)) for row in rows)
    _refuse([row.wait_until for row in rows], now)
    with writing(session):
        _count(session, limits)


def _count(session: Session, limits: dict[str, Limit]) -> None:
    now = datetime.now(UTC)
    new = [{"key": k, "count": 0, "since": now, "wait_until": now, "last_at": now} for k in limits]
    session.execute(insert_for(session, Attempts).values(new).on_conflict_do_nothing())
    held = session.scalars(_rows(limits).with_for_update()).all()
    now = datetime.now(UTC)  # those who held them meanwhile wrote theirs
    _refuse([row.wait_until for row in held], now)
    for row in held:
        limit = limits[row.key]
        if now - row.since > limit.window:
            row.count, row.since = 0, now
        row.count += 1
        wait = limit.wait(row.count)
        row.wait_until = now + wait if wait else row.since
        row.last_at = now


@dataclass(frozen=True, slots=True)
class _Told:
    """What the database said of a key: when its wait ends; believed for a moment."""

    until: datetime
    believed: datetime


#: By database, the keys that waited when this process last asked: a flood asks it no more often.
_told: Final[WeakKeyDictionary[Engine, dict[str, _Told]]] = WeakKeyDictionary()


def _rows(limits: Iterable[str]) -> Select[Attempts]:
    return (
        select(Attempts)
        .where(Attempts.key.in_(sorted(limits)))
        .order_by(plain(Attempts.key))
        .execution_options(populate_existing=True)
    )


def _refuse(waits: Iterable[datetime], now: datetime) -> None:
    longest = max((until - now for until in waits), default=timedelta())
    if longest > timedelta():
        raise TooManyError(int(longest.total_seconds()) + 1)


def succeed(session: Session, limits: dict[str, Limit]) -> None:
    """Take back what `attempt` counted, in the caller's transaction: that person proved who they
    are. Under the first key, their own from there, nothing is left."""
    own, *others = limits
    _told.get(session.get_bind().engine, {}).pop(own, None)
    session.execute(delete(Attempts).where(Attempts.key == own))
    session.execute(
        update(Attempts)
        .where(Attempts.key.in_(others), Attempts.count > 0)
        .values(count=Attempts.count - 1)
    )


def purge(session: Session, now: datetime) -> int:
    """Delete what was counted too long ago to count, in the caller's transaction."""
    old = session.scalars(
        delete(Attempts)
        .where(Attempts.last_at < now - KEPT, Attempts.wait_until < now)
        .returning(Attempts.key)
    )
    return len(old.all())
