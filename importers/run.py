"""A run: one file read to its end, batch by batch, with its counts and its issues stored.

Each batch is one transaction, so a run killed at any point leaves whole batches, and the same
file read again gives the same result as one clean reading (rows already stored write nothing).
"""

import fcntl
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from annuaire.db import IMPORT_LOCK, holding, is_postgresql, writing
from annuaire.errors import AnnuaireError, InvalidInputError
from annuaire.runs import ImportIssue, ImportRun
from importers.files.fields import storable
from importers.rows import InvalidRow, Row, Source, UnreadableFile, Warned
from importers.targets import Target

BATCH = 500
STORED_ISSUES = 10_000  # past that, issues are counted and no longer stored one by one


class ImportBusy(AnnuaireError):  # noqa: N818
    """Another import is under way: on this machine, or on this PostgreSQL."""


@dataclass(slots=True)
class Issue:
    """A row refused, or kept with a warning."""

    file: str
    row: int | None
    field: str | None
    code: str
    message: str
    refused: bool


@dataclass(slots=True)
class Summary:
    """What a run did: rows read, accepted, ignored, refused; structures or contracts created,
    updated, unchanged, ended. `failed` when the file could not be read to its end."""

    source: str
    run_id: int | None = None
    read: int = 0
    accepted: int = 0
    ignored: int = 0
    refused: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    ended: int = 0
    seconds: float = 0.0
    issues: list[Issue] = field(default_factory=list)
    issues_total: int = 0
    failed: str | None = None
    notes: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int | float]:
        """The figures, under the names of the command line."""
        names = ("read", "accepted", "ignored", "refused", "created", "updated", "unchanged")
        return {name: getattr(self, name) for name in (*names, "ended")} | {
            "seconds": round(self.seconds, 2)
        }

    @property
    def exit_code(self) -> int:
        """0 all done; 1 some input refused, the rest done; 2 nothing done."""
        if (self.failed or self.refused) and not self.accepted:
            return 2
        return 1 if self.refused or self.failed else 0


@dataclass(frozen=True, slots=True)
class Options:
    """How to run: `limit` rows at most, `dry_run` writes nothing, `accept_removals` ends what
    vanished even when that is much; `partial`: the file is one of several that make the source,
    so nothing ends by its absence; `today` dates what ends."""

    today: date
    limit: int | None = None
    dry_run: bool = False
    accept_removals: bool = False
    partial: bool = False
    source_name: str | None = None  # sample data is kept apart from the real source
    annexes: Path | None = None  # the second file of the ASP's pair
    ea2_password: str | None = field(default=None, repr=False)


Progress = Callable[[int], None]


def run_import(
    session: Session,
    source: Source,
    read: Callable[[Path, Options], Iterator[Row[Any]]],
    target: Target,
    path: Path,
    options: Options,
    lock: Path,
    on_row: Progress = lambda _: None,
) -> Summary:
    """Read one file of a source into the database. Raises ImportBusy, and InvalidInputError for
    what is no file, such as a pipe, which can be read only once; nothing for bad input."""
    if not path.is_file():
        raise InvalidInputError(
            f"{path.name} : ce n'est pas un fichier ordinaire (c'est un tube ou un périphérique) ; "
            "copiez d'abord son contenu dans un fichier."
        )
    name = options.source_name or source.name
    summary = Summary(source=name)
    started = monotonic()
    with _alone(session, lock):
        _close_interrupted(session, dry_run=options.dry_run)
        run_id = _open_run(session, name, path, dry_run=options.dry_run)
        summary.run_id = None if options.dry_run else run_id
        try:
            _read_all(session, run_id, read, target, path, options, summary, on_row)
            _end_missing(session, target, source, options, summary)
        except UnreadableFile as error:
            summary.failed = error.message
        except BaseException:
            summary.failed = "Lecture interrompue avant sa fin."
            raise
        finally:
            summary.seconds = monotonic() - started
            target.fill(summary)
            _close_run(session, run_id, summary, dry_run=options.dry_run)
    return summary


def _read_all(
    session: Session,
    run_id: int,
    read: Callable[[Path, Options], Iterator[Row[Any]]],
    target: Target,
    path: Path,
    options: Options,
    summary: Summary,
    on_row: Progress,
) -> None:
    rows = islice(read(path, options), options.limit)  # islice(…, None) reads all
    while True:
        batch: list[Row[Any]] = []
        cut: UnreadableFile | None = None
        try:
            for row in islice(rows, BATCH):
                batch.append(row)  # noqa: PERF402 - what was read before a cut is kept
        except UnreadableFile as error:
            cut = error
        if batch:
            _take_in(session, run_id, batch, target, path, options, summary)
            on_row(len(batch))
        if cut:
            raise cut
        if len(batch) < BATCH:
            return


