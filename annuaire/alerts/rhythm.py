"""When a subscription is next served: at once, each day or each week at an hour of Paris; pure."""

from datetime import UTC, datetime, time, timedelta
from typing import Final

from annuaire.wording import PARIS

AT_ONCE, DAILY, WEEKLY = "at_once", "daily", "weekly"
RHYTHMS: Final = {
    AT_ONCE: "dès la publication",
    DAILY: "une fois par jour",
    WEEKLY: "une fois par semaine",
}
DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
GATHER: Final = timedelta(minutes=10)
WAKING: Final = range(7, 22)  # hours of Paris at which a reminder may leave


def next_due(
    rhythm: str, hour: int, weekday: int, now: datetime, last: datetime | None = None
) -> datetime:
    """The first moment after `now` at which what was found leaves. At once is now, or GATHER after
    the `last` letter: what a long reading finds bit by bit is no letter for each bit."""
    if rhythm == AT_ONCE:
        return max(now, last + GATHER) if last else now
    day = now.astimezone(PARIS).date()
    if rhythm == WEEKLY:
        day += timedelta(days=(weekday - day.weekday()) % 7)
    due = datetime.combine(day, time(hour), PARIS)
    if due <= now:
        day += timedelta(days=7 if rhythm == WEEKLY else 1)
        due = datetime.combine(day, time(hour), PARIS)
    return due.astimezone(UTC)


def reminds(rhythm: str, hour: int, now: datetime) -> bool:
    """Whether reminders may leave by now: from the chosen hour on; at any waking hour when the
    rest leaves at once."""
    at = now.astimezone(PARIS).hour
    return at in WAKING if rhythm == AT_ONCE else at >= hour


def in_words(rhythm: str, hour: int, weekday: int) -> str:
    """« une fois par semaine, le lundi vers 8 h »."""
    if rhythm == AT_ONCE:
        return RHYTHMS[AT_ONCE]
    on = f", le {DAYS[weekday]}" if rhythm == WEEKLY else ""
    return f"{RHYTHMS[rhythm]}{on} vers {hour}\u00a0h"
