"""`annuaire reports list|show|answer|purge`: what visitors report, for those who moderate."""

from datetime import UTC, datetime
from typing import Any

import click

from annuaire.cli.context import application
from annuaire.cli.output import json_option, print_json
from annuaire.db import reading, writing
from annuaire.extensions import session
from annuaire.structures import reports as service
from annuaire.structures.decision_models import StructureReport
from annuaire.structures.report_form import KINDS

number = click.argument("report_id", metavar="NUMÉRO", type=click.IntRange(1))


@click.group()
def reports() -> None:
    """Les signalements des visiteurs : les lire, y répondre, les effacer."""


@reports.command("list")
@click.option("--state", type=click.Choice(sorted(service.STATES)), help="Un seul état.")
@click.option("--page", default=1, show_default=True, type=click.IntRange(1, 10**9))
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1_000))
@json_option
def list_(state: str | None, page: int, limit: int, as_json: bool) -> None:
    """Les signalements, ceux qui attendent d'abord."""
    with application():
        db_session = reading(session())
        total = db_session.scalar(service.count_reports(state)) or 0
        found = service.reports(state).offset((page - 1) * limit).limit(limit)
        rows = [_row(*listed) for listed in db_session.execute(found)]
    if as_json:
        print_json({"total": total, "page": page, "reports": rows})
        return
    click.echo(f"{total} signalements.")
    for row in rows:
        click.echo(
            f"{row['id']:>5}  {row['created_at'][:10]}  {service.STATES[row['state']]:<10} "
            f"{row['key']}  {row['name']} : {KINDS[row['kind']]}"
        )


@reports.command()
@number
@json_option
def show(report_id: int, as_json: bool) -> None:
    """Un signalement en entier."""
    with application():
        row = _row(*service.report_by_id(reading(session()), report_id))
    if as_json:
        print_json(row)
        return
    click.echo(f"Signalement {row['id']} du {row['created_at'][:16].replace('T', ' ')}")
    click.echo(f"Structure : {row['name']} ({row['key']})")
    click.echo(f"Motif : {KINDS[row['kind']]}")
    click.echo(f"Courriel : {row['email'] or '(aucun)'}")
    click.echo(f"État : {service.STATES[row['state']]}")
    click.echo(row["text"] or "(texte effacé)")
    if row["state"] == "answered":
        click.echo(f"Réponse de {row['answered_by']} : {row['answer'] or '(effacée)'}")


@reports.command()
@number
@click.option("--text", required=True, metavar="TEXTE", help="La réponse.")
@click.option("--by", "author", required=True, metavar="QUI", help="Qui répond.")
@json_option
def answer(report_id: int, text: str, author: str, as_json: bool) -> None:
    """Garder la réponse à un signalement ; aucun courriel n'est envoyé."""
    with application(), writing(session()) as db_session:
        service.answer(db_session, report_id, text, author)
        db_session.flush()
        row = _row(*service.report_by_id(db_session, report_id))
    if as_json:
        print_json(row)
        return
    to = f" Écrivez-lui à {row['email']}." if row["email"] else ""
    click.echo(f"La réponse au signalement {row['id']} est gardée.{to}")


@reports.command()
@json_option
def purge(as_json: bool) -> None:
    """Effacer texte, adresse et réponse six mois après la réponse (à lancer chaque jour)."""
    with application(), writing(session()) as db_session:
        count = service.purge(db_session, datetime.now(UTC))
    print_json({"erased": count}) if as_json else click.echo(f"{count} signalements effacés.")


def _row(report: StructureReport, key: str, name: str) -> dict[str, Any]:
    return {
        "id": report.id,
        "key": key,
        "name": name,
        "kind": report.kind,
        "text": report.text,
        "email": report.email,
        "state": report.state,
        "created_at": report.created_at.isoformat(),
        "answer": report.answer,
        "answered_by": report.answered_by,
        "answered_at": report.answered_at.isoformat() if report.answered_at else None,
    }
