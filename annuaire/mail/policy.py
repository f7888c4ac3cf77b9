"""How patient the sending is: delays, holds, limits. Tests choose shorter ones."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Final

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
#: Between two attempts at one letter: four days and a half together (RFC 5321, 4.5.4.1, asks for
#: four or five days before giving up).
DELAYS: Final = (
    _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 12 * _HOUR,
    24 * _HOUR, 24 * _HOUR, 24 * _HOUR,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Policy:
    """Seconds unless a name says otherwise.

    A sender holds a few letters for `hold`: what one that was killed held waits no longer. The
    letter that it hands it holds for `hand_hold`, longer than all that may be waited for until the
    server's answer, so that nobody hands it meanwhile.
    """

    delays: tuple[timedelta, ...] = DELAYS
    batch: int = 25  # letters held at once by a sender
    hold: timedelta = timedelta(minutes=5)
    hand_hold: timedelta = timedelta(minutes=25)
    per_connection: int = 500  # letters
    timeout: float = 60.0  # for an answer to a command
    content_timeout: float = 600.0  # for the answer to a content (RFC 5321, 4.5.3.2.6)
    losses: int = 3  # connections lost in a row, none of which took a letter: the server is away
    note_pauses: tuple[float, ...] = (0.2, 1, 5, 15, 60)  # between tries to note an outcome
    server_pauses: tuple[float, ...] = (5, 15, 60, 300)  # between looks for a server that is away

    def delay(self, attempts: int) -> timedelta | None:
        """How long a letter waits after so many attempts; None when it is given up."""
        return self.delays[attempts - 1] if attempts <= len(self.delays) else None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: a name that no other has, how it reads the time and waits, and whether it was
    asked to stop: it then ends the letter in hand, and gives the others back."""

    name: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], object] = sleep
    stopping: Callable[[], bool] = lambda: False
