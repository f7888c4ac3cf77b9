"""`annuaire demo`: the sample data, read once, kept apart from what is real, taken away at will."""

from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire.matching.models import Win
from tests.factories.commands import Run, last_json
from tests.factories.files import notice, siae, write_csv


def totals(run: Run) -> tuple[int, int]:
    structures = last_json(run("search", "", "--json"))["total"]
    return structures, last_json(run("search", "", "--contracts", "--json"))["total"]


def test_demo_prepares_the_sample_data_once(run: Run) -> None:
    assert run("demo", "--no-serve").exit_code == 0
    first = totals(run)
    assert first[0] >= 390
    assert first[1] == 60
    assert run("demo", "--no-serve").exit_code == 0
    assert totals(run) == first
    read = [one["source"] for one in last_json(run("runs", "--json"))]
    assert sorted(read) == ["attributions", "exemple", "exemple"]


def test_sample_data_leaves_without_a_trace_on_the_rest(run: Run, tmp_path: Path) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1)]))
    run("import", "boamp", write_csv(tmp_path / "boamp.csv", [notice(1)]))
    run("demo", "--no-serve")
    assert totals(run)[0] > 390
    assert run("demo", "--remove").exit_code == 0
    assert totals(run) == (1, 1)


def test_no_sample_award_stays(run: Run, session: Session) -> None:
    run("demo", "--no-serve")
    assert session.scalar(select(func.count()).select_from(Win))
    session.rollback()
    run("demo", "--remove")
    assert session.scalars(select(Win)).all() == []


def test_real_data_does_not_end_the_sample_data(run: Run, tmp_path: Path) -> None:
    run("demo", "--no-serve")
    before = totals(run)[0]
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1)]), "--accept-removals")
    assert totals(run)[0] == before + 1


def test_sample_data_comes_back_when_asked_again(run: Run) -> None:
    run("demo", "--no-serve")
    before = totals(run)
    run("demo", "--remove")
    assert totals(run) == (0, 0)
    run("demo", "--no-serve")
    assert totals(run) == before


def test_every_page_says_how_to_know_what_is_invented(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1)]))
    real = f"/structures/{siae(1)['siret']}"
    assert "Données d’exemple" not in client.get(real).text
    run("demo", "--no-serve")
    shown = [urlsplit(hit["url"]).path for hit in last_json(run("search", "", "--json"))["hits"]]
    sample = next(path for path in shown if path != real)
    for path in ("/", real, sample):
        assert "dont la source est «\u00a0Données d’exemple\u00a0»" in client.get(path).text
    assert "Données d'exemple (inventées)" in unescape(client.get(sample).text)
    assert "Données d'exemple (inventées)" not in unescape(client.get(real).text)
    (contract, *_) = last_json(run("search", "", "--contracts", "--json"))["hits"]
    assert "/marches/exemple-" in contract["url"]
    run("demo", "--remove")
    assert "Données d’exemple" not in client.get("/").text
