"""`annuaire index follow`: the index kept in step with the database, as long as it runs."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

from annuaire import outbox
from annuaire.cli.context import application
from annuaire.cli.indexing import index, index_lost, rebuild_all
from annuaire.cli.lasting import GoesOn, follow, parent_option, pause
from annuaire.db import reading
from annuaire.extensions import engine, session
from search.indexing import announce_ended, drain

PAUSE_S = 0.5  # between two looks at the lines that wait: a page shows a change within 2 s


def keep_up(today: date) -> int:
    """Bring the index up to date when lines wait; returns how many objects were looked at."""
    db_session = session()
    waits = outbox.waiting(reading(db_session))
    db_session.rollback()
    if not waits:
        return 0
    return drain(db_session, engine(), today)


def mend() -> None:
    """Make the index again when its format changed or when it was lost."""
    if engine().health().needs_rebuild or index_lost():
        rebuild_all()


@index.command("follow", cls=GoesOn)
@parent_option
def follow_(parent: int | None) -> None:
    """Porter dans l'index chaque changement dès qu'il est enregistré, jusqu'à Ctrl+C."""
    with application(), suppress(KeyboardInterrupt):
        follow(steps(_local_day), pause(PAUSE_S, parent))


def steps(today: Callable[[], date]) -> Callable[[], object]:
    """Mend once, say each day which statuses ended, and keep up."""
    seen: date | None = None

    def step() -> None:
        nonlocal seen
        day = today()
        if seen is None:
            mend()
        if seen != day:
            announce_ended(session(), day)
            seen = day
        keep_up(day)

    return step


def _local_day() -> date:
    return date.today()  # noqa: DTZ011 - local day
