"""`annuaire webhooks run|follow|status|replay`: what platforms are told of changes."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import click

from annuaire.api.events import Telling, prepare
from annuaire.cli import online
from annuaire.cli.context import application
from annuaire.cli.lasting import GoesOn, follow, parent_option, pause
from annuaire.cli.output import json_option, print_json
from annuaire.db import reading, writing
from annuaire.errors import NotFoundError
from annuaire.extensions import engine, session, settings
from annuaire.platforms import webhooks as service
from annuaire.platforms.models import Webhook
from annuaire.platforms.sending import send_due, waiting_counts
from annuaire.sources import source_titles
from annuaire.sql import numbered
from annuaire.wording import PARIS

PAUSE_S = 10.0  # between two turns


@click.group()
def webhooks() -> None:
    """Les webhooks des plateformes : envoyer, suivre, envoyer de nouveau."""


@webhooks.command()
@json_option
def run(as_json: bool) -> None:
    """Préparer et envoyer ce qui attend, une fois."""
    with application():
        counts = turn()
    if as_json:
        print_json(counts)
    else:
        click.echo(
            f"{counts['prepared']} messages préparés, {counts['sent']} reçus, "
            f"{counts['failed']} à reprendre, {counts['dropped']} abandonnés."
        )


@webhooks.command("follow", cls=GoesOn)
@parent_option
def follow_(parent: int | None) -> None:
    """Préparer et envoyer ce qui attend, jusqu'à Ctrl+C."""
    with application(), suppress(KeyboardInterrupt):
        follow(turn, pause(PAUSE_S, parent))


def turn() -> dict[str, int]:
    """One turn: what is new put in the log, what is due sent. Raises EngineUnavailable."""
    now = datetime.now(UTC)
    today, url = now.astimezone(PARIS).date(), settings().public_url
    telling = Telling(engine(), now, today, source_titles(), url)
    prepared = prepare(session(), telling)
    sent = send_due(session(), online.connector(), settings().secret_key, now)
    return {"prepared": prepared} | sent


@webhooks.command()
@json_option
def status(as_json: bool) -> None:
    """Chaque webhook : ce qui attend, ce qui échoue, ce qui est arrêté."""
    with application():
        counts = waiting_counts(session())
        rows = [
            _row(hook) | {"deliveries": counts.get(hook.id, {})}
            for hook in reading(session()).scalars(service.all_webhooks())
        ]
    if as_json:
        print_json({"webhooks": rows})
        return
    click.echo(f"{len(rows)} webhooks.")
    for row in rows:
        told = row["deliveries"]
        state = (
            f"arrêté : {row['disabled_why']}"
            if row["disabled_why"]
            else (
                f"en échec depuis {row['failing_since'][:16]}" if row["failing_since"] else "actif"
            )
        )
        click.echo(
            f"{row['id']:>5}  {row['url']}  {state} ; {told.get('waiting', 0)} en attente, "
            f"{told.get('sent', 0)} reçus, {told.get('dropped', 0)} abandonnés"
        )


@webhooks.command()
@click.argument("number", metavar="NUMÉRO", type=click.IntRange(1))
@click.argument("message_id", metavar="MESSAGE")
def replay(number: int, message_id: str) -> None:
    """Envoyer de nouveau un MESSAGE du webhook NUMÉRO, et le rétablir s'il était arrêté."""
    with application(), writing(session()) as db_session:
        hook = numbered(db_session, Webhook, number)
        if hook is None:
            raise NotFoundError(f"Aucun webhook ne porte le numéro {number}.")
        service.replay(db_session, hook, message_id, datetime.now(UTC))
    click.echo("Ce message repartira au prochain tour de « annuaire webhooks run ».")


def _row(hook: Webhook) -> dict[str, Any]:
    return {
        "id": hook.id,
        "url": hook.url,
        "failing_since": hook.failing_since.isoformat() if hook.failing_since else None,
        "disabled_why": hook.disabled_why,
    }
