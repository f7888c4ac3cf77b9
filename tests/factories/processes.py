"""`annuaire` as real processes on one database, and what they leave in it."""

import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy import Connection, Table, create_engine, literal, select

from annuaire.cli import main
from annuaire.db import Base
from annuaire.models import load_all
from tests.factories.forked import Forked

#: Columns that differ between two readings of the same files by nature: numbers, days, runs.
_OWN = {"id", "run_id", "created_at", "updated_at", "started_at", "ended_at"}
#: Tables of what happened, not of what is known.
_EVENTS = {"import_run", "import_issue", "outbox_line"}
#: What names a row that others speak of.
_NAMES = {"structure": "key", "contract": "reference", "buyer": "key", "notice": "source_key"}


@dataclass(frozen=True)
class Installation:
    """A data folder and a database, as one machine's settings name them."""

    folder: Path
    database_url: str

    def start(self, *arguments: object, **more: str) -> Forked:
        """Start a command, with `more` settings; the caller waits for it, or kills it."""
        self.folder.mkdir(exist_ok=True)
        settings = {
            "ANNUAIRE_DATA_DIR": str(self.folder),
            "ANNUAIRE_DATABASE_URL": self.database_url,
            **more,
        }
        return Forked(main, [*map(str, arguments)], settings)

    def run(self, *arguments: object, expected: tuple[int, ...] = (0, 1)) -> str:
        """Run a command to its end: all that it says."""
        return ended(self.start(*arguments), expected)

    def content(self) -> dict[str, list[str]]:
        """All that is known, by table: rows without what differs by nature, in one order."""
        load_all()
        engine = create_engine(self.database_url)
        try:
            with engine.connect() as connection:
                return {
                    table.name: _rows(connection, table)
                    for table in Base.metadata.sorted_tables
                    if table.name not in _EVENTS
                }
        finally:
            engine.dispose()


def kill_at_random(
    on: Installation, command: Sequence[object], times: int, whole: float, draw: Random
) -> None:
    """Start a command and kill it at a moment drawn within `whole` seconds, `times` times. A run
    that ended before is no kill: the next ones are given less time."""
    killed = 0
    while killed < times:
        process = on.start(*command)
        time.sleep(draw.uniform(0.1, whole))
        process.send_signal(signal.SIGKILL)
        ended(process, (-signal.SIGKILL, 0, 1))
        if process.returncode == -signal.SIGKILL:
            killed += 1
        else:
            whole *= 0.7


def ended(process: Forked, expected: tuple[int, ...] = (0, 1)) -> str:
    """Wait for a process: all that it said; fails unless its code is an expected one."""
    said, _ = process.communicate(timeout=300)
    assert process.returncode in expected, said
    return said


def _rows(connection: Connection, table: Table) -> list[str]:
    """The rows of a table, each by what names it: a foreign key by the name of its row."""
    shown, source = [], table
    for column in table.columns:
        parents = [key.column.table for key in column.foreign_keys]
        if parents and parents[0].name in _NAMES:
            parent = parents[0].alias()
            source = source.join(parent, column == parent.c.id, isouter=True)
            shown.append(parent.c[_NAMES[parents[0].name]])
        elif column.name == "origins":
            continue  # names runs; what it says of sources is in their records
        elif column.name not in _OWN and not parents:
            shown.append(column)
    # Where nothing is left to show, how many there are.
    return sorted(map(repr, connection.execute(select(literal(1), *shown).select_from(source))))
