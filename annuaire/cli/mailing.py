"""`annuaire mail`: letters that wait, their sending, what is kept of them."""

import os
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from annuaire.cli.context import application
from annuaire.cli.lasting import GoesOn, follow, parent_option, pause
from annuaire.cli.output import json_option, print_json, say
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import session, settings
from annuaire.mail import keeping
from annuaire.mail.overview import Overview, overview, waiting_letters
from annuaire.mail.policy import Policy, Sender
from annuaire.mail.rendering import render
from annuaire.mail.sending import Counts, send_waiting
from annuaire.mail.servers import From, NoServer, Server, ServerAway, server_of
from annuaire.mail.service import queue
from annuaire.mail.suspending import REASONS
from annuaire.wording import date_heure_fr, pluriel

PAUSE_S = 1.0  # between two looks for a letter that waits
PURGE_EVERY = timedelta(days=1)


@click.group()
def mail() -> None:
    """Les courriels : envoi, attente, retours, adresses suspendues."""


@contextmanager
def _sender() -> Iterator[Sender]:
    """A sender that ends the letter in hand when it is asked to stop, and stops at once when it is
    asked again."""
    asked: list[int] = []

    def ask(number: int, _frame: object) -> None:
        asked.append(number)
        signal.signal(number, usual[number])

    name = f"{os.getpid()}-{secrets.token_hex(4)}"
    usual: dict[int, Any] = {}
    for number in (signal.SIGTERM, signal.SIGINT):
        usual[number] = signal.signal(number, ask)
    try:
        yield Sender(name, stopping=lambda: bool(asked))
    finally:
        for each, handler in usual.items():
            signal.signal(each, handler)


@mail.command("send")
@json_option
def send(as_json: bool) -> None:
    """Envoyer les courriels qui attendent, une fois."""
    with application(), _sender() as sender:
        counts = send_waiting(session(), *server_of(settings()), sender)
    if as_json:
        print_json(asdict(counts))
    else:
        click.echo(_sentence(counts))


@mail.command("follow", cls=GoesOn)
@parent_option
def follow_(parent: int | None) -> None:
    """Envoyer chaque courriel dès qu'il est dû, et effacer les anciens, jusqu'à Ctrl+C."""

    with application(), suppress(KeyboardInterrupt), _sender() as sender:
        step = following(*server_of(settings()), sender, Policy())
        follow(step, pause(PAUSE_S, parent, sender.stopping))


def following(server: Server, origin: From, sender: Sender, policy: Policy) -> Callable[[], object]:
    """What is done at each look: letters sent, old ones erased. A server that is away is said
    once, and looked for again after growing pauses."""
    away, again_at, purge_at, said = 0, sender.now(), sender.now(), ""

    def step() -> None:
        nonlocal away, again_at, purge_at, said
        now = sender.now()
        if now >= purge_at:
            keeping.purge(session(), now)
            purge_at = now + PURGE_EVERY
        if now < again_at:
            return
        try:
            send_waiting(session(), server, origin, sender, policy)
            away, said = 0, ""
        except ServerAway as error:
            pause = policy.server_pauses[min(away, len(policy.server_pauses) - 1)]
            away, again_at = away + 1, now + timedelta(seconds=pause)
            if error.message != said:
                say(error.message)
            said = error.message

    return step


@mail.command("status")
@json_option
def status(as_json: bool) -> None:
    """Dire ce qui attend, ce qui est parti, ce qui fut refusé, les adresses suspendues."""
    with application():
        found = overview(reading(session()), datetime.now(UTC))
        try:
            server_of(settings())
            server = None
        except NoServer as error:
            server = error.message
    if as_json:
        print_json({"ok": server is None, "message": server} | asdict(found))
        return
    for line in _status_lines(found):
        click.echo(line)
    if server:
        say(server)


@mail.command("show")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
def show(limit: int) -> None:
    """Montrer le texte des courriels qui attendent, pour qui développe sans serveur d'envoi."""
    with application():
        if settings().production:
            raise InvalidInputError(
                "En production, les courriels ne se lisent pas : « annuaire mail status » dit "
                "combien attendent."
            )
        for letter in waiting_letters(reading(session()), limit):
            click.echo(f"À : {letter.recipient}\nObjet : {letter.subject}\n\n{letter.text}\n")


@mail.command("test")
@click.argument("address")
def test_(address: str) -> None:
    """Envoyer un courriel d'essai à une adresse, tout de suite."""
    now = datetime.now(UTC)
    with application(), _sender() as sender:
        server, origin = server_of(settings())
        letter = render(
            "test", to=address, once=f"test:{secrets.token_hex(8)}", purpose="test",
            asked_at=now, public_url=settings().public_url,
        )  # fmt: skip
        with writing(session()) as db_session:
            if not queue(db_session, letter):
                raise InvalidInputError(
                    "Cette adresse est suspendue : « annuaire mail lift » y renvoie des courriels."
                )
        click.echo(_sentence(send_waiting(session(), server, origin, sender)))


@mail.command("retry")
@click.option("--purpose", help="Seulement les courriels de cette sorte (alert, sourcing…).")
@json_option
def retry(purpose: str | None, as_json: bool) -> None:
    """Remettre en attente les courriels refusés dont le texte est encore gardé."""
    with application(), writing(session()) as db_session:
        count = keeping.retry(db_session, datetime.now(UTC), purpose)
    if as_json:
        print_json({"waiting": count})
    else:
        click.echo(f"{pluriel(count, 'courriel remis', 'courriels remis')} en attente.")


@mail.command("purge")
@json_option
def purge(as_json: bool) -> None:
    """Effacer adresse et texte des courriels partis ou refusés depuis plus de trente jours."""
    with application():
        count = keeping.purge(session(), datetime.now(UTC))
    if as_json:
        print_json({"erased": count})
    else:
        click.echo(f"{pluriel(count, 'courriel effacé', 'courriels effacés')}.")


def _sentence(counts: Counts) -> str:
    said = (
        f"{pluriel(counts.sent, 'courriel envoyé', 'courriels envoyés')}, "
        f"{counts.delayed} à représenter, {counts.refused} refusés."
    )
    if counts.doubtful:
        said += (
            f" {counts.doubtful} dont la réponse du serveur fut perdue : représentés sous le même "
            "identifiant, ils peuvent arriver deux fois."
        )
    return said


def _status_lines(found: Overview) -> list[str]:
    since = f", le plus ancien du {date_heure_fr(found.oldest)}" if found.oldest else ""
    lines = [f"En attente : {found.waiting}{since} (dont {found.due} dus)."]
    lines += [f"  {purpose} : {count}" for purpose, count in found.by_purpose.items()]
    lines.append(
        f"Partis : {found.sent} ; refusés : {found.refused} ; "
        f"écartés (adresse suspendue ou effacée) : {found.dropped} ; "
        f"réponses perdues : {found.doubts}."
    )
    if found.trouble:
        lines.append(f"Dernier obstacle : {found.trouble}")
    lines += [f"Refusé n° {each.id} ({each.purpose}) : {each.answer}" for each in found.refusals]
    lines.append(f"Adresses suspendues : {found.suspended_count}.")
    lines += [
        f"  {each.address} : {REASONS[each.reason]}, depuis le {date_heure_fr(each.since)}"
        for each in found.suspended
    ]
    return lines
