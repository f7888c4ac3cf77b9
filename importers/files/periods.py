"""Periods of validity: what follows without a gap, and how long an agreement lasts."""

from collections.abc import Iterable
from datetime import date, timedelta

Period = tuple[date, date]  # first and last day, both included

_DAY = timedelta(days=1)


def last_day(first: date, years: int) -> date:
    """The last day of some years that begin on `first`: 12/03/2021 and 5 years, 11/03/2026."""
    return anniversary(first, years) - _DAY


def last_run(periods: Iterable[Period]) -> Period | None:
    """The latest period, with those before it that it follows without a free day between."""
    latest = sorted(periods, key=lambda period: (period[1], period[0]), reverse=True)
    if not latest:
        return None
    first, last = latest[0]
    for start, end in latest[1:]:
        if end < first - _DAY:
            break
        first = min(first, start)
    return first, last


def anniversary(first: date, years: int) -> date:
    """The same day some years later; 1 March for a 29 February that is missing then."""
    try:
        return first.replace(year=first.year + years)
    except ValueError:  # 29 February
        return date(first.year + years, 3, 1)
