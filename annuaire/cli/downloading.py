"""`annuaire import SOURCE --download`: the newest official file, ready to be read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from annuaire.cli.online import client_for
from annuaire.cli.output import download_bar, say
from annuaire.contracts.queries import newest_notice_of
from annuaire.db import reading
from annuaire.errors import InvalidInputError
from annuaire.extensions import session, settings
from annuaire.runs import still_current
from importers.downloads import Asked, ByHand, Download, Fetched
from importers.locking import alone
from importers.registry import SOURCES
from importers.rules import rules_digest
from importers.run import Options
from importers.storing_runs import sha256_of

OVERLAP = timedelta(days=3)  # days read again: a notice may appear after its day
F = TypeVar("F", bound=Callable[..., Any])


def download_options(command: F) -> F:
    """The options of a command that may download what it reads."""
    since = click.option(
        "--since",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="AAAA-MM-JJ",
        help="Avec --download, pour « boamp » et « ted » : le premier jour de parution voulu.",
    )
    flag = click.option(
        "--download", is_flag=True, help="Télécharger le fichier officiel le plus récent."
    )
    return flag(since(command))


def check_request(
    source: str, files: tuple[Path, ...], since: datetime | None, *, download: bool, today: date
) -> None:
    """Raises InvalidInputError or ByHand, before anything is done, for what cannot be asked."""
    if not download:
        if since:
            raise InvalidInputError("--since va avec --download.")
        if not files:
            raise InvalidInputError(
                "Il manque l'argument FILES : donnez un fichier au moins, ou --download."
            )
        return
    if files:
        raise InvalidInputError(
            "--download va sans FICHIER : il télécharge celui que la source publie."
        )
    how = SOURCES[source].download
    if isinstance(how, str):
        raise ByHand(how)
    if since and not how.by_day:
        raise InvalidInputError(f"La source « {source} » se télécharge entière, sans --since.")
    if since and since.date() > today:
        raise InvalidInputError("--since est dans l'avenir.")


@contextmanager
def newest_file(source: str, since: datetime | None, today: date) -> Iterator[Fetched]:
    """The newest file of a source, downloaded with a bar; no other download of it meanwhile.

    Raises OnlineError, ImportBusy.
    """
    how = SOURCES[source].download
    assert isinstance(how, Download)  # noqa: S101 - `check_request` saw to it
    folder = settings().data_dir / "downloads" / how.shelf
    folder.mkdir(parents=True, exist_ok=True)
    day = since.date() if since else _next_day(source) if how.by_day else None
    busy = "Cette source est en cours de téléchargement : attendez la fin, puis relancez."
    with alone(folder / "lock", busy):
        with client_for(how.access) as client, download_bar(f"Téléchargement de {source}") as bar:
            fetched = how.fetch(client, Asked(folder, today, day), bar)
        say(fetched.said)
        if fetched.missing:
            say(f"Téléchargement incomplet, il manque : {', '.join(fetched.missing)}.")
        yield fetched


def _next_day(source: str) -> date | None:
    """Where the last download of a source by the day left off, by what the database holds."""
    newest = reading(session()).scalar(newest_notice_of(source))
    session().rollback()
    return newest - OVERLAP if newest else None


def already_read(source: str, fetched: Fetched, options: Options) -> str | None:
    """What to say when reading the file would write nothing; None when it is to be read."""
    how = SOURCES[source].download
    if isinstance(how, Download) and how.by_day and not fetched.path.stat().st_size:
        return "Rien n'a paru dans cette période : il n'y a rien à lire."
    if options.dry_run or options.limit or options.accept_removals or fetched.missing:
        return None
    if not SOURCES[source].alone:
        return None
    run = still_current(reading(session()), source, sha256_of(fetched.path), rules_digest())
    session().rollback()
    if run is None:
        return None
    return (
        f"Fichier inchangé depuis la lecture {run.id}, avec les mêmes règles : il n'est pas relu."
    )
