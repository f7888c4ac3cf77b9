"""Commands as processes of their own, forked from one that has read our code already: signals,
locks and death are those of a command typed in a terminal, without a second of imports each."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import wait
from pathlib import Path
from threading import Lock

from annuaire.cli import COMMANDS

_READY = get_context("forkserver")
_FAMILIES = sorted({place.partition(".")[0] for place in COMMANDS.values()})
_READY.set_forkserver_preload(
    [
        "pytest",
        "tests.factories.published",
        "tests.factories.warm",
        *(f"annuaire.cli.{family}" for family in _FAMILIES),
    ]
)


class Forked:
    """A process under way, with what `subprocess.Popen` says of one; its words are kept in a
    file, as a pipe that nobody reads would stop it."""

    def __init__(
        self, act: Callable[[], object], words: Sequence[str], settings: Mapping[str, str]
    ) -> None:
        descriptor, name = tempfile.mkstemp(prefix="annuaire-said-")
        os.close(descriptor)
        self._said = Path(name)
        arguments = (act, list(words), os.environ | dict(settings), name)
        self._process = _READY.Process(target=_act, args=arguments)
        self._process.start()
        self._asking = Lock()

    @property
    def returncode(self) -> int | None:
        return self.poll()

    def poll(self) -> int | None:
        """The exit status, None while it runs. It is told once: two threads that asked together
        would leave one of them without."""
        with self._asking:
            return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None and self._process.pid:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    def wait(self, timeout: float | None = None) -> int:
        """The exit status. Raises subprocess.TimeoutExpired."""
        ended = wait([self._process.sentinel], timeout)
        status = self.poll() if ended else None
        if status is None:
            raise subprocess.TimeoutExpired("annuaire", timeout or 0)
        return status

    def communicate(self, timeout: float | None = None) -> tuple[str, None]:
        """All that it said, once it has ended. Raises subprocess.TimeoutExpired."""
        self.wait(timeout)
        said = self._said.read_text(encoding="utf-8", errors="replace")
        self._said.unlink()
        return said, None


def _act(
    act: Callable[[], object], words: list[str], environment: dict[str, str], said: str
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    descriptor = os.open(said, os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    sys.argv = ["annuaire", *words]
    act()
