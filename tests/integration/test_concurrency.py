"""Several at once on one database: imports, drains, and those who change a structure meanwhile."""

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from annuaire.bench.directories import write_esus
from annuaire.bench.files import invented_siret, write_siae
from annuaire.bench.finess import write_legacy
from annuaire.db import db, writing
from annuaire.runs import ImportRun
from annuaire.structures.models import SourceRecord, Structure, StructureStatus
from annuaire.structures.records import StatusRecord, StructureRecord
from annuaire.structures.service import Changes, upsert
from tests.factories.databases import NewDatabase
from tests.factories.forked import Forked
from tests.factories.processes import Installation, ended

TODAY = date(2026, 5, 4)
BUSY = "Une autre lecture est en cours"


@pytest.fixture
def machine(database_url: str, tmp_path: Path) -> Installation:
    """One machine of the installation, prepared."""
    machine = Installation(tmp_path / "machine", database_url)
    machine.run("init")
    return machine


@pytest.fixture
def other_machine(machine: Installation, database: str, tmp_path: Path) -> Installation:
    """Another machine on the same PostgreSQL; SQLite's is the same one."""
    if database == "sqlite":
        return machine
    return Installation(tmp_path / "other", machine.database_url)


def wait_until(condition: Callable[[], object], process: Forked) -> None:
    """Wait until something is so, or until the process that should make it so has ended."""
    while process.poll() is None and not condition():
        time.sleep(0.02)


def running(url: str) -> bool:
    """Whether a run is under way."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            state = select(func.count()).where(ImportRun.state == "running")
            return bool(connection.scalar(state))
    finally:
        engine.dispose()


def test_an_import_that_meets_another_is_refused_and_both_are_whole_in_the_end(
    machine: Installation, other_machine: Installation, tmp_path: Path
) -> None:
    write_siae(tmp_path / "siae.csv", 600, seed=3)
    write_esus(tmp_path / "esus.csv", 50, seed=3)
    first = machine.start("import", "siae", tmp_path / "siae.csv")
    wait_until(lambda: running(machine.database_url), first)
    first.send_signal(signal.SIGSTOP)
    said = other_machine.run("import", "esus", tmp_path / "esus.csv", expected=(2,))
    assert BUSY in said
    first.send_signal(signal.SIGCONT)
    ended(first)
    other_machine.run("import", "esus", tmp_path / "esus.csv")
    content = machine.content()
    assert len(content["source_record"]) == 650
    assert len(content["structure"]) == 600


def test_imports_started_together_lose_nothing(
    machine: Installation,
    other_machine: Installation,
    new_database: NewDatabase,
    tmp_path: Path,
) -> None:
    write_siae(tmp_path / "siae.csv", 300, seed=3)
    write_legacy(tmp_path / "etalab-cs1100502.csv", 6_000, seed=3)
    commands = [
        ["import", "siae", tmp_path / "siae.csv"],
        ["import", "esat", tmp_path / "etalab-cs1100502.csv"],
        ["import", "ea_finess", tmp_path / "etalab-cs1100502.csv"],
    ]
    alone = Installation(tmp_path / "alone", new_database())
    alone.run("init")
    for command in commands:
        alone.run(*command)
    waiting = [
        (place, command)
        for place, command in zip((machine, other_machine, machine), commands, strict=True)
    ]
    while waiting:
        started = [(place, command, place.start(*command)) for place, command in waiting]
        waiting = []
        for place, command, process in started:
            said = ended(process, (0, 1, 2))
            if process.returncode == 2:
                assert BUSY in said
                waiting.append((place, command))
        assert len(waiting) < len(started)
    assert machine.content() == alone.content()
    assert '"waiting":0' in machine.run("index", "status", "--json")


def test_drains_during_an_import_leave_nothing_behind(
    machine: Installation, tmp_path: Path
) -> None:
    write_siae(tmp_path / "siae.csv", 800, seed=3)
    importing = machine.start("import", "siae", tmp_path / "siae.csv")
    while importing.poll() is None:
        drains = [machine.start("index", "drain") for _ in range(2)]
        for drain in drains:
            ended(drain, (0,))
    ended(importing)
    machine.run("index", "drain")
    status = machine.run("index", "status", "--json")
    assert '"documents":800,"expected":800,"waiting":0' in status


def test_a_rebuild_during_an_import_is_whole(machine: Installation, tmp_path: Path) -> None:
    write_siae(tmp_path / "siae.csv", 800, seed=3)
    importing = machine.start("import", "siae", tmp_path / "siae.csv")
    while importing.poll() is None:
        machine.run("index", "rebuild", expected=(0,))
    ended(importing)
    machine.run("index", "drain")
    status = machine.run("index", "status", "--json")
    assert '"documents":800,"expected":800,"waiting":0' in status


def record(number: int, kind: str, name: str = "Essai") -> StructureRecord:
    siret = invented_siret(number)
    return StructureRecord(f"{siret}-{kind}", name, (StatusRecord(kind),), siret=siret)


def take_in(session: Session, source: str, *records: StructureRecord) -> None:
    """What an import or a page does, inside the caller's transaction."""
    run = ImportRun(
        source=source,
        file_name="x",
        sha256="",
        started_at=datetime.now(UTC),
        state="done",
        counts={},
    )
    session.add(run)
    session.flush()
    upsert(session, source, run.id, records, Changes(), TODAY)


