"""`annuaire profiles edits|accept|refuse|purge`: what structures say of themselves, for those who
moderate, and the files that nobody names."""

from datetime import UTC, date, datetime
from typing import Any

import click

from annuaire.cli.context import application
from annuaire.cli.output import json_option, print_json
from annuaire.cli.settling import update_index
from annuaire.db import reading, writing
from annuaire.extensions import session, settings
from annuaire.profiles import files, queries, reviewing
from annuaire.profiles.fields import SUBJECTS
from annuaire.profiles.models import ProfileEdit
from annuaire.profiles.presenting import diff_lines
from annuaire.profiles.service import STATES

number = click.argument("edit_id", metavar="NUMÉRO", type=click.IntRange(1))


@click.group()
def profiles() -> None:
    """Les fiches que tiennent les structures : relire leurs modifications."""


@profiles.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1_000))
@json_option
def edits(limit: int, as_json: bool) -> None:
    """Ce qui est à relire : ce qui attend d'abord, puis ce qui est déjà visible."""
    with application():
        found = reading(session()).execute(queries.to_review().limit(limit)).all()
        rows = [_row(made, key, name) for made, key, name in found]
    if as_json:
        print_json({"edits": rows})
        return
    for row in rows:
        click.echo(
            f"{row['id']:>5}  {row['made_at'][:10]}  {STATES[row['state']]}  {row['key']}  "
            f"{row['name']} : {row['subject']}"
        )
        for line in row["changes"]:
            before, after = " ; ".join(line["before"]) or "rien", " ; ".join(line["after"])
            click.echo(f"       {line['field']} : {before[:200]} → {after[:200] or 'rien'}")


@profiles.command()
@number
@json_option
def accept(edit_id: int, as_json: bool) -> None:
    """Accepter une modification ; celle qui attendait devient visible."""
    with application():
        with writing(session()) as db_session:
            state = reviewing.accept(db_session, edit_id, None, _today()).state
        _told(edit_id, state, as_json)


@profiles.command()
@number
@click.option("--why", "reason", required=True, metavar="TEXTE", help="Ce que lit la structure.")
@json_option
def refuse(edit_id: int, reason: str, as_json: bool) -> None:
    """Refuser une modification : la page montre de nouveau ce qui précédait."""
    with application():
        with writing(session()) as db_session:
            state = reviewing.refuse(db_session, edit_id, None, reason, _today()).state
        _told(edit_id, state, as_json)


@profiles.command()
@json_option
def purge(as_json: bool) -> None:
    """Effacer les fichiers envoyés depuis plus de 30 jours qu'aucune fiche ne nomme (à lancer
    chaque jour)."""
    now = datetime.now(UTC)
    with application():
        with writing(session()) as db_session:
            count = files.forget_unnamed(db_session, now)
        removed = files.remove_forgotten(reading(session()), settings().data_dir, now)
    if as_json:
        print_json({"forgotten": count, "removed": removed})
        return
    click.echo(f"{count} envois oubliés, {removed} fichiers effacés du disque.")


def _told(edit_id: int, state: str, as_json: bool) -> None:
    update_index()
    if as_json:
        print_json({"id": edit_id, "state": state})
        return
    click.echo(f"La modification {edit_id} est {STATES[state]}.")


def _row(made: ProfileEdit, key: str, name: str) -> dict[str, Any]:
    return {
        "id": made.id,
        "key": key,
        "name": name,
        "subject": SUBJECTS.get(made.subject, made.subject),
        "state": made.state,
        "made_at": made.made_at.isoformat(),
        "changes": [
            {"field": line.label, "before": line.before, "after": line.after}
            for line in diff_lines(made.diff)
        ],
    }


def _today() -> date:
    return date.today()  # noqa: DTZ011 - local day
