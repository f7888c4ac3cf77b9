"""`annuaire plans`: the worker of the purchase plans that visitors send."""

import os
import secrets
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import click

from annuaire.cli.context import application
from annuaire.cli.lasting import GoesOn, follow, parent_option, pause
from annuaire.cli.output import json_option, print_json, progress, say
from annuaire.db import reading
from annuaire.errors import InvalidInputError
from annuaire.extensions import engine, session
from annuaire.matching.buying import buyer_key
from annuaire.plans.answering import Setting, answer_line, as_values
from annuaire.plans.rows import COLUMNS, plan_cover, rows
from annuaire.plans.service import purge, read_file
from annuaire.plans.working import Worker, work_once
from annuaire.takeaway.formats import FORMATS
from annuaire.takeaway.tables import Table
from annuaire.wording import PARIS, pluriel

PAUSE_S = 1.0  # between two looks for a plan that waits


@click.group()
def plans() -> None:
    """Les plans d'achat envoyés par les visiteurs."""


@plans.command("work", cls=GoesOn)
@click.option("--once", is_flag=True, help="S'arrêter quand aucun plan n'attend.")
@parent_option
def work_(once: bool, parent: int | None) -> None:
    """Analyser les plans qui attendent, effacer ceux de plus de sept jours, jusqu'à Ctrl+C."""
    worker = Worker(f"{os.getpid()}-{secrets.token_hex(4)}", _now, _local_day)

    def step() -> None:
        purge(session(), _now())
        while work_once(session(), engine(), worker):
            pass
        session().rollback()

    with application(), suppress(KeyboardInterrupt):
        step() if once else follow(step, pause(PAUSE_S, parent))


@plans.command("purge")
@json_option
def purge_(as_json: bool) -> None:
    """Effacer les plans de plus de sept jours."""
    with application():
        gone = purge(session(), _now())
    if as_json:
        print_json({"erased": gone})
    else:
        click.echo(f"{gone} plans effacés.")


def _now() -> datetime:
    return datetime.now(UTC)


def _local_day() -> date:
    return date.today()  # noqa: DTZ011 - local day


def match_plan(file: Path, out: Path, place: str | None, buyer: str | None, as_json: bool) -> None:
    """Answer all the lines of a plan and write them to a file, in the format of its ending.

    Exits 0 when no line was refused, 1 when some were, 2 when all were.
    """
    chosen = FORMATS.get(out.suffix.removeprefix(".").lower())
    if chosen is None or out.suffix.lower() == ".geojson":
        raise InvalidInputError("--out : le nom du fichier finit par .xlsx, .ods ou .csv.")
    lines = read_file(file)
    today = _local_day()
    with application():
        db_session = reading(session())
        key = buyer_key(db_session, buyer, place) if buyer else None
        setting = Setting(today, place, key)
        answers = []
        with progress("Lignes du plan", len(lines)) as advance:
            for line in lines:
                asked = not line.refusals
                answer = answer_line(db_session, engine(), line, setting) if asked else None
                answers.append((as_values(line), answer))
                advance(1)
    cover = plan_cover(file.name, datetime.now(PARIS), answers, place, buyer)
    with out.open("wb") as written:
        chosen.write(written, cover, Table("Lignes", COLUMNS, rows(answers)))
    refused = [line for line in lines if line.refusals]
    for line in refused:
        for refusal in line.refusals:
            say(f"Ligne {line.number}, {refusal.field} : {refusal.reason}")
    if as_json:
        print_json({"lines": len(lines), "refused": len(refused), "out": str(out)})
    else:
        said = f"{pluriel(len(lines), 'ligne')}, dont {pluriel(len(refused), 'refusée')}"
        click.echo(f"{said} : {out}")
    raise click.exceptions.Exit(0 if not refused else 1 if len(refused) < len(lines) else 2)
