"""`annuaire mail bounces`, `suspended`, `suspend`, `lift`: what came back, and its effect."""

from dataclasses import asdict
from datetime import UTC, datetime
from itertools import chain

import click

from annuaire.cli.context import application
from annuaire.cli.mailing import mail
from annuaire.cli.output import json_option, print_json
from annuaire.db import reading, writing
from annuaire.errors import NotFoundError
from annuaire.extensions import session
from annuaire.mail import suspending
from annuaire.mail.letters import usable_address
from annuaire.mail.overview import suspended_addresses
from annuaire.mail.returns import mails_of, note_returns
from annuaire.wording import date_heure_fr


@mail.command("bounces")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True))
@json_option
def bounces(files: tuple[str, ...], as_json: bool) -> None:
    """Lire les retours de courriels et les plaintes : fichiers, mbox, Maildir, ou « - »."""
    with application():
        mails = chain.from_iterable(map(mails_of, files))
        found = note_returns(session(), mails, datetime.now(UTC))
    if as_json:
        print_json(asdict(found))
        return
    click.echo(
        f"{found.mails} messages lus : {found.hard} échecs définitifs, {found.soft} passagers, "
        f"{found.complaint} plaintes, {found.other} refus sans lien avec l'adresse, "
        f"{found.unknown} sur des courriels inconnus, {found.ignored} qui ne sont pas des retours. "
        f"Adresses nouvellement suspendues : {found.suspended}."
    )


@mail.command("suspended")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 100_000))
@json_option
def suspended(limit: int, as_json: bool) -> None:
    """Lister les adresses auxquelles rien n'est envoyé, les dernières d'abord."""
    with application():
        found = suspended_addresses(reading(session()), limit)
    if as_json:
        print_json({"suspended": [asdict(each) for each in found]})
        return
    for each in found:
        why = suspending.REASONS[each.reason]
        click.echo(f"{each.address} : {why}, depuis le {date_heure_fr(each.since)}")
        if each.detail:
            click.echo(f"  {each.detail}")


@mail.command("suspend")
@click.argument("address")
@click.option("--why", required=True, help="La raison, gardée avec l'adresse.")
def suspend(address: str, why: str) -> None:
    """Ne plus rien envoyer à une adresse."""
    usable = usable_address(address)
    with application(), writing(session()) as db_session:
        new = suspending.suspend(db_session, usable, "by_hand", why, datetime.now(UTC))
    click.echo("Adresse suspendue." if new else "Cette adresse était déjà suspendue.")


@mail.command("lift")
@click.argument("address")
@click.option("--by", "who", required=True, help="Qui le décide.")
def lift(address: str, who: str) -> None:
    """Écrire de nouveau à une adresse suspendue."""
    with application(), writing(session()) as db_session:
        if not suspending.lift(db_session, address, who, datetime.now(UTC)):
            raise NotFoundError(f"Cette adresse n'est pas suspendue : {address}")
    click.echo("Les courriels partent de nouveau vers cette adresse.")
