"""The pages of sources: what each is, when it was last read, what was wrong in it."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context
from sqlalchemy import select

from annuaire.asking import arguments
from annuaire.cells import csv_cell
from annuaire.db import reading
from annuaire.errors import NotFoundError
from annuaire.extensions import session
from annuaire.freshness import freshness
from annuaire.paging import Page, address, page_number
from annuaire.runs import (
    ISSUE_COLUMNS,
    READ,
    STATE_WORDS,
    STORED_ISSUES,
    ImportRun,
    every_issue,
    issue_counts,
    last_done,
    run_with_issues,
)
from annuaire.sql import numbered
from importers.descriptions import DESCRIPTIONS
from importers.rows import Source

pages = Blueprint("sources", __name__)

PER_PAGE = 50
SHOWN_RUNS = 30
COUNTS = ("read", "created", "updated", "unchanged", "ended", "refused")
HEADINGS = {
    "row": "ligne", "field": "champ", "code": "code", "refused": "refusée", "message": "remarque",
}  # fmt: skip


def source_titles() -> dict[str, str]:
    """The title of every source, by name; what structures corrected themselves among them."""
    titles = {name: source.title for name, source in DESCRIPTIONS.items()}
    return titles | {"structure": "La structure elle-même"}


@pages.get("/sources")
def index() -> str:
    """Every source with its last reading."""
    done = last_done(session())
    rows = [_row(source, done) for source in DESCRIPTIONS.values()]
    return render_template("sources/index.html", runs=rows)


@pages.get("/sources/<name>")
def show(name: str) -> str:
    """One source: its readings, and the issues of one of them (`lecture`, else the newest), all or
    those of a `code`."""
    source = _source(name)
    latest = (
        select(ImportRun).where(ImportRun.source == name).order_by(ImportRun.id.desc())
    ).limit(SHOWN_RUNS)
    runs = session().scalars(latest).all()
    chosen = _chosen(name, runs)
    done = last_done(session()).get(name)
    return render_template(
        "sources/show.html",
        source={
            "title": source.title,
            "publisher": source.publisher,
            "licence": source.licence,
            "address": source.address,
            "frequency": source.frequency,
            "freshness": freshness(source, done),
            "held": done.message if done and done.state == "held" else None,
        },
        runs=[_run(run, chosen) for run in _with(runs, chosen)],
        chosen=_chosen_run(chosen) if chosen else None,
        issues=_issues(chosen) if chosen else None,
    )


@pages.get("/sources/<name>/remarques.csv")
def issues_csv(name: str) -> Response:
    """The issues of a reading as CSV, streamed."""
    _source(name)
    newest = (
        select(ImportRun).where(ImportRun.source == name).order_by(ImportRun.id.desc()).limit(1)
    )
    chosen = _chosen(name, session().scalars(newest).all())
    if chosen is None:
        raise NotFoundError("Cette source n'a pas encore été lue.")
    lines = _csv_lines(chosen.id, request.args.get("code") or None)
    response = Response(stream_with_context(lines), mimetype="text/csv")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="remarques-{name}-{chosen.id}.csv"'
    )
    return response


def _csv_lines(run_id: int, code: str | None) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([HEADINGS[name] for name in ISSUE_COLUMNS])
    for issue in every_issue(reading(session()), run_id, code):
        cells = {name: getattr(issue, name) for name in ISSUE_COLUMNS}
        cells["refused"] = "oui" if issue.refused else "non"
        writer.writerow([csv_cell(cell) for cell in cells.values()])
        if buffer.tell() > 8_192:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _source(name: str) -> Source:
    source = DESCRIPTIONS.get(name)
    if source is None:
        raise NotFoundError(f"Aucune source ne porte le nom « {name[:40]} ».")
    return source


def _row(source: Source, done: Mapping[str, ImportRun]) -> dict[str, Any]:
    run = done.get(source.name)
    return {
        "title": source.title,
        "url": f"/sources/{source.name}",
        "publisher": source.publisher,
        "licence": source.licence,
        "frequency": source.frequency,
        "last_read": run.ended_at if run else None,
        "held": run is not None and run.state == "held",
        "counts": run.counts if run else {"read": 0, "accepted": 0, "refused": 0},
        "freshness": freshness(source, run),
    }


def _chosen(name: str, runs: Sequence[ImportRun]) -> ImportRun | None:
    """The reading asked for, however old, else the newest."""
    asked = request.args.get("lecture", "")
    if not asked:
        return runs[0] if runs else None
    number = int(asked) if asked.isdecimal() and len(asked) <= 18 else 0
    run = numbered(session(), ImportRun, number)
    if run is None or run.source != name:
        raise NotFoundError(
            f"Aucune lecture ne porte le numéro « {asked[:20]} » pour cette source."
        )
    return run


def _with(runs: Sequence[ImportRun], chosen: ImportRun | None) -> list[ImportRun]:
    return [*runs] if chosen is None or chosen in runs else [*runs, chosen]


def _run(run: ImportRun, chosen: ImportRun | None) -> dict[str, Any]:
    return {
        "id": run.id,
        "started": run.started_at,
        "outcome": STATE_WORDS[run.state] + (f" : {run.message}" if run.message else ""),
        "counts": dict.fromkeys(COUNTS, 0) | run.counts,
        "issues_count": run.counts.get("issues", 0),
        "url": f"/sources/{run.source}?lecture={run.id}",
        "selected": chosen is not None and run.id == chosen.id,
    }


def _chosen_run(run: ImportRun) -> dict[str, Any]:
    """The reading whose issues are shown: its file, and its issues counted by code and field."""
    path, given = f"/sources/{run.source}", [("lecture", str(run.id))]
    code = request.args.get("code", "")
    return {
        "id": run.id,
        "started": run.started_at,
        "file_name": run.file_name,
        "sha256": run.sha256,
        "read_whole": run.state in READ,
        "code": code,
        "all_url": address(path, given),
        "csv_url": address(f"{path}/remarques.csv", given, code=code or None),
        "cut": run.counts.get("issues", 0) > STORED_ISSUES,
        "by_code": [
            dict(row._mapping) | {"url": address(path, given, code=row.code)}
            for row in session().execute(issue_counts(run.id))
        ],
    }


def _issues(run: ImportRun) -> Page[dict[str, Any]]:
    code = request.args.get("code") or None
    total = run_with_issues(session(), run.id, limit=1, code=code).total
    number = page_number(request.args.get("page"), total, PER_PAGE)
    found = run_with_issues(session(), run.id, (number - 1) * PER_PAGE, PER_PAGE, code)
    items = [
        {name: getattr(issue, name) for name in ISSUE_COLUMNS} | {"file": run.file_name}
        for issue in found.issues
    ]
    given = arguments()
    return Page(
        items, total, number, PER_PAGE, lambda n: address(f"/sources/{run.source}", given, page=n)
    )
