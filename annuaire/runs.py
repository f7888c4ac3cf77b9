"""Import runs as stored things: what was read, when, from which file, with which issues."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Select, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from annuaire.db import AwareDateTime, Base
from annuaire.errors import NotFoundError
from annuaire.sql import among, numbered, plain

#: The states of a run, as people read them.
STATE_WORDS = {
    "running": "en cours",
    "done": "terminée",
    "held": "terminée, retraits en attente",
    "accepted": "terminée, retraits acceptés, à faire",
    "kept": "terminée, retraits refusés",
    "restoring": "terminée, retraits à défaire",
    "failed": "arrêtée",
    "interrupted": "interrompue",
    "removed": "retirée depuis",
}

#: Among the counts of a run that read its file whole, with nothing held: the version of the rules.
RULES = "rules"
READ = ("done", "held", "accepted", "kept", "restoring")  # the states of a file read to its end
STORED_ISSUES = 10_000  # of one run; past that, issues are counted and not stored one by one
ISSUES_PAGE = 1_000
ISSUE_COLUMNS = ("row", "field", "code", "refused", "message")


#: What every run counts, for pages that show them side by side.
COUNTS = (
    "read", "accepted", "ignored", "refused", "created", "updated", "unchanged", "ended", "issues",
)  # fmt: skip


class ImportRun(Base):
    """One reading of one file. `state` is "running", "done", "held" (read, but what it lacks is
    not ended until a person accepts it), "accepted" and "restoring" (a job ends that, or takes it
    back), "kept" (a person refused it), "failed", "interrupted" or, when what it read was taken
    away since, "removed"."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(index=True)
    file_name: Mapped[str]
    sha256: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(AwareDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    state: Mapped[str]
    message: Mapped[str | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ImportIssue(Base):
    """A row refused, or kept with a warning: where, what, why."""

    __tablename__ = "import_issue"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), index=True)
    row: Mapped[int | None]
    field: Mapped[str | None]
    code: Mapped[str]
    message: Mapped[str]
    refused: Mapped[bool]


class HeldRemoval(Base):
    """A record that a held reading did not find."""

    __tablename__ = "held_removal"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(
        ForeignKey("source_record.id", ondelete="CASCADE"), primary_key=True, index=True
    )


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run with one page of its issues."""

    run: ImportRun
    issues: list[ImportIssue]
    total: int


def open_run(session: Session, source: str, what: str, sha256: str = "") -> int:
    """Begin a run, in the caller's transaction; returns its number. `what` is the file's name, or
    what was read when that is no file."""
    run = ImportRun(
        source=source,
        file_name=what,
        sha256=sha256,
        started_at=datetime.now(UTC),
        state="running",
        counts={},
    )
    session.add(run)
    session.flush()
    return run.id


def close_run(
    session: Session, run_id: int, state: str, counts: dict[str, Any], message: str | None = None
) -> None:
    """Say how a run ended, in the caller's transaction; what is not counted is 0."""
    counts = dict.fromkeys(COUNTS, 0) | counts
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id)
        .values(state=state, ended_at=datetime.now(UTC), counts=counts, message=message)
    )


def latest_runs(limit: int = 50) -> Select[ImportRun]:
    """The newest runs first."""
    return select(ImportRun).order_by(ImportRun.id.desc()).limit(limit)


def last_done(session: Session) -> dict[str, ImportRun]:
    """By source, the newest run that ended well, and did not refuse all that it read: a broken
    notice does not make the source one that is up to date."""
    read, refused = (
        func.coalesce(ImportRun.counts[key].as_integer(), 0) for key in ("read", "refused")
    )
    newest = (
        select(func.max(ImportRun.id))
        .where(ImportRun.state.in_(READ), or_(refused == 0, read != refused))
        .group_by(ImportRun.source)
    )
    runs = session.scalars(select(ImportRun).where(ImportRun.id.in_(newest)))
    return {run.source: run for run in runs}


def runs_by_id(session: Session, ids: Iterable[int]) -> dict[int, ImportRun]:
    """Some runs, by their number."""
    found = session.scalars(select(ImportRun).where(among(ImportRun.id, ids)))
    return {run.id: run for run in found}


