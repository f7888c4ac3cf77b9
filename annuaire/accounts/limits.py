"""How often one may try, counted in the database so that every process counts alike.

A key past its free attempts waits, twice as long after each further one. Who attacks an account
from one address makes that address wait, and nobody else: the account's own count has room for
all that one address may do in a day.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Select, delete, select, update
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


def sign_in_limits(act: str, account: str, address: str | None) -> dict[str, Limit]:
    """The keys under which a proof of who one is counts: the pair first."""
    where = network(address)
    return {
        key(act, account, where): PAIR,
        key(act, where): ADDRESS,
        key(act, account): ACCOUNT,
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
    come at once are counted one by one. Raises TooManyError; nothing is then counted, nor written
    (who floods us keeps no other waiting)."""
    _refuse_waiting(reading(session).scalars(_rows(limits)), datetime.now(UTC))
    with writing(session):
        now = datetime.now(UTC)
        rows = [
            {"key": k, "count": 0, "since": now, "wait_until": now, "last_at": now} for k in limits
        ]
        insert = insert_for(session, Attempts).values(rows).on_conflict_do_nothing()
        session.execute(insert)
        held = session.scalars(_rows(limits).with_for_update()).all()
        _refuse_waiting(held, now)
        for row in held:
            limit = limits[row.key]
            if now - row.since > limit.window:
                row.count, row.since = 0, now
            row.count += 1
            row.wait_until = now + limit.wait(row.count)
            row.last_at = now


def _rows(limits: Iterable[str]) -> Select[Attempts]:
    return (
        select(Attempts)
        .where(Attempts.key.in_(sorted(limits)))
        .order_by(plain(Attempts.key))
        .execution_options(populate_existing=True)
    )


def _refuse_waiting(rows: Iterable[Attempts], now: datetime) -> None:
    longest = max((row.wait_until - now for row in rows), default=timedelta())
    if longest > timedelta():
        raise TooManyError(int(longest.total_seconds()) + 1)


def succeed(session: Session, limits: dict[str, Limit]) -> None:
    """Take back what `attempt` counted, in the caller's transaction: that person proved who they
    are. Under the first key, their own from there, nothing is left."""
    own, *others = limits
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
