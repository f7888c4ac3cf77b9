"""A purchase plan sent on the site: kept, analysed by the worker, taken away, erased."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.plans import working
from annuaire.plans.models import PurchasePlan, PurchasePlanLine
from annuaire.plans.service import KEPT, purge, receive
from annuaire.plans.working import HELD, Worker, work_once
from search.engine import Engine, EngineUnavailable
from tests.factories.commands import Run, last_json
from tests.factories.files import LYON, siae, write_csv
from tests.factories.pages import token_of, words_of
from tests.integration.conftest import StartFrom

PLAN = """Plan d'achat 2026;;;
Objet;Montant;Lieu;Date
Nettoyage des bureaux de la mairie;25 000;Lille;2026-05-04
Nettoyage de l'école;abc;Lille;
<script>alert(1)</script> nettoyage;12 000;;
"""


def fill(run: Run, folder: Path) -> None:
    rows = [siae(1), siae(2), siae(3, **LYON)]
    run("import", "siae", write_csv(folder / "siae.csv", rows))


@pytest.fixture
def filled(start_from: StartFrom, client: FlaskClient) -> FlaskClient:
    """A browser on such a site of the test's own."""
    start_from(fill)
    return client


@pytest.fixture
def engine(app: Flask) -> Engine:
    found: Engine = app.extensions["annuaire.engine"]
    return found


def worker(name: str = "a", now: datetime | None = None) -> Worker:
    return Worker(name, lambda: now or datetime.now(UTC), lambda: date(2026, 5, 4))


def send(client: FlaskClient, content: bytes | None, **values: str) -> str:
    """Send a plan; returns where its page is."""
    data = {"csrf_token": token_of(client.get("/plan-d-achat").text), **values}
    if content is not None:
        data["fichier"] = (io.BytesIO(content), "<plan>.csv")  # type: ignore[assignment]  # as werkzeug sends files
    answer = client.post("/plan-d-achat", data=data, content_type="multipart/form-data")
    return answer.location if answer.status_code == 303 else answer.text


def take(client: FlaskClient, path: str) -> bytes:
    """A file of the site, whole."""
    answer = client.get(path, buffered=True)
    assert answer.status_code == 200
    return answer.data


def test_a_plan_is_analysed_line_by_line(
    filled: FlaskClient, session: Session, engine: Engine
) -> None:
    path = send(filled, PLAN.encode(), lieu="Lyon")
    waiting = filled.get(path)
    assert "attend son tour" in waiting.text
    assert waiting.headers["X-Robots-Tag"] == "noindex"
    assert filled.get(f"{path}/resultat.csv").status_code == 404
    while work_once(session, engine, worker()):
        pass
    page = filled.get(path).text
    assert re.search("Analyse terminée\u00a0: 3\\s?lignes, dont 1\\s?refusée \\(", page)
    assert "PROPRETE D&#39;ESSAI 1" in page
    assert "Refusée, montant" in page
    assert "<script>alert" not in page
    assert "&lt;plan&gt;.csv" in page
    text = io.StringIO(take(filled, f"{path}/resultat.csv").decode().lstrip("\ufeff"))
    rows = list(csv.DictReader(text, delimiter=";"))
    assert [row["État"] for row in rows] == ["traitée", "refusée", "traitée"]
    assert [row["Ville 1"] for row in rows] == ["Lille", "", "Lyon"]
    assert rows[0]["Structures de l'activité à 50 km"] == "2"
    book = CalamineWorkbook.from_filelike(io.BytesIO(take(filled, f"{path}/resultat.xlsx")))
    assert len(book.get_sheet_by_name("Lignes").to_python()) == 4
    assert take(filled, f"{path}/resultat.ods").startswith(b"PK")


def test_a_line_of_several_trades_says_which_one_is_counted(
    filled: FlaskClient, session: Session, engine: Engine
) -> None:
    path = send(filled, b"Objet;Lieu\nNettoyage des locaux et espaces verts;Lille")
    while work_once(session, engine, worker()):
        pass
    assert "le moins offert, « Entretien des espaces verts », décide" in words_of(
        filled.get(path).text
    )


def test_a_great_line_is_told_no_route_of_small_lots(
    filled: FlaskClient, session: Session, engine: Engine
) -> None:
    path = send(filled, b"Objet;Montant;Nature\nNettoyage;1 200 000;services")
    while work_once(session, engine, worker()):
        pass
    words = words_of(filled.get(path).text)
    assert "Marché ou lot réservé aux ESAT" in words
    assert "Petit lot" not in words


AT_ONCE: tuple[tuple[bytes | None, dict[str, str], str], ...] = (
    (None, {}, "Choisissez un fichier"),
    (b"", {}, "Choisissez un fichier"),
    (PLAN.encode(), {"lieu": "Nulle part"}, "Lieu inconnu"),
)
ON_ITS_PAGE = (
    (b"Objet;Montant\n", "Le plan est vide"),
    (b"%PDF-1.4", "PDF"),
    (b"a;b\n1;2\n", "objet"),
)


