"""`annuaire follow`: requests, webhooks and alerts followed by one process, a thread each.

What must answer within a second or two (the index), what works for minutes (plans) and what may
not be killed in the middle of a letter (mails) has a process of its own.
"""

import math
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

import click
from flask import Flask

from annuaire.cli import alerting, hooking, sourcing
from annuaire.cli.context import application
from annuaire.cli.lasting import GoesOn, follow, parent_option, pause
from annuaire.extensions import settings


@click.command("follow", cls=GoesOn)
@parent_option
def follow_(parent: int | None) -> None:
    """Relancer et clore les demandes, prévenir les webhooks et, quand un serveur d'envoi est réglé,
    composer les alertes, jusqu'à Ctrl+C."""
    stop = Event()
    with application() as app, suppress(KeyboardInterrupt):
        jobs = [(sourcing.turn, sourcing.PAUSE_S), (hooking.turn, hooking.PAUSE_S)]
        if settings().smtp_url:
            jobs.append((alerting.steps(), alerting.PAUSE_S))
        threads = [
            Thread(target=_work, args=(app, step, seconds, stop.is_set), daemon=True)
            for step, seconds in jobs
        ]
        for thread in threads:
            thread.start()
        try:
            pause(math.inf, parent)()
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def _work(
    app: Flask, step: Callable[[], object], seconds: float, stopping: Callable[[], bool]
) -> None:
    """Follow in a context, and so with a session, of its own."""
    with app.app_context():
        follow(step, pause(seconds, None, stopping))
