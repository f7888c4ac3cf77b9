"""`annuaire clauses detect`: the clauses of texts in JSON lines, or of a document."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from annuaire.cli.clauses import detect_lines, print_found
from annuaire.cli.output import json_option, print_json
from annuaire.config import load_settings
from annuaire.documents.analysing import Analysis
from annuaire.documents.apart import analysis_of
from annuaire.documents.limits import Limits
from annuaire.documents.presenting import blind_words, read_words
from annuaire.wording import THIN

_HEAD = 4096  # bytes that tell JSON lines from a document


@click.group()
def clauses() -> None:
    """Les clauses sociales et environnementales dans des textes."""


@clauses.command("detect")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@json_option
def detect_(file: str, as_json: bool) -> None:
    """Dire les clauses repérées dans un document (PDF, DOCX, ODT, RTF, HTML, texte), avec ses lots,
    ou dans des lignes JSON {id, texte…}. « - » : lignes JSON sur l'entrée standard."""
    if file == "-" or _has_json_lines(Path(file)):
        with click.open_file(file, "rb") as lines:
            raise click.exceptions.Exit(detect_lines(file, lines, as_json))
    settings = load_settings()
    limits = Limits(size_mb=settings.document_max_mb, seconds=settings.document_seconds)
    with Path(file).open("rb") as document:
        analysis = analysis_of(document, limits)
    print_json(_document(file, analysis)) if as_json else _print_document(file, analysis)


def _has_json_lines(path: Path) -> bool:
    """Whether the file holds an object a line, by its first letter that is no blank."""
    with path.open("rb") as file:
        head = file.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    return path.suffix.lower() in (".jsonl", ".ndjson", ".json") or (
        head.startswith(b"{") and not head.startswith(b"{\\rtf")
    )


def _document(file: str, analysis: Analysis) -> dict[str, Any]:
    document = analysis.document
    return {
        "file": file,
        "kind": document.kind,
        "unit": document.unit,
        "units": len(document.starts),
        "exact": document.exact,
        "without_text": list(document.blind),
        "characters": len(document.text),
        "subject": analysis.subject or None,
        "lots": [
            {
                "number": read.lot.number,
                "title": read.lot.title,
                document.unit: document.unit_at(read.lot.start),
                "activities": [g.code for g in read.activities],
                "amount_eur": read.lot.amount.eur if read.lot.amount else None,
            }
            for read in analysis.lots
        ],
        "findings": [
            asdict(f) | {document.unit: document.unit_at(f.start)} for f in analysis.findings
        ],
        "denied": [
            {"type": n.type, "evidence": n.evidence, document.unit: document.unit_at(n.start)}
            for n in analysis.denied
        ],
        "more": analysis.more,
    }


def _print_document(file: str, analysis: Analysis) -> None:
    document = analysis.document
    click.echo(f"{file} : {read_words(document).replace(THIN, ' ')}")
    if blind := blind_words(document):
        click.echo(blind)
    for read in analysis.lots:
        amount = f", {read.lot.amount.words}" if read.lot.amount else ""
        click.echo(f"  Lot {read.lot.number} : {read.lot.title}{amount}")
    click.echo(f"{len(analysis.findings)} clause(s) repérée(s)")
    findings = [asdict(f) | {"where": document.where(f.start)} for f in analysis.findings]
    denied = [asdict(n) for n in analysis.denied]
    print_found({"findings": findings, "denied": denied, "contradictions": ()})