def kinds(session: Session) -> set[str]:
    session.rollback()
    return set(session.scalars(select(StructureStatus.kind)))


def in_other_session(work: Callable[[Session], None]) -> threading.Thread:
    """The work in another thread and session, as another process would do it."""
    engine = db.engine

    def act() -> None:
        with Session(engine) as session, writing(session):
            work(session)

    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_two_that_change_one_structure_at_once_are_both_kept(app: Flask, session: Session) -> None:
    with writing(session):
        take_in(session, "siae", record(1, "EI"))
    with writing(session):
        take_in(session, "ea", replace(record(1, "EA"), website="https://essai.example"))
        called = replace(record(1, "ESUS"), phone="+33470000000")
        other = in_other_session(lambda s: take_in(s, "esus", called))
        other.join(0.3)  # it has read, or waits: either way it may not lose what we do
    other.join()
    assert kinds(session) == {"EI", "EA", "ESUS"}
    (structure,) = session.scalars(select(Structure))
    assert structure.website
    assert structure.phone
    assert {"website", "phone"} <= structure.origins.keys()


def test_many_small_changes_during_a_large_one_never_lock_each_other_out(
    app: Flask, session: Session
) -> None:
    count = 40
    with writing(session):
        take_in(session, "siae", *(record(n, "EI") for n in range(count)))
    failed: list[BaseException] = []
    engine = db.engine

    def small_changes(seed: int) -> None:
        draw = Random(seed)  # noqa: S311
        try:
            for turn in range(15):
                some = draw.sample(range(count), 4)
                named = [record(n, "EA", f"Essai {seed} {turn}") for n in some]
                with Session(engine) as mine, writing(mine):
                    take_in(mine, f"source{seed}", *named)
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)

    threads = [threading.Thread(target=small_changes, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for turn in range(5):
        with writing(session, bulk=True):
            named = [record(n, "EI", f"Essai {turn}") for n in reversed(range(count))]
            take_in(session, "siae", *named)
    for thread in threads:
        thread.join()
    assert failed == []
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Structure)) == count
    stored = session.execute(
        select(Structure.name, SourceRecord.data)
        .join(SourceRecord, SourceRecord.structure_id == Structure.id)
        .where(SourceRecord.source == "siae")
    )
    assert all(name == data["name"] for name, data in stored)


@pytest.mark.database("postgresql")
def test_a_page_is_shown_after_the_server_dropped_its_connections(
    app: Flask, session: Session
) -> None:
    client = app.test_client()
    assert client.get("/sources").status_code == 200
    session.rollback()
    with session.get_bind().connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        admin.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert client.get("/sources").status_code == 200