def _take_in(
    session: Session,
    run_id: int,
    batch: Sequence[Row[Any]],
    target: Target,
    path: Path,
    options: Options,
    summary: Summary,
) -> None:
    issues = [issue for row in batch for issue in _issues(row, path.name)]
    records = [row.record for row in batch if row.record is not None]
    refused = sum(row.refusal is not None for row in batch)
    with _unit(session, dry_run=options.dry_run):
        if records:
            target.take_in(session, run_id, records)
        room = max(0, STORED_ISSUES - summary.issues_total)
        if issues and not options.dry_run:
            _store_issues(session, run_id, issues[:room])
    summary.read += len(batch)
    summary.accepted += len(records)
    summary.refused += refused
    summary.ignored += len(batch) - len(records) - refused
    summary.issues += issues[: max(0, STORED_ISSUES - len(summary.issues))]
    summary.issues_total += len(issues)


def _issues(row: Row[Any], file: str) -> Iterator[Issue]:
    said: list[tuple[Warned | InvalidRow, bool]] = [(warned, False) for warned in row.warnings]
    said += [(row.refusal, True)] if row.refusal else []
    for one, refused in said:
        # A message may quote the file, a field be a column of it: neither was cleaned.
        field, message = storable(one.field), storable(one.message)
        yield Issue(file, row.number, field, one.code, message, refused=refused)


def _store_issues(session: Session, run_id: int, issues: Sequence[Issue]) -> None:
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


def _end_missing(
    session: Session, target: Target, source: Source, options: Options, summary: Summary
) -> None:
    """End what the file no longer lists, unless the reading cannot be trusted to be complete."""
    if options.limit:
        return
    gone, living = target.missing(session)
    if not gone:
        return
    if options.partial:
        summary.notes.append(
            f"{gone} fiches absentes de ce fichier sont conservées : plusieurs fichiers ont été "
            "donnés, et aucun n'est à lui seul toute la source. Pour clore ce qui a disparu, lisez "
            "un seul fichier qui la contient toute."
        )
        return
    if not summary.accepted:
        summary.notes.append(
            f"{gone} fiches sont conservées : le fichier n'en contient aucune qui puisse être lue."
        )
        return
    if not options.accept_removals:
        if summary.accepted < source.minimum_rows:
            summary.notes.append(
                f"{gone} fiches absentes du fichier sont conservées : il compte {summary.accepted} "
                f"lignes, moins que le minimum attendu de cette source ({source.minimum_rows}). "
                "Relancez avec --accept-removals si ces retraits sont voulus."
            )
            return
        if summary.refused or gone > living * 0.2:
            why = (
                f"{summary.refused} lignes ont été refusées"
                if summary.refused
                else "elles sont plus d'une sur cinq"
            )
            summary.notes.append(
                f"{gone} fiches absentes du fichier sont conservées, car {why}. "
                "Relancez avec --accept-removals si ces retraits sont voulus."
            )
            return
    with _unit(session, dry_run=options.dry_run):
        target.end_missing(session, options.today)


@contextmanager
def _unit(session: Session, *, dry_run: bool) -> Iterator[None]:
    """One batch: a transaction, or, in a dry run, a part of the one that is rolled back."""
    if dry_run:
        yield
        session.flush()
        return
    with writing(session, bulk=True):
        yield


@contextmanager
def _alone(session: Session, lock: Path) -> Iterator[None]:
    """One import at a time into this database: a file's lock for SQLite, PostgreSQL's own where
    several machines may import. Either dies with its process. Raises ImportBusy."""
    session.rollback()
    with holding(session, IMPORT_LOCK) if is_postgresql(session) else _holding_file(lock) as free:
        if not free:
            raise ImportBusy(
                "Une autre lecture est en cours : attendez qu'elle finisse, puis relancez."
            )
        yield


@contextmanager
def _holding_file(lock: Path) -> Iterator[bool]:
    """Hold the lock of a file: yields whether it was free."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _close_interrupted(session: Session, *, dry_run: bool) -> None:
    """A run still « running » while we hold the lock was killed: say so."""
    if dry_run:
        return
    with writing(session):
        session.execute(
            update(ImportRun)
            .where(ImportRun.state == "running")
            .values(state="interrupted", message="Lecture interrompue avant sa fin.")
        )


def _open_run(session: Session, name: str, path: Path, *, dry_run: bool) -> int:
    run = ImportRun(
        source=name,
        file_name=path.name,
        sha256=sha256_of(path),
        started_at=datetime.now(UTC),
        state="running",
        counts={},
    )
    with _unit(session, dry_run=dry_run):
        session.add(run)
        session.flush()
        return run.id


def _close_run(session: Session, run_id: int, summary: Summary, *, dry_run: bool) -> None:
    if dry_run:
        session.rollback()
        return
    state = "failed" if summary.failed else "done"
    notes = [summary.failed] if summary.failed else summary.notes
    with writing(session):
        session.execute(
            update(ImportRun)
            .where(ImportRun.id == run_id)
            .values(
                state=state,
                ended_at=datetime.now(UTC),
                message=" ".join(notes) or None,
                counts=summary.counts() | {"issues": summary.issues_total},
            )
        )


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal; the file is read as a stream."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
