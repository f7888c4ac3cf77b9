"""`annuaire evaluate clauses|activities|matching`: the figures on a labelled file."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from annuaire.activities.evaluate import evaluate_file as evaluate_activities
from annuaire.clauses.evaluate import evaluate as evaluate_clauses
from annuaire.cli.context import application
from annuaire.cli.output import json_option, print_json
from annuaire.db import reading
from annuaire.errors import InvalidInputError
from annuaire.extensions import session
from annuaire.matching.candidates import from_stored
from annuaire.matching.evaluate import ablation as off_in_turn
from annuaire.matching.evaluate import evaluate as evaluate_matching
from annuaire.matching.evaluate import load_awards, load_rows
from search.documents import all_ids, documents

labelled = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FICHIER"
)


@click.group()
def evaluate() -> None:
    """Mesurer, sur un fichier étiqueté, ce que valent les règles."""


@evaluate.command("clauses")
@labelled
@json_option
def clauses_(file: Path, as_json: bool) -> None:
    """Clauses repérées dans « texte », ou à défaut « objet » et « lot » (lignes JSON)."""
    figures = evaluate_clauses(file)
    if not figures["n"]:
        raise InvalidInputError(f"{file.name} : le fichier est vide.")
    _show(figures, as_json)


@evaluate.command("activities")
@labelled
@json_option
def activities_(file: Path, as_json: bool) -> None:
    """Activités déduites d'intitulés (CSV)."""
    _show(evaluate_activities(file), as_json)


@evaluate.command("matching")
@labelled
@click.option(
    "--awards",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Avis d'attribution qui instruisent, chacun pour les seuls lots postérieurs.",
)
@click.option("--ablation", is_flag=True, help="Les mêmes chiffres, chaque critère retiré.")
@json_option
def matching_(file: Path, awards: tuple[Path, ...], ablation: bool, as_json: bool) -> None:
    """Rang du vrai gagnant parmi les structures de la base (CSV)."""
    today = date.today()  # noqa: DTZ011 - local day
    with application():
        db_session = reading(session())
        candidates = [
            from_stored(stored)
            for ids in all_ids(db_session, "structures")
            for document in documents(db_session, "structures", ids, today)
            if isinstance(stored := document["_stored"], Mapping)
        ]
    rows, taught = load_rows(file), load_awards(awards)
    if ablation:
        _show({"ablation": off_in_turn(rows, candidates, taught)}, as_json)
    else:
        _show(evaluate_matching(rows, candidates, taught), as_json)


def _show(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(result)
        return
    for line in _lines(result):
        click.echo(line)


def _lines(result: dict[str, Any], prefix: str = "") -> list[str]:
    lines: list[str] = []
    for key, value in result.items():
        if isinstance(value, dict):
            lines += _lines(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            lines.append(f"{prefix}{key} : {len(value)}")
            lines += [f"    {item}" for item in value]
        else:
            shown = f"{value:.3f}" if isinstance(value, float) else value
            lines.append(f"{prefix}{key} : {shown}")
    return lines
