"""The pages of sources: what each is, when it was last read, what was wrong in it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import select

from annuaire.asking import arguments
from annuaire.errors import NotFoundError
from annuaire.extensions import session
from annuaire.paging import Page, address, page_number
from annuaire.runs import STATE_WORDS, ImportRun, last_done, run_with_issues
from importers.descriptions import DESCRIPTIONS
from importers.rows import Source

pages = Blueprint("sources", __name__)

PER_PAGE = 50
RHYTHM_DAYS = {
    "quotidienne": 4,
    "hebdomadaire": 15,
    "mensuelle": 45,
    "semestrielle": 230,
    "annuelle": 400,
}


def source_titles() -> dict[str, str]:
    """The title of every source, by name."""
    return {name: source.title for name, source in DESCRIPTIONS.items()}


@pages.get("/sources")
def index() -> str:
    """Every source with its last reading."""
    done = last_done(session())
    rows = [_row(source, done) for source in DESCRIPTIONS.values()]
    return render_template("sources/index.html", runs=rows)


@pages.get("/sources/<name>")
def show(name: str) -> str:
    """One source: its readings, and the issues of one of them (`lecture`, else the newest)."""
    source = DESCRIPTIONS.get(name)
    if source is None:
        raise NotFoundError(f"Aucune source ne porte le nom « {name[:40]} ».")
    runs = (
        session()
        .scalars(
            select(ImportRun)
            .where(ImportRun.source == name)
            .order_by(ImportRun.id.desc())
            .limit(30)
        )
        .all()
    )
    chosen = _chosen(runs)
    return render_template(
        "sources/show.html",
        source={
            "title": source.title,
            "publisher": source.publisher,
            "licence": source.licence,
            "address": source.address,
            "freshness": freshness(source, last_done(session()).get(name)),
        },
        runs=[_run(run, chosen) for run in runs],
        issues=_issues(chosen) if chosen else None,
    )


def freshness(source: Source, run: ImportRun | None, now: datetime | None = None) -> str:
    """Whether the last reading is as recent as the source's own rhythm."""
    if run is None or run.ended_at is None:
        return "jamais lue"
    days = ((now or datetime.now(UTC)) - run.ended_at).days
    limit = RHYTHM_DAYS.get(source.frequency)
    if limit and days > limit:
        return f"à relire : lue il y a {days} jours, mise à jour {source.frequency}"
    return "à jour"


def _row(source: Source, done: Mapping[str, ImportRun]) -> dict[str, Any]:
    run = done.get(source.name)
    return {
        "title": source.title,
        "url": f"/sources/{source.name}",
        "publisher": source.publisher,
        "licence": source.licence,
        "last_read": run.ended_at if run else None,
        "counts": run.counts if run else {"read": 0, "accepted": 0, "refused": 0},
        "freshness": freshness(source, run),
    }


def _chosen(runs: Sequence[ImportRun]) -> ImportRun | None:
    asked = request.args.get("lecture", "")
    for run in runs:
        if not asked or str(run.id) == asked:
            return run
    if asked:
        raise NotFoundError(
            f"Aucune lecture ne porte le numéro « {asked[:20]} » pour cette source."
        )
    return None


def _run(run: ImportRun, chosen: ImportRun | None) -> dict[str, Any]:
    empty = dict.fromkeys(("read", "created", "updated", "unchanged", "ended", "refused"), 0)
    return {
        "started": run.started_at,
        "outcome": STATE_WORDS[run.state] + (f" : {run.message}" if run.message else ""),
        "counts": empty | run.counts,
        "issues_count": run.counts.get("issues", 0),
        "url": f"/sources/{run.source}?lecture={run.id}",
        "selected": chosen is not None and run.id == chosen.id,
    }


def _issues(run: ImportRun) -> Page[dict[str, Any]]:
    total = run_with_issues(session(), run.id, limit=1).total
    number = page_number(request.args.get("page"), total, PER_PAGE)
    found = run_with_issues(session(), run.id, (number - 1) * PER_PAGE, PER_PAGE)
    items = [
        {
            "file": run.file_name,
            "row": issue.row,
            "field": issue.field,
            "code": issue.code,
            "message": issue.message,
        }
        for issue in found.issues
    ]
    given = arguments()
    return Page(
        items, total, number, PER_PAGE, lambda n: address(f"/sources/{run.source}", given, page=n)
    )
