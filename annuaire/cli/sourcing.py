"""`annuaire sourcing run`: reminders, ends and erasing of the requests sent to structures."""

from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime

import click

from annuaire.cli.context import application
from annuaire.cli.lasting import GoesOn, follow, parent_option, pause
from annuaire.cli.output import json_option, print_json
from annuaire.extensions import session, settings
from annuaire.sourcing.links import Links
from annuaire.sourcing.running import Done, run_once

PAUSE_S = 60.0  # between two turns: reminders and ends are of a day


@click.group()
def sourcing() -> None:
    """Les demandes envoyées aux structures : relances, clôtures, effacement."""


@sourcing.command("run", cls=GoesOn)
@click.option("--once", is_flag=True, help="Un seul passage.")
@parent_option
@json_option
def run_(once: bool, parent: int | None, as_json: bool) -> None:
    """Relancer les structures silencieuses, clore et effacer à leur date, jusqu'à Ctrl+C."""
    with application(), suppress(KeyboardInterrupt):
        if not once:
            follow(turn, pause(PAUSE_S, parent))
            return
        done = turn()
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(
            f"{done.reminded} relances, {done.closed} demandes closes, {done.erased} effacements."
        )


def turn() -> Done:
    """One turn: what is due now."""
    links = Links(settings().secret_key, settings().public_url)
    done = run_once(session(), links, datetime.now(UTC))
    session().rollback()
    return done
