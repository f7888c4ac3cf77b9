"""`annuaire alerts`: what is looked for and told to those who subscribed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from annuaire.alerts import due_queries, queries
from annuaire.alerts.links import Site
from annuaire.alerts.working import Worker
from annuaire.cli.context import application
from annuaire.cli.lasting import GoesOn, follow, parent_option, pause
from annuaire.cli.output import json_option, print_json
from annuaire.db import reading
from annuaire.extensions import engine, session, settings
from annuaire.wording import date_heure_fr

PAUSE_S = 1.0  # between two looks at what changed


@click.group()
def alerts() -> None:
    """Les alertes par courriel : chercher à qui dire ce qui a changé, composer les courriels."""


@alerts.command("run")
@json_option
def run_(as_json: bool) -> None:
    """Faire une fois tout ce qui attend."""
    with application():
        done = _worker().work(session(), engine())
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(
            f"{done.looked_at} changements regardés, {done.found} choses à dire, "
            f"{done.letters} courriels confiés à l'envoi."
        )


@alerts.command("follow", cls=GoesOn)
@parent_option
def follow_(parent: int | None) -> None:
    """Faire ce qui attend dès que cela vient, jusqu'à Ctrl+C."""
    with application(), suppress(KeyboardInterrupt):
        follow(steps(), pause(PAUSE_S, parent))


def steps() -> Callable[[], object]:
    """What is done at each look: all that waits."""
    worker = _worker()
    return lambda: worker.work(session(), engine())


@alerts.command("status")
@json_option
def status_(as_json: bool) -> None:
    """Combien d'alertes, et ce qui attend."""
    with application():
        found = _status()
    if as_json:
        print_json(found)
        return
    for each in found["subscriptions"]:
        click.echo(f"{each['state']:<8} {each['kind']:<14} {each['count']}")
    since = date_heure_fr(found["waiting_since"]) or "personne n'attend"
    click.echo(
        f"{found['changes']} changements à regarder, {found['deliveries']} choses à dire, "
        f"{found['due']} courriels à composer ({since}) ; {found['troubled']} alertes à corriger."
    )


def _status() -> dict[str, Any]:
    db_session = reading(session())
    changes, changed_since = db_session.execute(queries.lines_waiting()).one()
    deliveries, due, due_since = db_session.execute(due_queries.digests_waiting(_now())).one()
    return {
        "subscriptions": [
            {"state": state, "kind": kind, "count": count}
            for state, kind, count in db_session.execute(due_queries.counts_by_state())
        ],
        "troubled": db_session.scalar(due_queries.troubled()),
        "changes": changes,
        "changes_since": changed_since and changed_since.isoformat(),
        "deliveries": deliveries,
        "due": due,
        "waiting_since": due_since and due_since.isoformat(),
    }


def _worker() -> Worker:
    return Worker(Site(settings().public_url, settings().secret_key), _now)


def _now() -> datetime:
    return datetime.now(UTC)
