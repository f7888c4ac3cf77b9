"""The same file read again writes no row: counted by the database itself."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.pool import Pool

from annuaire.bench.decp import write_decp
from annuaire.bench.directories import write_esus, write_pair
from annuaire.bench.files import write_boamp, write_siae
from annuaire.bench.finess import write_legacy
from annuaire.config import Settings
from tests.factories.commands import Run, last_json

#: The run itself is stored: one row made, then changed when it ends.
OF_THE_RUN = 2

_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"  # noqa: E501 - one question
_ROWS = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables"


@pytest.fixture
def rows_written(settings: Settings, database: str) -> Iterator[Callable[[], int]]:
    """How many rows were inserted, changed or deleted so far, by SQLite's own count of each
    connection, or by PostgreSQL's statistics."""
    closed: list[int] = []

    def count(connection: object, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            closed.append(connection.total_changes)

    def of_postgresql() -> int:
        engine = create_engine(settings.database_url)
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                while connection.scalar(text(_OTHERS)):  # each tells what it did as it leaves
                    time.sleep(0.02)
                return int(connection.scalar(text(_ROWS)) or 0)
        finally:
            engine.dispose()

    event.listen(Pool, "close", count)
    yield of_postgresql if database == "postgresql" else lambda: sum(closed)
    event.remove(Pool, "close", count)


def _siae(folder: Path) -> list[object]:
    write_siae(folder / "siae.csv", 300, seed=2)
    return ["siae", folder / "siae.csv"]


def _pair(folder: Path) -> list[object]:
    write_pair(folder / "s.csv", folder / "a.csv", 300, seed=2)
    return ["siae", folder / "s.csv", "--annexes", folder / "a.csv"]


def _finess(folder: Path) -> list[object]:
    write_legacy(folder / "etalab-cs1100507.csv", 6_000, seed=2, points=True)
    return ["esat", folder / "etalab-cs1100507.csv"]


def _esus(folder: Path) -> list[object]:
    write_esus(folder / "esus.csv", 300, seed=2)
    return ["esus", folder / "esus.csv"]


def _boamp(folder: Path) -> list[object]:
    write_boamp(folder / "boamp.csv", 150, seed=2)
    return ["boamp", folder / "boamp.csv"]


def _decp(folder: Path) -> list[object]:
    write_decp(folder / "decp.json", 150_000, seed=2)
    return ["decp", folder / "decp.json"]


@pytest.mark.parametrize("make", [_siae, _pair, _finess, _esus, _boamp, _decp])
def test_the_second_reading_of_a_file_writes_no_row(
    run: Run,
    rows_written: Callable[[], int],
    tmp_path: Path,
    make: Callable[[Path], list[object]],
) -> None:
    arguments = make(tmp_path)
    before = rows_written()
    first = last_json(run("import", *arguments, "--json"))
    assert rows_written() - before > first["created"] > 50
    before = rows_written()
    again = last_json(run("import", *arguments, "--json"))
    assert (again["created"], again["updated"], again["ended"]) == (0, 0, 0)
    assert again["unchanged"] == first["created"]
    assert rows_written() - before == OF_THE_RUN
