"""`annuaire index follow`: the index kept in step with the database, as long as it runs."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from subprocess import Popen

import click
from sqlalchemy.exc import OperationalError

from annuaire import outbox
from annuaire.cli.context import application
from annuaire.cli.indexing import index, index_lost, rebuild_all
from annuaire.cli.output import say
from annuaire.db import reading
from annuaire.extensions import engine, session
from search.engine import EngineUnavailable
from search.indexing import announce_ended, drain

PAUSE_S = 0.5  # between two looks at the lines that wait: a page shows a change within 2 s


class GoesOn(click.Command):
    """A command that goes on until it is stopped: whoever runs commands knows it beforehand."""


def declared() -> None:
    """Raises TypeError in a command that is no GoesOn: found the first time, and by no hang."""
    context = click.get_current_context(silent=True)
    if context and not isinstance(context.command, GoesOn):
        raise TypeError(f"« {context.command_path} » goes on: declare it with cls=GoesOn")


def follow(step: Callable[[], object], wait: Callable[[], bool]) -> None:
    """Do a step again and again until `wait` says to stop. Raises TypeError as `declared` does.

    An engine or a database that is away is said once, and tried again: the lines wait.
    """
    declared()
    said = ""
    while True:
        try:
            step()
            said = ""
        except (EngineUnavailable, OperationalError) as error:
            message = str(error)
            if message != said:
                say(message)
            said = message
        if wait():
            return


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
@click.option("--parent", type=int, hidden=True, help="S'arrêter avec ce processus.")
def follow_(parent: int | None) -> None:
    """Porter dans l'index chaque changement dès qu'il est enregistré, jusqu'à Ctrl+C."""

    def wait() -> bool:
        time.sleep(PAUSE_S)
        return parent is not None and os.getppid() != parent

    with application(), suppress(KeyboardInterrupt):
        follow(steps(_local_day), wait)


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


@contextmanager
def beside(*words: str) -> Iterator[None]:
    """A command in a process of its own, beside those that serve pages, that ends with this one."""
    served_by = os.getpid()
    command = [sys.executable, "-m", "annuaire", *words, "--parent", str(served_by)]
    process = Popen(command)  # noqa: S603 - our own command
    try:
        yield
    finally:
        if os.getpid() == served_by:  # and not a worker, forked meanwhile, that ends
            process.terminate()
            process.wait()
