"""« Ce fournisseur est-il inclusif ? »: one number, lists, files, the command, the statement."""

import csv
import io
import re
import tempfile
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, insert, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from stdnum import luhn
from werkzeug.test import TestResponse

from annuaire.bench.files import invented_siret
from annuaire.db import writing
from annuaire.structures.models import Structure, StructureStatus
from annuaire.takeaway.lists import MAX_LINES
from tests.factories.archives import write_xlsx
from tests.factories.commands import Run, last_json
from tests.factories.files import siae, write_csv
from tests.factories.pages import token_of
from tests.integration.conftest import StartFrom

ONE, ENDED, ESUS = (siae(n)["siret"] for n in (1, 2, 3))


def other(siret: str) -> str:
    """Another establishment of the same company, that no source lists."""
    start = f"{siret[:9]}0099"
    return start + str(luhn.calc_check_digit(start))


UNKNOWN = invented_siret(500)
WRONG = ONE[:-1] + str((int(ONE[-1]) + 1) % 10)
VERDICTS = {
    ONE: "inclusive",
    other(ONE): "entreprise",
    ONE[:9]: "entreprise",
    ENDED: "terminee",
    ENDED[:9]: "terminee",
    ESUS: "esus",
    other(ESUS): "esus",
    UNKNOWN: "inconnue",
    WRONG: "invalide",
    "12": "invalide",
}


def fill(run: Run, folder: Path) -> None:
    run("import", "siae", write_csv(folder / "siae.csv", [siae(n) for n in (1, 2, 3)]))


@pytest.fixture
def filled(start_from: StartFrom, client: FlaskClient, session: Session) -> FlaskClient:
    """A site that knows an EI, an EI that ended, and a company that is ESUS alone."""
    start_from(fill)
    with writing(session):
        ids = dict(session.execute(Structure.__table__.select().with_only_columns(
            Structure.key, Structure.id
        )).all())  # fmt: skip
        status = StructureStatus.__table__
        session.execute(
            update(status)
            .where(status.c.structure_id == ids[ENDED])
            .values(valid_to=date(2025, 12, 31))
        )
        session.execute(
            update(status).where(status.c.structure_id == ids[ESUS]).values(kind="ESUS")
        )
    return client


def send(client: FlaskClient, **values: Any) -> TestResponse:
    return client.post(
        "/verifier",
        data={"csrf_token": token_of(client.get("/verifier").text), **values},
        buffered=True,
    )


