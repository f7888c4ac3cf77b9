"""What commands print: JSON last on standard output, progress and messages on standard error."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
import orjson
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Résultat sur une ligne de JSON."
)


def print_json(value: Any) -> None:
    """One line of JSON, last on standard output."""
    click.echo(orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).decode())


def say(message: str) -> None:
    """A message for the person, apart from the result."""
    click.echo(message, err=True)


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error (a line at the end when that is no terminal)."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda count: bar.advance(task, count)


class DownloadBar:
    """A bar for what comes from elsewhere: bytes of a file, or parts of a whole."""

    def __init__(self, files: Progress, steps: Progress, title: str) -> None:
        self._files, self._steps, self._title = files, steps, title
        self._tasks: dict[Progress, TaskID] = {}

    def bytes(self, done: int, total: int | None) -> None:
        self._show(self._files, done, total)

    def parts(self, done: int, total: int) -> None:
        self._show(self._steps, done, total)

    def stop(self) -> None:
        """Take away what was shown."""
        for bar in self._tasks:
            bar.stop()

    def _show(self, bar: Progress, done: int, total: int | None) -> None:
        if bar not in self._tasks:
            self._tasks[bar] = bar.add_task(self._title, total=total)
            bar.start()
        bar.update(self._tasks[bar], completed=done, total=total)


@contextmanager
def download_bar(title: str) -> Iterator[DownloadBar]:
    """A bar on standard error that shows itself when the first bytes or parts come."""
    console = Console(stderr=True)
    start = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
    columns = (*start, DownloadColumn(), TransferSpeedColumn(), TimeElapsedColumn())
    files = Progress(*columns, console=console, transient=True)
    steps = Progress(
        *start, MofNCompleteColumn(), TimeElapsedColumn(), console=console, transient=True
    )
    bar = DownloadBar(files, steps, title)
    try:
        yield bar
    finally:
        bar.stop()


def plain_key(typed: str) -> str:
    """A structure's key as people type it: the spaces and dots of a SIRET are forgiven."""
    plain = re.sub(r"[\s.]", "", typed)
    return plain if plain.isdigit() else typed.strip()


class DefaultGroup(click.Group):
    """A group whose first word may be an argument of its command named `default`:
    « annuaire decisions CLÉ » beside « annuaire decisions undo NUMÉRO »."""

    def __init__(self, *arguments: Any, default: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.default = default

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named, else the default one with all the words."""
        if args and self.get_command(ctx, args[0]) is None:
            args = [self.default, *args]
        return super().resolve_command(ctx, args)
