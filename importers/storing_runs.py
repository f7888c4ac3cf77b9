"""A run as it is stored: opened before its first row, closed with its counts, its issues beside."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from annuaire import runs
from annuaire.db import writing
from annuaire.runs import ImportIssue, ImportRun
from importers.rules import rules_digest

if TYPE_CHECKING:
    from importers.run import Issue, Options, Summary


@contextmanager
def unit(session: Session, *, dry_run: bool) -> Iterator[None]:
    """One batch: a transaction, or, in a dry run, a part of the one that is rolled back."""
    if dry_run:
        yield
        session.flush()
        return
    with writing(session, bulk=True):
        yield


def close_interrupted(session: Session, *, dry_run: bool) -> None:
    """A run still « running » while we hold the lock was killed: say so."""
    if dry_run:
        return
    with writing(session):
        session.execute(
            update(ImportRun)
            .where(ImportRun.state == "running")
            .values(state="interrupted", message="Lecture interrompue avant sa fin.")
        )


def open_run(session: Session, name: str, path: Path, *, dry_run: bool) -> int:
    """Store a run that begins; returns its number. A service that is asked has no hash."""
    digest = sha256_of(path) if path.is_file() else ""
    with unit(session, dry_run=dry_run):
        return runs.open_run(session, name, path.name, digest)


def close_run(session: Session, run_id: int, summary: "Summary", options: "Options") -> None:
    """Store how a run ended, with its counts; a dry run is rolled back whole."""
    if options.dry_run:
        session.rollback()
        return
    state = "failed" if summary.failed else "held" if summary.held else "done"
    notes = [summary.failed] if summary.failed else summary.notes
    whole = not (options.limit or options.partial or options.missing or notes)
    rules = {runs.RULES: rules_digest()} if whole else {}
    counts = summary.counts() | {"issues": summary.issues_total} | rules
    with writing(session):
        run = runs.run_by_id(session, run_id)
        if state == "held" and runs.refused_before(session, run.source, run.sha256):
            state = "kept"
        runs.close_run(session, run_id, state, counts, " ".join(notes) or None)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal; the file is read as a stream."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def store_issues(session: Session, run_id: int, issues: Sequence["Issue"]) -> None:
    """Store what was wrong in some rows."""
    rows = [
        {
            "run_id": run_id,
            "row": issue.row,
            "field": issue.field,
            "code": issue.code,
            "message": issue.message,
            "refused": issue.refused,
        }
        for issue in issues
    ]
    if rows:
        session.execute(insert(ImportIssue), rows)