def test_file_that_is_no_plan_is_refused(
    filled: FlaskClient, session: Session, engine: Engine
) -> None:
    for content, values, said in AT_ONCE:
        assert said in send(filled, content, **values)
    for data, said in ON_ITS_PAGE:
        path = send(filled, data)
        assert work_once(session, engine, worker())
        page = filled.get(path).text
        assert "n’a pas pu être lu" in page
        assert said in page
    assert set(session.scalars(select(PurchasePlan.content))) == {None}


@contextmanager
def dying(engine: Engine, monkeypatch: pytest.MonkeyPatch, at: int) -> Iterator[None]:
    """The process ends when a line is answered for the `at`-th time."""
    answer, count = working.answer_line, iter(range(1, 10_000))

    def once(*arguments: object) -> object:
        if next(count) == at:
            raise KeyboardInterrupt
        return answer(*arguments)  # type: ignore[arg-type]  # handed over as they came

    with monkeypatch.context() as patch:
        patch.setattr(working, "answer_line", once)
        with pytest.raises(KeyboardInterrupt):
            yield


def test_what_a_killed_worker_left_is_finished_by_the_next(
    filled: FlaskClient, session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(f"Nettoyage du site {n};1000;Lille\n" for n in range(50))
    token = receive(session, f"Objet;Montant;Lieu\n{lines}".encode(), "plan", datetime.now(UTC))
    with dying(engine, monkeypatch, 30):
        work_once(session, engine, worker("a"))
    done = select(PurchasePlanLine.position).where(PurchasePlanLine.done)
    assert len(session.scalars(done).all()) == 20  # whole batches
    assert not work_once(session, engine, worker("b"))  # it may still be alive
    later = datetime.now(UTC) + HELD + timedelta(seconds=1)
    assert work_once(session, engine, worker("b", later))
    assert len(session.scalars(done).all()) == 50
    assert "Analyse terminée\u00a0: 50" in filled.get(f"/plan-d-achat/{token}").text
    assert not work_once(session, engine, worker("a", later + HELD))


def test_a_plan_erased_meanwhile_stops_its_worker(
    filled: FlaskClient, session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = send(filled, PLAN.encode())
    token = token_of(filled.get(path).text)
    answer = working.answer_line

    def erased(*arguments: object) -> object:
        filled.post(f"{path}/effacer", data={"csrf_token": token})
        return answer(*arguments)  # type: ignore[arg-type]  # handed over as they came

    monkeypatch.setattr(working, "answer_line", erased)
    work_once(session, engine, worker())
    assert session.scalars(select(PurchasePlanLine.id)).all() == []
    assert filled.get(path).status_code == 404


def test_engine_away_leaves_the_plan_for_later(
    filled: FlaskClient, session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = send(filled, PLAN.encode())

    def away(*_arguments: object) -> object:
        raise EngineUnavailable("la recherche ne répond pas")

    with monkeypatch.context() as patch:
        patch.setattr(working, "answer_line", away)
        with pytest.raises(EngineUnavailable):
            work_once(session, engine, worker())
    assert work_once(session, engine, worker(now=datetime.now(UTC) + 2 * HELD))
    assert "Analyse terminée" in filled.get(path).text


def test_a_defect_on_one_line_is_said_there_and_stops_no_other(
    filled: FlaskClient, session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = send(filled, PLAN.encode())
    answer = working.answer_line

    def broken(*arguments: object) -> object:
        if "mairie" in str(arguments[2]):
            raise ZeroDivisionError
        return answer(*arguments)  # type: ignore[arg-type]  # handed over as they came

    monkeypatch.setattr(working, "answer_line", broken)
    work_once(session, engine, worker())
    page = filled.get(path).text
    assert "défaut de notre côté" in page
    assert "PROPRETE D&#39;ESSAI" in page


def test_plans_are_erased_after_a_week(client: FlaskClient, session: Session) -> None:
    now = datetime.now(UTC)
    old = receive(session, PLAN.encode(), "old", now - KEPT)
    new = receive(session, PLAN.encode(), "new", now)
    assert client.get(f"/plan-d-achat/{old}").status_code == 404  # even before it is erased
    assert purge(session, now) == 1
    with writing(session):
        assert session.scalars(select(PurchasePlan.token)).all() == [new]


def test_any_other_address_is_not_found(client: FlaskClient) -> None:
    for token in ("x", "é" * 300, "%00", "..%2F..", "' OR 1=1 --"):
        for tail in ("", "/resultat.xlsx"):
            assert client.get(f"/plan-d-achat/{token}{tail}").status_code == 404


def test_the_command_answers_a_plan_at_once(filled: FlaskClient, run: Run, tmp_path: Path) -> None:
    plan, out = tmp_path / "plan.csv", tmp_path / "out.xlsx"
    plan.write_text(PLAN, encoding="utf-8")
    done = run("match", "--plan", plan, "--out", out, "--place", "Lyon", "--json")
    assert (done.exit_code, last_json(done)["lines"], last_json(done)["refused"]) == (1, 3, 1)
    assert len(CalamineWorkbook.from_path(out).get_sheet_by_name("Lignes").to_python()) == 4
    assert "Donnez --out" in str(run("match", "--plan", plan).exception)
    assert run("plans", "work", "--once").exit_code == 0
    assert last_json(run("plans", "purge", "--json")) == {"erased": 0}
