"""`annuaire tend`: what time does to claims, sightings and answers, and what moderators decided
of held readings; every hour, by a timer."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import click

from annuaire.claims import service as claims
from annuaire.claims.letters import Site
from annuaire.cli.context import application
from annuaire.cli.output import json_option, print_json, say
from annuaire.db import writing
from annuaire.extensions import session, settings
from annuaire.moderation import service as moderation
from annuaire.outbox import forget_followers
from annuaire.runs import STATE_WORDS
from annuaire.structures.held_removals import apply_decided, forget_older
from annuaire.workspace.seeing import count_files
from importers.locking import ImportBusy, importing

#: What changed longer ago is told to nobody (docs/operations.md, « Alerts »).
FOLLOWED: Final = timedelta(days=30)


@click.command()
@json_option
def tend(as_json: bool) -> None:
    """Faire passer le temps : rattachements échus ou à rappeler, vues à compter, textes à effacer,
    retraits acceptés par la modération (à lancer chaque heure)."""
    now = datetime.now(UTC)
    with application():
        site = Site(settings().public_url, settings().secret_key)
        ended = _let_time_pass(site, now)
        _remind(site, now)
        seen = count_files(session(), settings().data_dir, now)
        with writing(session()) as db:
            erased = moderation.purge(db, now) + claims.purge(db, now)
            forget_followers(db, now - FOLLOWED)
            forget_older(db)
        applied = _apply_decided()
    counts = {"claims_ended": ended, "sightings": seen, "erased": erased, "removals": applied}
    if as_json:
        print_json(counts)
        return
    click.echo(
        f"{ended} rattachements échus, {seen} vues comptées, {erased} textes effacés, "
        f"{applied} lectures retenues réglées."
    )


def _let_time_pass(site: Site, now: datetime) -> int:
    """Batch by batch, until nothing is past its time."""
    ended = 0
    while True:
        with writing(session()) as db:
            count = claims.let_time_pass(db, site, now)
        ended += count
        if not count:
            return ended


def _apply_decided() -> int:
    """Do what was decided of held readings; returns of how many. While a file is read they wait
    for the next hour."""
    lock = importing(session(), settings().data_dir / "import.lock")
    applied = 0
    try:
        for run, count in apply_decided(session(), lock, date.today()):  # noqa: DTZ011 - local day
            say(f"{run.source}, lecture {run.id} : {STATE_WORDS[run.state]} ({count} fiches).")
            applied += 1
    except ImportBusy as error:
        say(error.message)
    return applied


def _remind(site: Site, now: datetime) -> None:
    after: int | None = 0
    while after is not None:
        with writing(session()) as db:
            after = claims.remind(db, site, now, after)
