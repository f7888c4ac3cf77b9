"""Where records land: the area's service behind the three questions that a run asks."""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from multiprocessing import connection, get_context, parent_process
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.orm import Session

from annuaire.contracts import publishing
from annuaire.contracts.reading import ReadNotice, read_notice
from annuaire.contracts.records import NoticeRecord
from annuaire.structures import service as structures
from annuaire.structures.enriching import Asked, note_asked
from annuaire.structures.records import StructureRecord
from importers.rows import Answer

if TYPE_CHECKING:
    from importers.run import Summary


class Target(Protocol):
    """What a run asks of the area that its records are for."""

    def take_in(self, session: Session, run_id: int, records: Sequence[Any]) -> None: ...

    def missing(self, session: Session) -> tuple[int, int]:
        """How many living records the file did not list, and how many live."""
        ...

    def hold_missing(self, session: Session) -> None:
        """Keep which records those are, for a person to decide."""
        ...

    def end_missing(self, session: Session, today: date) -> None: ...

    def fill(self, summary: "Summary") -> None: ...


class Directory:
    """A directory of structures: what it no longer lists is ended."""

    def __init__(self, source: str, today: date) -> None:
        self.source, self.today = source, today
        self.changes = structures.Changes()
        self.keys: set[str] = set()
        self.run_id: int | None = None

    def take_in(self, session: Session, run_id: int, records: Sequence[Any]) -> None:
        self.run_id = run_id
        structures.upsert(session, self.source, run_id, records, self.changes, self.today)
        self.keys.update(record.source_key for record in records)

    def missing(self, session: Session) -> tuple[int, int]:
        gone = len(structures.missing(session, self.source, self.keys))
        return gone, gone + len(self.keys)

    def hold_missing(self, session: Session) -> None:
        if self.run_id is not None:  # a file without any row proves nothing
            structures.hold_missing(session, self.source, self.keys, self.run_id)

    def end_missing(self, session: Session, today: date) -> None:
        structures.end_missing(session, self.source, self.keys, today, self.changes, self.run_id)

    def fill(self, summary: "Summary") -> None:
        changes = self.changes
        summary.created, summary.updated = len(changes.created), len(changes.updated)
        summary.unchanged = len(changes.seen - changes.created - changes.updated)
        summary.ended = len(changes.ended)


class Companies(Directory):
    """A directory of companies: each status is shown on the establishments that are listed."""

    def take_in(self, session: Session, run_id: int, records: Sequence[StructureRecord]) -> None:
        placed = structures.on_establishments(session, self.source, records)
        super().take_in(session, run_id, placed)


class Additions(Directory):
    """What tells more of some structures: nothing ends by its absence."""

    def missing(self, _session: Session) -> tuple[int, int]:
        return 0, 0


class Answers(Additions):
    """Answers of a service, with when it was asked: both are kept, or neither."""

    def take_in(self, session: Session, run_id: int, records: Sequence[Answer]) -> None:
        told = [answer.record for answer in records if answer.record]
        super().take_in(session, run_id, told)
        asked = [Asked(answer.number, answer.record is not None) for answer in records]
        note_asked(session, self.source, asked, datetime.now(UTC))


MANY = 200  # notices in a batch from which other processes are worth their start
SHARE = 50  # notices handed to a process at a time


def end_with_parent() -> None:
    """Make this helper process end when its import is killed: nobody else would stop it."""
    parent = parent_process()
    if parent:
        sentinel = parent.sentinel

        def watch() -> None:
            connection.wait([sentinel])
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


class Notices:
    """Publications: a file holds some of them, so nothing ends by its absence.

    `source` renames their source: sample notices never mix with the real ones. Clauses and
    activities are sought in them by every core: that is most of the work of a long file.
    """

    def __init__(self, source: str | None = None) -> None:
        self.source = source
        self.changes = publishing.Changes()
        self.pool: ProcessPoolExecutor | None = None

    def take_in(self, session: Session, run_id: int, records: Sequence[NoticeRecord]) -> None:
        if self.source:
            realm = self.source
            records = [replace(r, source=realm, url=None, realm=realm) for r in records]
        publishing.publish(session, run_id, records, self.changes, self._read)

    def _read(self, records: Sequence[NoticeRecord]) -> list[ReadNotice]:
        if len(records) < MANY:
            return publishing.read_here(records)
        if self.pool is None:
            # Spawned, not forked: this process may hold threads and an open database.
            self.pool = ProcessPoolExecutor(
                mp_context=get_context("spawn"), initializer=end_with_parent
            )
        return list(self.pool.map(read_notice, records, chunksize=SHARE))

    def missing(self, _session: Session) -> tuple[int, int]:
        return 0, 0

    def hold_missing(self, _session: Session) -> None:
        return

    def end_missing(self, _session: Session, _today: date) -> None:
        return

    def fill(self, summary: "Summary") -> None:
        changes = self.changes
        summary.created, summary.updated = changes.created, changes.updated
        summary.unchanged = changes.unchanged
        if self.pool:
            self.pool.shutdown()
            self.pool = None
