"""`annuaire check`: whether suppliers are inclusive, by their numbers."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from annuaire.cli.context import application
from annuaire.cli.output import json_option, print_json
from annuaire.db import reading
from annuaire.errors import InvalidInputError
from annuaire.extensions import session
from annuaire.sources import source_titles
from annuaire.takeaway.answers import AnswerLine, answer_line
from annuaire.takeaway.checking import check as check_numbers
from annuaire.takeaway.lists import MAX_LINES, Asked, numbers_of
from annuaire.takeaway.numbers import read_number
from annuaire.takeaway.verdicts import INVALID, VERDICTS
from importers.files.grids import grids_of_file


@click.command()
@click.argument("numbers", nargs=-1, metavar="[SIRET]…")
@click.option(
    "--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"Liste (CSV, XLSX, ODS, texte), {MAX_LINES} lignes au plus.",
)  # fmt: skip
@json_option
def check(numbers: tuple[str, ...], file: Path | None, as_json: bool) -> None:
    """Dire si des fournisseurs sont inclusifs, par SIRET ou SIREN."""
    asked = [Asked(line, read_number(text)) for line, text in enumerate(numbers, 1)]
    if file:
        asked += numbers_of(grids_of_file(file, MAX_LINES))
    if not asked:
        raise InvalidInputError("Donnez au moins un SIRET ou un SIREN, ou --file FICHIER.")
    with application():
        found = check_numbers(reading(session()), asked, date.today())  # noqa: DTZ011 - user's day
        lines = [answer_line(checked, source_titles()) for checked in found]
    wrong = sum(line.verdict == INVALID for line in lines)
    if as_json:
        print_json({"results": [_as_json(line) for line in lines], "invalid": wrong})
    else:
        for line in lines:
            _print(line)
    raise click.exceptions.Exit(0 if not wrong else 1 if wrong < len(lines) else 2)


def _as_json(line: AnswerLine) -> dict[str, Any]:
    return {
        "line": line.line,
        "given": line.given,
        "number": line.number or None,
        "verdict": line.verdict,
        "sentence": line.sentence,
        "moved_to": line.moved_to,
        "name": line.name or None,
        "city": line.city or None,
        "statuses": line.statuses,
        "past_statuses": line.past,
        "esus": line.esus,
        "siblings": [name for name, _ in line.siblings],
        "note": line.note or None,
    }


def _print(line: AnswerLine) -> None:
    name = f" ({line.name})" if line.name else ""
    click.echo(f"{line.number or line.given}{name} : {VERDICTS[line.verdict].label}")
    click.echo(f"    {line.sentence}")
    for words in (*line.statuses, *line.past):
        click.echo(f"    - {words}")
    for sibling, _ in line.siblings:
        click.echo(f"    + {sibling}")
