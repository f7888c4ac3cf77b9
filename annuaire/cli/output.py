"""What commands print: JSON last on standard output, progress and messages on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
import orjson
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
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
