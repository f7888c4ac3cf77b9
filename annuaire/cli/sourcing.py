"""`annuaire sourcing run`: reminders, ends and erasing of the requests sent to structures."""

import os
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime

import click

from annuaire.cli.context import application
from annuaire.cli.following import GoesOn, follow
from annuaire.cli.output import json_option, print_json
from annuaire.extensions import session, settings
from annuaire.sourcing.links import Links
from annuaire.sourcing.running import Done, run_once

PAUSE_S = 60.0  # between two turns: reminders and ends are of a day
LOOK_S = 1.0  # between two looks at the process that started this one


@click.group()
def sourcing() -> None:
    """Les demandes envoyées aux structures : relances, clôtures, effacement."""


@sourcing.command("run", cls=GoesOn)
@click.option("--once", is_flag=True, help="Un seul passage.")
@click.option("--parent", type=int, hidden=True, help="S'arrêter avec ce processus.")
@json_option
def run_(once: bool, parent: int | None, as_json: bool) -> None:
    """Relancer les structures silencieuses, clore et effacer à leur date, jusqu'à Ctrl+C."""
    done = Done()

    def step() -> None:
        nonlocal done
        links = Links(settings().secret_key, settings().public_url)
        done = run_once(session(), links, datetime.now(UTC))
        session().rollback()

    def wait() -> bool:
        if once:
            return True
        ends = time.monotonic() + PAUSE_S
        while time.monotonic() < ends:
            if parent is not None and os.getppid() != parent:
                return True
            time.sleep(LOOK_S)
        return False

    with application(), suppress(KeyboardInterrupt):
        follow(step, wait)
    if as_json:
        print_json(asdict(done))
    elif once:
        click.echo(
            f"{done.reminded} relances, {done.closed} demandes closes, {done.erased} effacements."
        )
