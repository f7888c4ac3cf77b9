"""`annuaire geocode` when the service fails or the job is killed: what is done is kept."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire.addresses import AddressAnswer
from annuaire.geo.geocoder import Geocoded, Geocoder, GeocoderAway
from annuaire.runs import ImportRun
from annuaire.structures.geocoding import BATCH, TRIES, geocode
from annuaire.structures.models import SourceRecord
from tests.factories.ban import TODAY, Ban, centred, feature, job, running_ban
from tests.factories.commands import Run, last_json
from tests.factories.files import write_csv


@pytest.fixture
def ban(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ban]:
    with running_ban() as server:
        monkeypatch.setenv("ANNUAIRE_GEOCODER_DOMAIN", server.address)
        yield server


@pytest.mark.parametrize("status", [429, 500, 503])
def test_short_failure_is_waited_for(
    run: Run, session: Session, ban: Ban, tmp_path: Path, status: int
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [centred(1)]))
    ban.features, ban.failures = [feature()], [status, status]
    done = job(session, ban)
    assert (done.asked, done.placed, done.stopped) == (1, 1, None)
    assert len(ban.asked) == 3


def test_wait_is_the_one_that_the_service_asks(
    run: Run, session: Session, ban: Ban, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [centred(1)]))
    ban.features, ban.failures, ban.headers = [feature()], [429], {"Retry-After": "4"}
    waits: list[float] = []
    geocode(session, Geocoder(ban.address, per_second=1000).ask, TODAY, pause=waits.append)
    assert waits == [4]


def test_service_that_goes_away_stops_the_job_and_what_is_done_is_kept(
    run: Run, session: Session, ban: Ban, tmp_path: Path
) -> None:
    rows = [centred(n) for n in range(1, 9)]
    run("import", "siae", write_csv(tmp_path / "siae.csv", rows))
    ban.features = [feature()]
    answered = 0

    def ask(address: str) -> Geocoded | None:
        nonlocal answered
        if answered == 4:
            raise GeocoderAway("GeocoderTimedOut")
        answered += 1
        return Geocoder(ban.address, per_second=1000).ask(address)

    done = geocode(session, ask, TODAY, pause=lambda _: None)
    assert (done.asked, done.placed, done.exit_code) == (4, 4, 1)
    assert "Le service d'adresses ne répond pas" in (done.stopped or "")
    state = session.scalar(select(ImportRun.state).where(ImportRun.id == done.run_id))
    assert state == "failed"
    session.rollback()
    assert job(session, ban).placed == 4


def test_service_that_never_answers_is_said_and_nothing_is_done(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ANNUAIRE_GEOCODER_DOMAIN", "http://127.0.0.1:9/geocodage")
    monkeypatch.setattr("annuaire.structures.geocoding.PAUSE", 0.001)
    run("import", "siae", write_csv(tmp_path / "siae.csv", [centred(n) for n in range(1, 6)]))
    result = run("geocode")
    assert result.exit_code == 2
    assert "Le service d'adresses ne répond pas" in result.stderr


def test_killed_job_is_gone_on_with(run: Run, session: Session, ban: Ban, tmp_path: Path) -> None:
    rows = [centred(n) for n in range(1, 2 * BATCH + 11)]
    run("import", "siae", write_csv(tmp_path / "siae.csv", rows))
    ban.features = [feature()]
    asked = 0

    def ask(address: str) -> Geocoded | None:
        nonlocal asked
        asked += 1
        if asked > BATCH + 3:
            raise KeyboardInterrupt
        return Geocoder(ban.address, per_second=1000).ask(address)

    with pytest.raises(KeyboardInterrupt):
        geocode(session, ask, TODAY)
    session.rollback()
    kept = session.scalar(select(func.count()).select_from(AddressAnswer))
    session.rollback()
    assert kept == BATCH
    assert job(session, ban).placed == BATCH + 10
    points = session.scalar(
        select(func.count()).select_from(SourceRecord).where(SourceRecord.source == "ban")
    )
    assert points == len(rows)


def test_one_address_without_answer_is_said_and_the_rest_is_done(
    run: Run, session: Session, ban: Ban, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [centred(1), centred(2)]))
    ban.features, ban.failures = [feature()], [500] * TRIES
    done = job(session, ban)
    assert (done.placed, done.exit_code) == (1, 1)
    assert done.stopped == (
        "1\u00a0adresse sans réponse du service : relancez « annuaire geocode » plus tard. "
        "Le reste est gardé."
    )
    assert job(session, ban).placed == 1


def test_process_killed_outright_is_gone_on_with(
    run: Run, session: Session, ban: Ban, tmp_path: Path
) -> None:
    rows = [centred(n) for n in range(1, 3 * BATCH + 1)]
    run("import", "siae", write_csv(tmp_path / "siae.csv", rows))
    ban.features = [feature(lat=50.70)]
    command = [sys.executable, "-m", "annuaire", "geocode"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - our own
        while len(ban.asked) < BATCH + 5 and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    assert len(ban.asked) < len(rows)
    said = last_json(run("geocode", "--json"))
    assert said["precisions"] == {"number": len(rows)}
    assert len(set(ban.asked)) == len(rows)
    assert len(ban.asked) <= len(rows) + BATCH
    hits = last_json(run("search", "", "--near", "Lille", "--radius", "3", "--json"))
    assert hits["total"] == 0  # the index knows that all of them moved
