"""What the commands that last share: turns until Ctrl+C, and an end with who started them."""

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from subprocess import Popen

import click
from sqlalchemy.exc import OperationalError

from annuaire.cli.output import say
from annuaire.extensions import session
from search.engine import EngineUnavailable

log = logging.getLogger(__name__)

LOOK_S = 1.0  # between two looks at the process that started this one

parent_option = click.option("--parent", type=int, hidden=True, help="S'arrêter avec ce processus.")


class GoesOn(click.Command):
    """A command that goes on until it is stopped: whoever runs commands knows it beforehand."""


def declared() -> None:
    """Raises TypeError in a command that is no GoesOn: found the first time, and by no hang."""
    context = click.get_current_context(silent=True)
    if context and not isinstance(context.command, GoesOn):
        raise TypeError(f"« {context.command_path} » goes on: declare it with cls=GoesOn")


def follow(step: Callable[[], object], wait: Callable[[], bool]) -> None:
    """Do a step again and again until `wait` says to stop. Raises TypeError as `declared` does.

    What stops a step is said once, and the step tried again: what it did not commit waits. An
    engine or a database that is away is one sentence; a defect of ours is in the log with its
    trace.
    """
    declared()
    said = ""
    while True:
        try:
            step()
            said = ""
        except Exception as error:  # noqa: BLE001 - one turn that fails must not end the next ones
            session().rollback()  # a connection that was lost is let go of
            message = str(error) or type(error).__name__
            if message != said:
                _tell(error, message)
            said = message
        if wait():
            return


def _tell(error: Exception, message: str) -> None:
    if isinstance(error, (EngineUnavailable, OperationalError)):
        say(message)
    else:
        log.error("a turn failed", exc_info=error)


def pause(
    seconds: float, parent: int | None, stopping: Callable[[], bool] = lambda: False
) -> Callable[[], bool]:
    """What `follow` waits by between two steps: it says to stop once the process `parent`, that
    started this one, has ended, or when `stopping`."""

    def wait() -> bool:
        ends = time.monotonic() + seconds
        while not stopping() and (parent is None or os.getppid() == parent):
            left = ends - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(left, LOOK_S))
        return True

    return wait


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
