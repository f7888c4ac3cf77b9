"""`annuaire clauses detect`: the clauses of texts in JSON lines, or of a document."""

from collections.abc import Iterator, Mapping
from typing import IO, Any

import click
import orjson

from annuaire.clauses.detect import detect
from annuaire.cli.documents import (
    detect_document,
    finding_as_json,
    is_document,
    print_findings,
)
from annuaire.cli.output import json_option, print_json, say
from annuaire.contracts.records import TextField

TEXT_FIELDS = ("objet", "lot", "texte", "text", "title", "description")


@click.group()
def clauses() -> None:
    """Les clauses sociales et environnementales dans des textes."""


@clauses.command("detect")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@json_option
def detect_(file: str, as_json: bool) -> None:
    """Dire les clauses repérées dans un document (PDF, DOCX, ODT, RTF, HTML, texte), avec ses lots,
    ou dans des lignes JSON {id, texte…}. « - » : lignes JSON sur l'entrée standard."""
    if is_document(file):
        detect_document(file, as_json=as_json)
        return
    with click.open_file(file, "rb") as lines:
        raise click.exceptions.Exit(_detect_lines(file, lines, as_json))


def _detect_lines(file: str, lines: IO[bytes], as_json: bool) -> int:
    """The exit code: 0 all read, 1 some refused, 2 none read."""
    refused = 0
    done = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
            found = [finding_as_json(f) for f in detect(_texts(row))]
        except (orjson.JSONDecodeError, AttributeError, TypeError):
            refused += 1
            say(f"{file}, ligne {number} : ce n'est pas un objet JSON ; ligne laissée.")
            continue
        done += 1
        name = row.get("id", row.get("idweb", number))
        if as_json:
            print_json({"id": name, "findings": found})
        else:
            click.echo(f"{name} : {len(found)} clause(s) repérée(s)")
            print_findings(found)
    return 0 if not refused else 1 if done else 2


def _texts(row: Mapping[str, Any]) -> Iterator[TextField]:
    for name in TEXT_FIELDS:
        if isinstance(row.get(name), str):
            yield TextField(name, row[name])
