"""`annuaire runs`: what was read, and what was wrong in it."""

import csv
import sys
from typing import Any, Final

import click

from annuaire.cells import csv_cell
from annuaire.cli.context import application
from annuaire.cli.output import json_option, print_json
from annuaire.db import reading
from annuaire.errors import InvalidInputError
from annuaire.extensions import session
from annuaire.runs import (
    ISSUE_COLUMNS,
    STATE_WORDS,
    STORED_ISSUES,
    ImportIssue,
    ImportRun,
    every_issue,
    issue_counts,
    latest_runs,
    run_by_id,
    run_with_issues,
)
from annuaire.wording import pluriel

_COUNTED: Final = (
    ("read", ("lue",)),
    ("created", ("créée",)),
    ("updated", ("mise à jour", "mises à jour")),
    ("refused", ("refusée",)),
)


@click.command()
@click.argument("run_id", required=False, type=click.IntRange(1))
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--code", metavar="CODE", help="Les seules remarques de ce code.")
@click.option("--csv", "as_csv", is_flag=True, help="Toutes les remarques, en CSV.")
@json_option
def runs(run_id: int | None, limit: int, code: str | None, as_csv: bool, as_json: bool) -> None:
    """Les dernières lectures, ou une lecture et ses remarques."""
    if run_id is None and (code or as_csv):
        raise InvalidInputError("Donnez le numéro de la lecture dont vous voulez les remarques.")
    with application():
        if run_id is None:
            found = [_run(run) for run in reading(session()).scalars(latest_runs(limit))]
            print_json(found) if as_json else _print_runs(found)
        elif as_csv:
            _print_csv(run_id, code)
        else:
            _show(run_id, limit, code, as_json)


def _show(run_id: int, limit: int, code: str | None, as_json: bool) -> None:
    db_session = reading(session())
    page = run_with_issues(db_session, run_id, limit=limit, code=code)
    counts: list[dict[str, Any]] = [
        dict(row._mapping) for row in db_session.execute(issue_counts(run_id))
    ]
    issues = [_issue(issue) for issue in page.issues]
    run = _run(page.run)
    if as_json:
        print_json(run | {"by_code": counts, "issues_total": page.total, "issues": issues})
        return
    _print_runs([run])
    click.echo(f"  fichier {run['file']}, SHA-256 {run['sha256']}")
    if page.run.counts.get("issues", 0) > STORED_ISSUES:
        click.echo(f"  Les {STORED_ISSUES} premières remarques sont gardées.")
    for row in counts:
        field = f", {row['field']}" if row["field"] else ""
        verb = "refusées" if row["refused"] else "gardées"
        where = f" (la première : ligne {row['first_row']})" if row["first_row"] else ""
        click.echo(f"{row['number']:>7}  {row['code']}{field}, lignes {verb}{where}")
    for issue in issues:
        field = f", {issue['field']}" if issue["field"] else ""
        click.echo(f"  ligne {issue['row']}{field} : {issue['message']}")
    if page.total > len(issues):
        click.echo(f"  … {page.total - len(issues)} autres (--limit).")


def _print_csv(run_id: int, code: str | None) -> None:
    db_session = reading(session())
    run_by_id(db_session, run_id)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(ISSUE_COLUMNS)
    for issue in every_issue(db_session, run_id, code):
        writer.writerow([csv_cell(getattr(issue, name)) for name in ISSUE_COLUMNS])


def _issue(issue: ImportIssue) -> dict[str, Any]:
    return {name: getattr(issue, name) for name in ISSUE_COLUMNS}


def _run(run: ImportRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "source": run.source,
        "file": run.file_name,
        "sha256": run.sha256,
        "state": run.state,
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "message": run.message,
        "counts": run.counts,
    }


def _print_runs(found: list[dict[str, Any]]) -> None:
    if not found:
        click.echo("Aucune lecture encore : « annuaire import SOURCE FICHIER ».")
    for run in found:
        counts = run["counts"]
        told = ", ".join(pluriel(counts.get(key, 0), *words) for key, words in _COUNTED)
        click.echo(
            f"{run['id']:>5}  {run['started_at'][:16].replace('T', ' ')}  {run['source']:<8} "
            f"{STATE_WORDS[run['state']]:<12} {run['file']} : {told}"
        )
        if run["message"]:
            click.echo(f"       {run['message']}")