def answers(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    text = answer.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize(("number", "verdict"), VERDICTS.items())
def test_command_gives_the_verdict_of_a_number(
    run: Run, filled: FlaskClient, number: str, verdict: str
) -> None:
    done = run("check", number, "--json")
    assert last_json(done)["results"][0]["verdict"] == verdict
    assert done.exit_code == (2 if verdict == "invalide" else 0)


def test_page_of_a_number_tells_status_source_and_day(filled: FlaskClient) -> None:
    typed = f"{ONE[:3]} {ONE[3:6]} {ONE[6:9]} {ONE[9:]}"
    led = filled.get("/verifier", query_string={"siret": typed})
    assert (led.status_code, led.location) == (302, f"/verifier/{ONE}")
    page = unescape(filled.get(led.location).text)
    assert "Inclusive aujourd’hui" in page
    assert "Entreprise d'insertion (EI), fin non précisée" in page
    assert "source : Structures de l'insertion" in page.replace("\u00a0", " ")
    ended = unescape(filled.get(f"/verifier/{ENDED}").text).replace("\u00a0", " ")
    assert "jusqu’au 31 décembre 2025" in ended
    unknown = unescape(filled.get(f"/verifier/{UNKNOWN}").text)
    assert "Cela ne prouve rien" in unknown
    assert "PROPRETE D'ESSAI 1" in unescape(filled.get(f"/verifier/{other(ONE)}").text)


@pytest.mark.parametrize(
    ("typed", "why"),
    [("abc", "pas un numéro"), ("123", "3 chiffres"), (WRONG, "clé de contrôle"), ("<b>", "&lt;b")],
)
def test_a_wrong_number_is_said_and_kept_in_the_form(
    filled: FlaskClient, typed: str, why: str
) -> None:
    answer = filled.get("/verifier", query_string={"siret": typed})
    assert answer.status_code == 400
    assert why in answer.text
    assert filled.get(f"/verifier/{typed}").status_code in (400, 404)


def test_a_number_that_a_source_writes_wrong_is_found_as_it_writes_it(
    filled: FlaskClient, session: Session
) -> None:
    with writing(session):
        session.execute(
            update(Structure).where(Structure.siret == ONE).values(siret=WRONG, key=WRONG)
        )
    page = unescape(filled.get(f"/verifier?siret={WRONG}", follow_redirects=True).text)
    assert "Inclusive aujourd’hui" in page
    assert "une source l’écrit ainsi" in page
    assert (
        answers(send(filled, liste=WRONG, export="csv"))[0]["Résultat"] == "Inclusive aujourd’hui"
    )
    assert filled.get(f"/verifier/{WRONG}/attestation").status_code == 302


def test_a_last_day_counts_whole(filled: FlaskClient, session: Session) -> None:
    today = date.today()  # noqa: DTZ011 - a day more or less is what is tested
    for last, shown in (
        (today + timedelta(1), "Inclusive"),
        (today - timedelta(1), "Ne l’est plus"),
    ):
        with writing(session):
            session.execute(update(StructureStatus).values(valid_to=last))
        assert shown in filled.get(f"/verifier/{ONE}").text


def test_a_pasted_list_is_answered_line_by_line_with_counts(filled: FlaskClient) -> None:
    lines = "\r\n".join(["SIRET", *VERDICTS, ""])
    page = unescape(send(filled, liste=lines).text)
    assert "10\u00a0numéros vérifiés" in page
    assert "Inclusive aujourd’hui (1)" in page
    assert "Numéro invalide (2)" in page
    rows = answers(send(filled, liste=lines, export="csv"))
    assert [row["Ligne"] for row in rows] == [str(n) for n in range(2, 12)]
    assert [row["Numéro"] for row in rows][:3] == [ONE, other(ONE), ONE[:9]]
    assert rows[0]["Statuts en cours, validité, source"].startswith("Entreprise d'insertion (EI)")
    assert rows[3]["Jusqu’au"] == "2025-12-31"
    assert rows[5]["ESUS (entreprise)"] == "oui"


def test_filtering_keeps_the_list_and_its_line_numbers(filled: FlaskClient) -> None:
    first = send(filled, liste=f"SIRET\n\n{ONE}\n12;x\n{UNKNOWN}")
    again = unescape(re.search(r'name="liste" value="([^"]*)"', first.text).group(1))  # type: ignore[union-attr]
    filtered = unescape(send(filled, liste=again, voir="inclusive").text)
    assert "3\u00a0numéros vérifiés" in filtered
    table = filtered.split("Ligne par ligne")[1]
    assert '<td class="num">3</td>' in table
    assert UNKNOWN[:3] + "\u00a0" + UNKNOWN[3:6] not in table.split("Sources consultées")[0]


@pytest.mark.parametrize("form", ["csv", "cp1252", "xlsx", "xlsx numbers"])
def test_a_file_is_read_and_its_column_found(
    filled: FlaskClient, tmp_path: Path, form: str
) -> None:
    rows = [["Société", "N° Siret", "Téléphone"], ["Été", ONE, "0320000000"], ["B", "12", ""]]
    path = tmp_path / "liste"
    if form.startswith("xlsx"):
        typed = [rows[0], ["Été", int(ONE) if "numbers" in form else ONE, "0320000000"], rows[2]]
        write_xlsx(path.with_suffix(".xlsx"), typed).rename(path)
    else:
        encoding = "cp1252" if form == "cp1252" else "utf-8"
        path.write_text("\n".join(";".join(row) for row in rows), encoding=encoding)
    with path.open("rb") as file:
        found = answers(send(filled, fichier=(file, "../../mes fournisseurs.csv"), export="csv"))
    assert [(row["Ligne"], row["Numéro"]) for row in found] == [("2", ONE), ("3", "")]
    assert "2 chiffres" in found[1]["Explication"]


def test_nothing_of_a_file_is_kept(
    filled: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    for content in (ONE.encode(), b"PK\x03\x04 broken", b"%PDF-1.7"):
        send(filled, fichier=(io.BytesIO(content), "liste.csv"))
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Collez une liste"),
        (b"%PDF-1.7 rien", "un document PDF"),
        (b"PK\x03\x04 broken", "abîmé"),
        (b"Bonjour\nMadame", "Aucune colonne"),
        (b"\x00" * 5_000, "UTF-16"),
        (b"1\n" * (MAX_LINES + 1), "plus de 10000 lignes"),
    ],
    ids=["nothing", "pdf", "broken", "words", "nuls", "too long"],
)
def test_a_file_that_cannot_be_used_is_said(filled: FlaskClient, content: bytes, said: str) -> None:
    sent = {"fichier": (io.BytesIO(content), "liste.csv")} if content else {"liste": "  \n "}
    answer = send(filled, **sent)
    assert answer.status_code == 400
    assert said in unescape(answer.text)


def test_what_is_too_heavy_is_refused(filled: FlaskClient) -> None:
    body = b"--x\r\n" + b"1" * 7_000_000
    answer = filled.post("/verifier", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "trop lourd" in answer.text


def test_ten_thousand_lines_are_answered_in_a_few_queries(
    filled: FlaskClient, session: Session
) -> None:
    now = session.get_one(Structure, 1).created_at
    sirets = [invented_siret(n) for n in range(1_000, 1_000 + MAX_LINES)]
    with writing(session):
        session.execute(
            insert(Structure),
            [
                {"key": s, "siret": s, "name": "ESSAI", "origins": {}, "created_at": now,
                 "updated_at": now, "ended_on": date(2026, 1, 1)}
                for s in sirets[::2]
            ],
        )  # fmt: skip
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        answer = send(filled, liste="\n".join(sirets))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert answer.status_code == 200
    assert "Les 500 premières lignes sur 10" in answer.text
    assert len(asked) < 40
    rows = answers(send(filled, liste="\n".join(sirets), export="csv"))
    assert len(rows) == MAX_LINES
    assert sum(row["Résultat"] == "Ne l’est plus" for row in rows) == MAX_LINES // 2


def test_command_reads_a_list_and_says_what_was_refused(
    run: Run, filled: FlaskClient, tmp_path: Path
) -> None:
    path = write_xlsx(tmp_path / "liste.xlsx", [["SIREN"], [ONE[:9]], ["zut1"]])
    done = run("check", "--file", path, "--json")
    found = last_json(done)
    assert [r["verdict"] for r in found["results"]] == ["entreprise", "invalide"]
    assert (found["invalid"], done.exit_code) == (1, 1)
    assert "Entreprise, pas ce numéro" in run("check", other(ONE)).stdout


def test_lists_are_limited_for_one_address(filled: FlaskClient) -> None:
    for _ in range(30):
        assert send(filled, liste=ONE).status_code == 200
    refused = send(filled, liste=ONE)
    assert refused.status_code == 429
    assert "attendez une minute" in unescape(refused.text)
    assert filled.get(f"/verifier/{ONE}").status_code == 200