def already_read(session: Session, source: str, sha256: str) -> bool:
    """Whether this very file was read to its end for this source."""
    found = session.scalar(
        select(ImportRun.id)
        .where(ImportRun.source == source, ImportRun.sha256 == sha256, ImportRun.state.in_(READ))
        .limit(1)
    )
    return found is not None


def still_current(session: Session, source: str, sha256: str, rules: str) -> ImportRun | None:
    """The newest run of a source, if it read this very file whole under the same rules: reading
    it again would write nothing."""
    newest = session.scalar(
        select(ImportRun).where(ImportRun.source == source).order_by(ImportRun.id.desc()).limit(1)
    )
    if newest is None or (newest.state, newest.sha256) != ("done", sha256):
        return None
    return newest if newest.counts.get(RULES) == rules else None


def refused_before(session: Session, source: str, sha256: str) -> bool:
    """Whether a person refused what this very file lacks, the last time that it was read."""
    newest = session.scalars(
        select(ImportRun)
        .where(ImportRun.source == source, ImportRun.state != "running")
        .order_by(ImportRun.id.desc())
        .limit(1)
    ).one_or_none()
    return newest is not None and (newest.state, newest.sha256) == ("kept", sha256)


def is_newest(session: Session, run: ImportRun) -> bool:
    """Whether its source was not read since."""
    wanted = select(func.max(ImportRun.id)).where(ImportRun.source == run.source)
    return session.scalar(wanted) == run.id


def mark_removed(session: Session, source: str) -> None:
    """Say of a source's runs that what they read was taken away since."""
    session.execute(
        update(ImportRun)
        .where(ImportRun.source == source, ImportRun.state.in_(READ))
        .values(state="removed")
    )


def run_by_id(session: Session, run_id: int) -> ImportRun:
    """One run. Raises NotFoundError."""
    run = numbered(session, ImportRun, run_id)
    if run is None:
        raise NotFoundError(f"Aucune lecture ne porte le numéro {run_id}.")
    return run


def run_with_issues(
    session: Session, run_id: int, offset: int = 0, limit: int = 50, code: str | None = None
) -> RunPage:
    """One run and a page of its issues, in the order of the file, all or those of a code. Raises
    NotFoundError."""
    run = run_by_id(session, run_id)
    wanted = _issues(run_id, code)
    issues = session.scalars(wanted.order_by(ImportIssue.id).offset(offset).limit(limit)).all()
    total = session.scalar(select(func.count()).select_from(wanted.subquery()))
    return RunPage(run, list(issues), total or 0)


def _issues(run_id: int, code: str | None) -> Select[ImportIssue]:
    statement = select(ImportIssue).where(ImportIssue.run_id == run_id)
    return statement.where(ImportIssue.code == code) if code else statement


def every_issue(session: Session, run_id: int, code: str | None = None) -> Iterator[ImportIssue]:
    """The issues of a run one after the other, read by pages: none is kept."""
    last = 0
    while True:
        page = _issues(run_id, code).where(ImportIssue.id > last).order_by(ImportIssue.id)
        issues = session.scalars(page.limit(ISSUES_PAGE)).all()
        if not issues:
            return
        yield from issues
        last = issues[-1].id
        session.expunge_all()


def issue_counts(run_id: int) -> Select[str, str | None, bool, int, int | None, str]:
    """Issues of a run by code and field, the most frequent first: whether rows were refused, how
    many, the first row, and one of the messages."""
    count = func.count()
    return (
        select(
            ImportIssue.code,
            ImportIssue.field,
            ImportIssue.refused,
            count.label("number"),
            func.min(ImportIssue.row).label("first_row"),
            func.min(plain(ImportIssue.message)).label("example"),
        )
        .where(ImportIssue.run_id == run_id)
        .group_by(ImportIssue.code, ImportIssue.field, ImportIssue.refused)
        .order_by(
            count.desc(),
            plain(ImportIssue.code),
            plain(ImportIssue.field).nulls_first(),
            ImportIssue.refused,
        )
    )
