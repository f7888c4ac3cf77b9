"""What keys asked, counted by day.

A process counts in memory and writes now and then, and when it ends: reading takes no write lock.
A process that is killed loses what it counted since it last wrote.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from threading import Lock
from time import monotonic
from typing import Final

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from annuaire.db import insert_for
from annuaire.platforms.models import ApiUsage
from annuaire.sql import among, plain

EVERY: Final = 10.0  # seconds between two writings
KEPT: Final = timedelta(days=400)
SHOWN: Final = timedelta(days=30)


class UsageCounter:
    """Counts of one process that are not written yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[tuple[int, date, str]] = Counter()
        self._written = float("-inf")
        self._forgot: date | None = None

    def count(self, key_id: int, day: date, operation: str) -> None:
        """One more request."""
        with self._lock:
            self._counts[key_id, day, operation] += 1

    def waits(self) -> bool:
        """Whether something is not written yet."""
        with self._lock:
            return bool(self._counts)

    def due(self) -> bool:
        """Whether it is time to write; of those who ask at once, one is told so."""
        with self._lock:
            if not self._counts or monotonic() - self._written < EVERY:
                return False
            self._written = monotonic()
            return True

    def write(self, session: Session) -> None:
        """Write what was counted, in the caller's transaction; once a day, forget what is too
        old."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        rows = [
            {"key_id": key_id, "day": day, "operation": operation, "count": count}
            for (key_id, day, operation), count in sorted(counts.items())
        ]
        if rows:
            statement = insert_for(session, ApiUsage.__table__)
            statement = statement.on_conflict_do_update(
                index_elements=["key_id", "day", "operation"],
                set_={"count": ApiUsage.__table__.c.count + statement.excluded["count"]},
            )
            session.execute(statement, rows)
            newest = max(day for _, day, _ in counts)
            if newest != self._forgot:
                session.execute(delete(ApiUsage).where(ApiUsage.day < newest - KEPT))
                self._forgot = newest


def usage_of(key_ids: Sequence[int], since: date) -> Select[int, date, str, int]:
    """What keys asked since a day, the newest first."""
    return (
        select(ApiUsage.key_id, ApiUsage.day, ApiUsage.operation, ApiUsage.count)
        .where(among(ApiUsage.key_id, key_ids), ApiUsage.day >= since)
        .order_by(ApiUsage.day.desc(), plain(ApiUsage.operation), ApiUsage.key_id)
    )


def last_days(key_ids: Sequence[int]) -> Select[int, date, int]:
    """By key, the last day on which it asked something, and how many times in all."""
    return (
        select(ApiUsage.key_id, func.max(ApiUsage.day), func.sum(ApiUsage.count))
        .where(among(ApiUsage.key_id, key_ids))
        .group_by(ApiUsage.key_id)
        .order_by(ApiUsage.key_id)
    )
