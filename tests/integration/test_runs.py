"""Readings as a moderator looks at them: held files, issues by code, their export."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from annuaire.cells import csv_cell
from annuaire.db import writing
from annuaire.errors import InvalidInputError
from annuaire.runs import ImportRun, close_run, open_run
from importers.descriptions import DESCRIPTIONS
from tests.factories.commands import Run, last_json
from tests.factories.files import siae, write_csv


@pytest.fixture(autouse=True)
def small_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SIAE directory as a source of 3 rows at least, which loses a tenth at most."""
    smaller = replace(DESCRIPTIONS["siae"], minimum_rows=3)
    monkeypatch.setitem(DESCRIPTIONS, "siae", smaller)


@pytest.mark.parametrize(("left", "held"), [(19, False), (18, False), (17, True), (2, True)])
def test_a_file_that_lacks_more_than_its_source_loses_is_held(
    run: Run, tmp_path: Path, left: int, *, held: bool
) -> None:
    rows = [siae(n) for n in range(1, 21)]
    run("import", "siae", write_csv(tmp_path / "whole.csv", rows))
    less = write_csv(tmp_path / "less.csv", rows[:left])
    result = last_json(run("import", "siae", less, "--json"))
    assert (result["held"], result["ended"]) == (held, 0 if held else 20 - left)
    newest = last_json(run("runs", "--json"))[0]
    assert newest["state"] == ("held" if held else "done")


def test_a_held_file_is_let_pass_and_its_state_is_said(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    rows = [siae(n) for n in range(1, 21)]
    run("import", "siae", write_csv(tmp_path / "whole.csv", rows))
    less = write_csv(tmp_path / "less.csv", rows[:10])
    run("import", "siae", less)
    page = unescape(client.get("/sources/siae").text)
    assert "La dernière lecture attend une confirmation" in page
    assert "elles sont 50 % de ce que la source listait" in page
    assert "retraits en attente" in client.get("/sources").text
    assert "terminée, retraits en attente" in run("runs").stdout
    run("import", "siae", less, "--accept-removals")
    assert "attend une confirmation" not in client.get("/sources/siae").text
    assert last_json(run("search", "", "--json"))["total"] == 10


def test_issues_are_counted_filtered_and_exported_by_code(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    rows = [
        siae(1),
        siae(2, siret="12"),
        siae(3, siret="13"),
        siae(4, website="=cmd|' /C calc'!A1"),
    ]
    path = write_csv(tmp_path / "siae.csv", rows)
    run("import", "siae", path)
    counts = last_json(run("runs", 1, "--json"))["by_code"]
    assert [(c["code"], c["field"], c["refused"], c["number"], c["first_row"]) for c in counts] == [
        ("siret", "siret", True, 2, 3),
        ("site", "website", False, 1, 5),
    ]
    shown = run("runs", 1, "--code", "site").stdout
    assert sha256(path.read_bytes()).hexdigest() in shown
    assert "ligne 5, website" in shown
    assert "ligne 3, siret :" not in shown
    page = client.get("/sources/siae?code=site").text
    assert sha256(path.read_bytes()).hexdigest() in page
    assert "1\xa0remarque" in page
    answer = client.get("/sources/siae/remarques.csv?lecture=1&code=siret")
    table = [*csv.reader(io.StringIO(answer.text))]
    assert table[0] == ["ligne", "champ", "code", "refusée", "remarque"]
    assert [(row[0], row[2], row[3]) for row in table[1:]] == [
        ("3", "siret", "oui"),
        ("4", "siret", "oui"),
    ]
    assert len([*csv.reader(io.StringIO(run("runs", 1, "--csv").stdout))]) == 4


def test_no_cell_of_an_export_is_a_formula() -> None:
    for text in ("=1+1", "+1", "-1", "@x", "\t=1"):
        assert str(csv_cell(text)).startswith("'")
    assert [csv_cell(value) for value in ("a", 3, None)] == ["a", 3, ""]


def test_an_old_reading_has_its_page_and_another_source_s_has_not(
    run: Run, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1, siret="12"), siae(2)]))
    with writing(session):
        for number in range(31):
            later = open_run(session, "siae", "siae.csv", f"{number:064}")
            close_run(session, later, "done", {"read": 2, "accepted": 2})
    assert "Lecture n°\xa01," in unescape(client.get("/sources/siae?lecture=1").text)
    for wrong in (
        "/sources/esat?lecture=1",
        "/sources/siae?lecture=999",
        "/sources/siae?lecture=x",
    ):
        assert client.get(wrong).status_code == 404
    assert client.get("/sources/esat/remarques.csv").status_code == 404
    assert client.get("/sources/siae?lecture=²").status_code == 404


def test_runs_ask_for_the_reading_whose_issues_are_wanted(run: Run) -> None:
    assert isinstance(run("runs", "--code", "siret").exception, InvalidInputError)


def test_pages_warn_when_a_source_is_older_than_its_rhythm(
    run: Run, client: FlaskClient, session: Session, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1), siae(2)]))
    pages = ("/structures", f"/structures/{siae(1)['siret']}", "/sources", "/sources/siae")
    for path in pages:
        assert "à relire" not in client.get(path).text
    with writing(session):
        old = datetime.now(UTC) - timedelta(days=40)
        session.execute(update(ImportRun).values(started_at=old, ended_at=old))
    for path in pages:
        assert "à relire" in unescape(client.get(path).text), path


def test_a_file_of_which_all_is_refused_does_not_make_its_source_up_to_date(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    broken = tmp_path / "avis.xml"
    broken.write_text("<TED_EXPORT><FORM>tr", encoding="utf-8")
    assert run("import", "ted", str(broken)).exit_code == 2
    told = run("runs").stdout.replace("\xa0", " ")
    assert "1 lue, 0 créée, 0 mise à jour, 1 refusée" in told
    assert DESCRIPTIONS["ted"].title not in unescape(client.get("/etat").text)
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(n) for n in range(1, 4)]))
    assert DESCRIPTIONS["siae"].title in unescape(client.get("/etat").text)
