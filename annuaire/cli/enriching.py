"""`annuaire enrich`: asks public services about the structures of the register."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from annuaire.cli.context import application
from annuaire.cli.importing import print_summary, summary_json
from annuaire.cli.online import client_for
from annuaire.cli.output import json_option, print_json, progress, say
from annuaire.cli.settling import settle_or_say_why
from annuaire.db import reading
from annuaire.errors import InvalidInputError
from annuaire.extensions import session, settings
from annuaire.structures.enriching import due, known_numbers
from importers.descriptions import DESCRIPTIONS
from importers.http import Access, Client
from importers.rows import Row
from importers.run import Options, Summary, run_import
from importers.sources import marche, recherche_entreprises
from importers.targets import Answers, Directory, Target

BATCH = 50  # answers a transaction: eight seconds of asking at the most are asked again
ASKED, LISTED = "recherche_entreprises", "marche"


@click.command()
@click.option("--limit", type=click.IntRange(1, 10**9), help="Ne demander que N structures.")
@click.option(
    "--older-than", default=30, show_default=True, type=click.IntRange(0, 36_500), metavar="JOURS",
    help="Redemander ce qui l'a été il y a plus de JOURS jours.",
)  # fmt: skip
@click.option(
    "--source", default=ASKED, show_default=True, type=click.Choice([ASKED, LISTED]),
    help="Le service à interroger.",
)  # fmt: skip
@json_option
def enrich(limit: int | None, older_than: int, source: str, as_json: bool) -> None:
    """Compléter les structures connues par un service public ; se relance sans rien perdre."""
    with application():
        options = Options(date.today(), batch=BATCH)  # noqa: DTZ011 - local day
        if source == LISTED:
            summary, left = _read_list(replace(options, limit=limit)), 0
        else:
            summary, left = _ask(options, limit, older_than)
        late = settle_or_say_why()
    if as_json:
        print_json(summary_json(summary) | {"left": left})
    else:
        print_summary(summary)
    if left:
        say(f"Il reste {left} structures à demander : relancez la commande.")
    if late:
        say(f"Ce qui a été lu est enregistré, mais la recherche ne le voit pas encore. {late}")
    raise click.exceptions.Exit(summary.exit_code or int(late is not None))


def _ask(options: Options, limit: int | None, older_than: int) -> tuple[Summary, int]:
    """Ask about each structure that is due; gives what was done, and how many are left."""
    before = datetime.now(UTC) - timedelta(days=older_than)
    numbers = due(reading(session()), ASKED, before)
    session().rollback()
    asked = numbers[:limit]
    if not asked:
        say("Aucune structure à demander.")
        return Summary(ASKED), 0
    summary = _run(
        ASKED,
        recherche_entreprises.ACCESS,
        lambda client: recherche_entreprises.ask_all(client, asked),
        Answers(ASKED, options.today),
        options,
        len(asked),
    )
    return summary, len(numbers) - summary.accepted


def _read_list(options: Options) -> Summary:
    """Read the whole list of le marché."""
    token = settings().marche_token
    if not token:
        raise InvalidInputError(
            "L'API du marché demande un jeton : donnez-le par ANNUAIRE_MARCHE_TOKEN."
        )
    known = known_numbers(reading(session()))
    session().rollback()
    return _run(
        LISTED,
        marche.ACCESS,
        lambda client: marche.read_pages(client, token, known),
        Directory(LISTED, options.today),
        options,
        None,
    )


def _run(
    source: str,
    access: Access,
    read: Callable[[Client], Iterator[Row[Any]]],
    target: Target,
    options: Options,
    total: int | None,
) -> Summary:
    """One run that reads a service in place of a file."""
    (host,) = access.hosts
    with client_for(access) as client, progress(f"Demandes à {host}", total) as on_row:
        return run_import(
            session(),
            DESCRIPTIONS[source],
            lambda _path, _options: read(client),
            target,
            Path(host),
            options,
            settings().data_dir / "import.lock",
            on_row,
        )
