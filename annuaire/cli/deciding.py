"""`annuaire edit|hide|withdraw|decisions`: what people decide of a structure."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

import click
from sqlalchemy.orm import Session

from annuaire.cli.context import application
from annuaire.cli.output import DefaultGroup, json_option, plain_key, print_json
from annuaire.cli.settling import settle, update_index
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import session
from annuaire.structures import deciding
from annuaire.structures.decision_models import StructureDecision
from annuaire.structures.decisions import ACTION_WORDS, decisions_of
from annuaire.structures.models import Structure
from annuaire.structures.service import by_siret
from importers.edits import read_edit

NAMES = {"name", "brand"}  # by which award notices are tied to a structure

F = TypeVar("F", bound=Callable[..., Any])


def signed(command: F) -> F:
    """The options of every decision: who decides, and why."""
    by = click.option("--by", "author", required=True, metavar="QUI", help="Qui décide.")
    why = click.option(
        "--why", "reason", required=True, metavar="TEXTE", help="Pour quelle raison."
    )
    return by(why(command))


@click.command()
@click.argument("key")
@click.argument("values", nargs=-1, required=True, metavar="CHAMP=VALEUR…")
@signed
@json_option
def edit(key: str, values: tuple[str, ...], author: str, reason: str, as_json: bool) -> None:
    """Corriger des champs d'une structure ; aucune lecture ne les remplace ensuite."""
    given = dict(_assignments(values))
    for name in given:
        deciding.refuse_field(name)

    def decide(db_session: Session, structure: Structure, today: date) -> StructureDecision:
        checked = read_edit(given, {name: getattr(structure, name) for name in deciding.PLACE})
        return deciding.edit(db_session, structure, checked, author, reason, today)

    _decide(key, decide, as_json)


def _assignments(values: Iterable[str]) -> Iterable[tuple[str, str]]:
    seen: set[str] = set()
    for value in values:
        name, found, text = value.partition("=")
        if not found:
            raise InvalidInputError(f"« {value[:60]} » : écrivez champ=valeur.")
        if name in seen:
            raise InvalidInputError(f"Le champ « {name[:40]} » est donné deux fois.", name)
        seen.add(name)
        yield name, text


@click.command()
@click.argument("key")
@click.argument("field", metavar="CHAMP")
@signed
@json_option
def hide(key: str, field: str, author: str, reason: str, as_json: bool) -> None:
    """Ne plus montrer un champ d'une structure, quoi qu'en disent les sources."""
    _decide(
        key,
        lambda db_session, structure, today: deciding.hide(
            db_session, structure, field, author, reason, today
        ),
        as_json,
    )


@click.command()
@click.argument("key")
@signed
@json_option
def withdraw(key: str, author: str, reason: str, as_json: bool) -> None:
    """Retirer une structure de l'annuaire à sa demande ; aucune lecture ne la ramène."""
    _decide(
        key,
        lambda db_session, structure, today: deciding.withdraw(
            db_session, structure, author, reason, today
        ),
        as_json,
    )


@click.group(cls=DefaultGroup, default="show")
def decisions() -> None:
    """Les décisions prises sur une structure (annuaire decisions CLÉ), et en annuler une."""


@decisions.command()
@click.argument("key")
@json_option
def show(key: str, as_json: bool) -> None:
    """Toutes les décisions prises sur une structure, dans leur ordre."""
    with application():
        db_session = reading(session())
        structure = by_siret(db_session, plain_key(key), withdrawn=True)
        rows = [*described(db_session.scalars(decisions_of(structure.id)))]
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("Aucune décision n'a été prise sur cette structure.")
    for row in rows:
        click.echo(sentence(row))


@decisions.command()
@click.argument("decision_id", metavar="NUMÉRO", type=click.IntRange(1))
@signed
@json_option
def undo(decision_id: int, author: str, reason: str, as_json: bool) -> None:
    """Annuler une décision : la structure redevient ce que disent les sources et le reste."""
    with application():
        with writing(session()) as db_session:
            found = deciding.undo(db_session, decision_id, author, reason, _today())
            (row,) = described([found])
        settle()
    _tell(row, as_json)


def _decide(
    key: str, decide: Callable[[Session, Structure, date], StructureDecision], as_json: bool
) -> None:
    """Take a decision in one transaction, and bring the index up to date."""
    with application():
        with writing(session()) as db_session:
            structure = by_siret(db_session, plain_key(key), withdrawn=True)
            (row,) = described([decide(db_session, structure, _today())])
        if row["action"] == "withdraw" or NAMES & row["values"].keys():
            settle()
        else:
            update_index()
    _tell(row, as_json)


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the user's day


def _tell(row: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(row)
        return
    click.echo(f"Enregistré. {sentence(row)}")
    click.echo(
        f'Pour revenir en arrière : annuaire decisions undo {row["id"]} --by QUI --why "…"'
        if row["action"] != "undo"
        else "La structure est de nouveau ce que disent ses sources et les autres décisions."
    )


def described(rows: Iterable[StructureDecision]) -> Iterable[dict[str, Any]]:
    """Decisions as plain values; `undone_by` is the number of the one that undid it."""
    kept = list(rows)
    undone = {row.undoes: row.id for row in kept if row.undoes}
    for row in kept:
        yield {
            "id": row.id,
            "action": row.action,
            "field": row.field,
            "values": row.values,
            "undoes": row.undoes,
            "undone_by": undone.get(row.id),
            "author": row.author,
            "reason": row.reason,
            "decided_at": row.decided_at.isoformat(),
        }


def sentence(row: dict[str, Any]) -> str:
    """« n° 3, 2026-11-28 10:00, modification (phone = +33…) par …, raison : … »."""
    what = ", ".join(f"{name} = {value}" for name, value in row["values"].items())
    what = what or row["field"] or (f"de la décision {row['undoes']}" if row["undoes"] else "")
    undone = f" [annulée par la décision {row['undone_by']}]" if row["undone_by"] else ""
    return (
        f"n° {row['id']}, {row['decided_at'][:16].replace('T', ' ')}, "
        f"{ACTION_WORDS[row['action']]}{f' ({what})' if what else ''} par {row['author']}, "
        f"raison : {row['reason']}{undone}"
    )
