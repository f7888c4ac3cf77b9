"""What a web write changes is soon found: someone follows the lines that wait."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.cli.following import keep_up, mend, steps
from annuaire.cli.lasting import GoesOn, follow, pause
from annuaire.db import reading, writing
from annuaire.structures.models import StructureStatus
from search.engine import EngineUnavailable, Query, Terms
from search.meilisearch import MeilisearchEngine
from tests.factories.commands import Run, last_json
from tests.factories.registers import named

NAME = "structures"
TODAY = date(2026, 5, 4)


@pytest.fixture
def written(session: Session) -> Callable[[str], None]:
    """What a page that saves a change does: the row and its line, in one transaction."""

    return partial(named, session)


def found(app: Flask) -> list[object]:
    return [
        h.document["name"] for h in app.extensions["annuaire.engine"].search(NAME, Query()).hits
    ]


def waiting(session: Session) -> int:
    session.rollback()
    count = outbox.waiting(reading(session)).get(NAME, (0, None))[0]
    session.rollback()
    return count


def stop_after(steps: int) -> Callable[[], bool]:
    """Says to stop once it was asked so many times."""
    left = iter(range(steps - 1, -1, -1))
    return lambda: next(left) == 0


def test_a_change_is_found_after_one_look(
    app: Flask, session: Session, written: Callable[[str], None]
) -> None:
    written("Ancien")
    assert (found(app), waiting(session)) == ([], 1)
    follow(lambda: keep_up(TODAY), stop_after(1))
    assert (found(app), waiting(session)) == (["Ancien"], 0)
    written("Nouveau")
    follow(lambda: keep_up(TODAY), stop_after(2))
    assert (found(app), waiting(session)) == (["Nouveau"], 0)


def test_nothing_is_lost_while_the_engine_is_away(
    app: Flask,
    session: Session,
    written: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    here = app.extensions["annuaire.engine"]
    away = MeilisearchEngine("http://127.0.0.1:9")
    written("Attendu")
    app.extensions["annuaire.engine"] = away
    with pytest.raises(EngineUnavailable):
        keep_up(TODAY)
    assert waiting(session) == 1

    def step() -> int:
        """The server comes back before the third look."""
        looks.append(1)
        if len(looks) == 3:
            app.extensions["annuaire.engine"] = here
        return keep_up(TODAY)

    looks: list[int] = []
    follow(step, stop_after(3))
    assert capsys.readouterr().err.count("ne répond pas") == 1  # said once, not at each look
    assert (found(app), waiting(session)) == (["Attendu"], 0)


def test_a_step_that_fails_ends_no_other(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    def step() -> None:
        """Fails twice alike, in the middle of a transaction."""
        assert not session.in_transaction()
        looks.append(outbox.waiting(reading(session)))
        if len(looks) < 3:
            raise KeyError("a defect")

    looks: list[object] = []
    follow(step, stop_after(3))
    assert len(looks) == 3
    assert [record.exc_info is not None for record in caplog.records] == [True]  # said once


def test_a_pause_ends_with_who_started_the_command() -> None:
    assert not pause(0.01, None)()
    assert not pause(0.01, os.getppid())()
    assert pause(3_600, os.getpid())()  # not who started this process: that one is gone
    assert pause(3_600, None, stopping=lambda: True)()


def test_an_index_that_was_lost_is_made_again(
    app: Flask, session: Session, written: Callable[[str], None]
) -> None:
    written("Gardé")
    keep_up(TODAY)
    app.extensions["annuaire.engine"].delete(NAME, ["1"])
    assert found(app) == []
    mend()
    assert found(app) == ["Gardé"]
    assert waiting(session) == 0


def test_status_tells_what_waits_and_since_when(run: Run, written: Callable[[str], None]) -> None:
    written("Attendu")
    before = last_json(run("index", "status", "--json"))[NAME]
    assert (before["documents"], before["expected"], before["waiting"]) == (0, 1, 1)
    assert before["oldest"]
    assert run("index", "drain").exit_code == 0
    after = last_json(run("index", "status", "--json"))[NAME]
    assert (after["documents"], after["expected"], after["waiting"]) == (1, 1, 0)


def test_status_and_drain_say_that_the_server_is_away(
    run: Run, written: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    written("Attendu")
    monkeypatch.setenv("ANNUAIRE_MEILISEARCH_URL", "http://127.0.0.1:9")
    status = run("index", "status", "--json")
    told = last_json(status)
    assert (status.exit_code, told["ok"], told[NAME]["waiting"]) == (0, False, 1)
    assert "ANNUAIRE_MEILISEARCH_URL" in told["message"]
    drained = run("index", "drain")
    assert isinstance(drained.exception, EngineUnavailable)
    monkeypatch.delenv("ANNUAIRE_MEILISEARCH_URL")
    assert last_json(run("index", "status", "--json"))[NAME]["waiting"] == 1


def test_a_status_ends_in_the_index_the_day_after_its_last(
    app: Flask, session: Session, written: Callable[[str], None]
) -> None:
    written("Agréée")
    with writing(session):
        session.add(StructureStatus(structure_id=1, kind="ESUS", source="esus", valid_to=TODAY))
    days = iter([TODAY, TODAY + timedelta(days=1)])
    step = steps(lambda: next(days))

    def agreed() -> int:
        query = Query(filters=(Terms("kinds", ("ESUS",)),))
        total: int = app.extensions["annuaire.engine"].search(NAME, query).total
        return total

    step()
    assert agreed() == 1
    step()
    assert agreed() == 0


@pytest.mark.parametrize(("kind", "steps"), [(click.Command, 0), (GoesOn, 2)])
def test_a_command_that_goes_on_without_saying_so_fails_before_it_does(
    kind: type[click.Command], steps: int
) -> None:
    done: list[None] = []
    command = kind("watch", callback=lambda: follow(lambda: done.append(None), stop_after(2)))
    result = CliRunner().invoke(command, [])
    assert len(done) == steps
    assert isinstance(result.exception, TypeError) == (steps == 0)
