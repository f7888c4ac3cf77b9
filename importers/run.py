"""A run: one file read to its end, batch by batch, with its counts and its issues stored.

Each batch is one transaction, so a run killed at any point leaves whole batches, and the same
file read again gives the same result as one clean reading (rows already stored write nothing).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError
from annuaire.runs import STORED_ISSUES
from annuaire.structures.records import Known
from importers.files.fields import storable
from importers.locking import importing
from importers.removals import end_missing
from importers.rows import InvalidRow, Row, Source, UnreadableFile, Warned
from importers.storing_runs import close_interrupted, close_run, open_run, store_issues, unit
from importers.targets import Target

BATCH = 500


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
    updated, unchanged, ended. `failed` when the file could not be read to its end; `held` when what
    it lacks was not ended, for a person to say whether it is whole."""

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
    held: bool = False
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
    so nothing ends by its absence; `missing` names what a download could not have, with the same
    effect; `today` dates what ends."""

    today: date
    limit: int | None = None
    dry_run: bool = False
    accept_removals: bool = False
    partial: bool = False
    missing: tuple[str, ...] = ()
    source_name: str | None = None  # sample data is kept apart from the real source
    annexes: Path | None = None  # the second file of the ASP's pair
    ea2_password: str | None = field(default=None, repr=False)
    known: Known = field(default_factory=Known, repr=False)  # for sources that enrich
    batch: int = BATCH  # rows a transaction: fewer where each is long to have


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
    what is no file, such as a pipe, which can be read only once; nothing for bad input.

    `path` may be the name of a service that `read` asks: it then has no hash.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise InvalidInputError(
            f"{path.name} : ce n'est pas un fichier ordinaire (c'est un tube ou un périphérique) ; "
            "copiez d'abord son contenu dans un fichier."
        )
    name = options.source_name or source.name
    summary = Summary(source=name)
    started = monotonic()
    with importing(session, lock):
        close_interrupted(session, dry_run=options.dry_run)
        run_id = open_run(session, name, path, dry_run=options.dry_run)
        summary.run_id = None if options.dry_run else run_id
        try:
            _read_all(session, run_id, read, target, path, options, summary, on_row)
            end_missing(session, target, source, options, summary)
        except UnreadableFile as error:
            summary.failed = error.message
        except BaseException:
            summary.failed = "Lecture interrompue avant sa fin."
            raise
        finally:
            summary.seconds = monotonic() - started
            target.fill(summary)
            close_run(session, run_id, summary, options)
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
            for row in islice(rows, options.batch):
                batch.append(row)  # noqa: PERF402 - what was read before a cut is kept
        except UnreadableFile as error:
            cut = error
        if batch:
            _take_in(session, run_id, batch, target, path, options, summary)
            on_row(len(batch))
        if cut:
            raise cut
        if len(batch) < options.batch:
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
    with unit(session, dry_run=options.dry_run):
        if records:
            target.take_in(session, run_id, records)
        room = max(0, STORED_ISSUES - summary.issues_total)
        if issues and not options.dry_run:
            store_issues(session, run_id, issues[:room])
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
