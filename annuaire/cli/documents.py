"""What `annuaire clauses detect` says of a document: its lots and clauses, each with its place."""

from pathlib import Path
from typing import Any

import click

from annuaire.clauses.findings import Finding
from annuaire.cli.output import print_json
from annuaire.config import load_settings
from annuaire.documents.analysing import Analysis
from annuaire.documents.apart import analysis_of
from annuaire.documents.limits import Limits
from annuaire.documents.presenting import blind_words, read_words
from annuaire.wording import THIN

_HEAD = 4096  # bytes that tell JSON lines from a document


def is_document(file: str) -> bool:
    """Whether a file is read as a document: JSON lines begin with an object, or say so by their
    name; « - » is always theirs."""
    if file == "-" or Path(file).suffix.lower() in (".jsonl", ".ndjson", ".json"):
        return False
    with Path(file).open("rb") as opened:
        head = opened.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    return not head.startswith(b"{") or head.startswith(b"{\\rtf")


def detect_document(file: str, *, as_json: bool) -> None:
    """Print the lots and clauses of a document. Raises DocumentRefusedError."""
    settings = load_settings()
    limits = Limits(size_mb=settings.document_max_mb, seconds=settings.document_seconds)
    with Path(file).open("rb") as document:
        analysis = analysis_of(document, limits)
    print_json(_document(file, analysis)) if as_json else _print_document(file, analysis)


def finding_as_json(f: Finding) -> dict[str, Any]:
    """A finding with the keys of `--json`."""
    return {
        "type": f.type,
        "field": f.field,
        "evidence": f.evidence,
        "start": f.start,
        "end": f.end,
        "lots": list(f.lots),
        "hours": f.hours,
        "share": f.share,
        "article": f.article,
        "confidence": f.confidence,
        "optional": f.optional,
        "rule": f.rule,
    }


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
            finding_as_json(f) | {document.unit: document.unit_at(f.start)}
            for f in analysis.findings
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
    print_findings(
        [finding_as_json(f) | {"where": document.where(f.start)} for f in analysis.findings]
    )
    for denied in analysis.denied:
        click.echo(f"  - dit ne pas prévoir {denied.type} : « {denied.evidence.strip()} »")


def print_findings(found: list[dict[str, Any]]) -> None:
    """The findings, one a line."""
    for finding in found:
        where = f", {finding['where']}" if "where" in finding else ""
        lots = f", lots {', '.join(finding['lots'])}" if finding["lots"] else ""
        hours = f", {finding['hours']:g} heures" if finding["hours"] else ""
        click.echo(f"  - {finding['type']}{where}{lots}{hours} : « {finding['evidence'].strip()} »")
