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
