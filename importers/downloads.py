"""What a source is asked when its newest file is to be downloaded, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

from annuaire.errors import AnnuaireError
from importers.http import Access, Client, OnlineError


class ByHand(AnnuaireError):  # noqa: N818 - said of the source
    """The source has no open file; the message says where to get it and how to give it."""


class Watch(Protocol):
    """Who is told how a download goes on."""

    def bytes(self, done: int, total: int | None) -> None:
        """Bytes of a file had so far."""
        ...

    def parts(self, done: int, total: int) -> None:
        """Parts had so far, of a download made of parts."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """`folder` is the source's own, kept from one time to the next; `since` is the first day
    wanted, for sources that publish by the day."""

    folder: Path
    today: date
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A complete file; or, with `missing` (parts named in French), what could be had of it:
    nothing may then end by its absence. `said` tells in French what was found."""

    path: Path
    said: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Download:
    """How a source is downloaded: `shelf` names its folder, which sources of one file share."""

    shelf: str
    access: Access
    fetch: Callable[[Client, Asked, Watch], Fetched]
    by_day: bool = False  # takes `since`


@dataclass(frozen=True, slots=True)
class Days:
    """The files of the days of publication that came, from `first` to `last`; `missing` as in
    `Fetched`."""

    parts: list[Path]
    first: date
    last: date
    missing: tuple[str, ...] = ()


def bring_days(
    asked: Asked, first_time: timedelta, one_day: Callable[[date], Path], watch: Watch
) -> Days:
    """What `one_day` brings of each day from `since` (else from `first_time` ago) to today.

    A day that fails ends the download: what came before it is given, so that the next download
    begins there. Raises OnlineError when nothing came.
    """
    first = asked.since or asked.today - first_time
    days = [first + timedelta(days=n) for n in range((asked.today - first).days + 1)]
    had: list[Path] = []
    missing: tuple[str, ...] = ()
    for number, day in enumerate(days):
        watch.parts(number, len(days))
        try:
            had.append(one_day(day))
        except OnlineError as error:
            if not had:
                raise
            missing = (f"du {day:%d/%m/%Y} au {asked.today:%d/%m/%Y} ({error.message})",)
            break
    watch.parts(len(had), len(days))
    return Days(had, first, days[len(had) - 1], missing)


def join_files(parts: list[Path], target: Path) -> Path:
    """One file of several, whole or not at all; memory does not grow with them."""
    draft = target.with_name(target.name + ".new")
    with draft.open("wb") as whole:
        for part in parts:
            with part.open("rb") as file:
                while block := file.read(1_000_000):
                    whole.write(block)
    return draft.replace(target)
