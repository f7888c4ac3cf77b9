"""Advice as a buyer meets it: pages, documents, files, commands."""

import re
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import odfdo
import pytest
import python_calamine
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annuaire.contracts.models import Contract, Lot
from annuaire.db import writing
from annuaire.outbox import announce
from annuaire.structures.models import Structure, StructureStatus
from search.engine import Engine
from search.indexing import drain
from tests.factories.commands import Run, last_json
from tests.factories.files import notice, siae, write_csv
from tests.factories.pages import words_of
from tests.integration.conftest import StartFrom

NEED = "quoi=nettoyage+de+bureaux&lieu=Lille&montant=50000&nature=services"
HOSTILE = (
    "", "%00", "nan", "inf", "-1", "1e309", "9" * 400, "<script>alert(1)</script>", "{x}",
    "é" * 300, "2026-13-45", "%F0%9F%92%A9", "%E2%80%AE", "' OR 1=1 --",
)  # fmt: skip
_HOURS = "montant1 metier1 part1 nom1 taux cout euros base methode temps_plein lots nature"
#: The fields that each page reads.
FIELDS = {
    "/besoins/faisabilite": "quoi lieu montant nature date etat",
    "/besoins/dossier-sourcing.odt": "quoi lieu montant date",
    "/marches/boamp-26-1/faisabilite.xlsx": "date etat",
    "/marches/boamp-26-1/dossier-sourcing": "lot",
    "/outils/heures-insertion": _HOURS,
    "/outils/clause.docx": f"voie objet {_HOURS}",
    "/outils/oeth": "prix couts contribution taux date",
}


def fill(run: Run, folder: Path) -> None:
    """Eight cleaners and two gardens of Lille, a contract of two lots and one of one."""
    rows = [siae(n) for n in range(1, 9)]
    rows += [siae(n, name=f"JARDINS {n}", naf="8130Z", kind="ACI") for n in (11, 12)]
    run("import", "siae", write_csv(folder / "siae.csv", rows))
    notices = [notice(1), notice(2, objet="Entretien des espaces verts <b>communaux</b>")]
    run("import", "boamp", write_csv(folder / "boamp.csv", notices))


@pytest.fixture
def filled(start_from: StartFrom, client: FlaskClient) -> FlaskClient:
    """A browser on such a site of the test's own."""
    start_from(fill)
    return client


def text(client: FlaskClient, path: str) -> str:
    """The words of a page, without its markup."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return words_of(answer.text)


def test_need_and_lot_pages_tell_depth_hours_and_lead_on(filled: FlaskClient) -> None:
    for path in (f"/besoins/nouveau?{NEED}", "/marches/boamp-26-1/lots/1"):
        page = filled.get(path).text
        assert 'id="offre"' in page
        assert 'id="heures"' in page
        assert "BT-71" in page
        assert "défense ou de sécurité" in page
        links = re.findall(r'href="([^"]+)"', page)
        for wanted in ("faisabilite", "dossier-sourcing", "heures-insertion", "clause", "oeth"):
            (found,) = {unescape(u) for u in links if re.search(rf"/{wanted}(\?|$)", u)}
            assert filled.get(found).status_code == 200, found


def test_hours_of_several_trades_are_counted_trade_by_trade(filled: FlaskClient) -> None:
    need = "quoi=nettoyage+et+espaces+verts&lieu=Lille&montant=90000&nature=services"
    page = filled.get(f"/besoins/nouveau?{need}").text
    sheet = text(filled, f"/besoins/faisabilite?{need}")
    for said in (words_of(page), sheet):
        assert "partagé entre eux à parts égales" in said
        assert re.search(r"nettoyage : 75 heures \(45.000 € HT × 50 %", said)
        assert re.search(r"espaces verts : 75 heures", said)
    one = "quoi=entretien+du+matériel+des+espaces+verts&lieu=Lille&montant=90000"
    assert "Compté pour un seul métier" in text(filled, f"/besoins/nouveau?{one}")
    link = unescape(re.findall(r'href="(/outils/heures-insertion[^"]+)"', page)[0])
    calculator = filled.get(f"{link}&calculer=1&part2=100").text
    assert "225" in words_of(calculator)
    assert 'value="espaces verts"' in calculator


def test_a_small_lot_of_a_great_contract_is_no_small_purchase(
    filled: FlaskClient, session: Session
) -> None:
    with writing(session):
        contract = session.scalars(select(Contract).where(Contract.reference == "boamp-26-1")).one()
        (first,) = contract.lots
        first.amount_eur = 20_000
        session.add(
            Lot(
                contract_id=contract.id, position=1, number="2", title="Vitres",
                amount_eur=300_000, activities=[], awards=[],
            )
        )  # fmt: skip
    page = text(filled, "/marches/boamp-26-1/lots/1")
    assert "320 000 € HT" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert "Achat direct, sans publicité" not in page
    assert "Petit lot acheté directement" in page


def test_sheet_of_a_need_says_where_and_nowhere(filled: FlaskClient) -> None:
    assert "Lieu : Lille" in text(filled, f"/besoins/faisabilite?{NEED}")
    assert "Lieu : non précisé" in text(filled, "/besoins/faisabilite?quoi=nettoyage")


def test_sheet_of_a_need_applies_the_law_of_its_date(filled: FlaskClient) -> None:
    march = text(filled, f"/besoins/faisabilite?{NEED}&date=2026-03-15")
    may = text(filled, f"/besoins/faisabilite?{NEED}&date=2026-05-15")
    assert "Achat direct, sans publicité" not in march
    assert "à partir du 1er avril 2026" in march
    assert "Achat direct, sans publicité" in may
    state = "/besoins/faisabilite?quoi=nettoyage&lieu=Lille&montant=150000&date=2026-11-01"
    assert "Clause sociale obligatoire" not in text(filled, state)
    assert "Clause sociale obligatoire" in text(filled, f"{state}&etat=oui")


def test_a_concession_has_its_own_routes_and_no_direct_purchase(filled: FlaskClient) -> None:
    for path in (
        f"/besoins/nouveau?{NEED}&contrat=concession",
        f"/besoins/faisabilite?{NEED}&contrat=concession",
        "/marches/boamp-26-1/faisabilite?contrat=concession",
    ):
        page = text(filled, path)
        assert "L3114-2" in page, path
        assert "n'a pas de seuil d'achat direct" in page
        for of_contracts in ("Achat direct, sans publicité", "L2113-13", "L2112-2)"):
            assert of_contracts not in page, (path, of_contracts)
    assert 'value="concession" selected' in filled.get(path).text
    back = filled.get(f"/besoins/nouveau?{NEED}&contrat=concession").text
    (sheet,) = {unescape(u) for u in re.findall(r'href="([^"]+/faisabilite\?[^"]+)"', back)}
    assert "concession" in sheet
    (clause,) = {unescape(u) for u in re.findall(r'href="(/outils/clause[^"]+)"', back)}
    assert "voie=concession_" in clause
    assert filled.get(clause).status_code == 200


def test_agreement_that_ends_before_the_need_is_told_with_how_recent_the_directories_are(
    filled: FlaskClient, session: Session
) -> None:
    engine: Engine = filled.application.extensions["annuaire.engine"]
    with writing(session):
        session.execute(update(StructureStatus).values(valid_to=date(2026, 12, 31)))
        announce(session, "structures", session.scalars(select(Structure.id)).all())
    drain(session, engine, date(2026, 11, 1))
    later = text(filled, f"/besoins/nouveau?{NEED}&date=2027-03-01")
    assert "connus comme EI jusqu'au 31 décembre 2026" in later
    assert "Structures d’après des annuaires lus le" in later
    assert "renouvellement" not in text(filled, f"/besoins/nouveau?{NEED}&date=2026-05-15")


def test_before_the_code_no_route_is_said_and_why(filled: FlaskClient) -> None:
    for path in ("nouveau", "faisabilite"):
        page = text(filled, f"/besoins/{path}?{NEED}&date=2018-05-15")
        assert "les règles d'avant ne sont pas données ici" in page
        assert "Achat direct, sans publicité" not in page
        assert "Voie et clause" not in page
        assert "L2113-1" not in page


def test_a_document_leads_back_to_its_form_with_what_was_typed(filled: FlaskClient) -> None:
    for path in ("/besoins/faisabilite", "/besoins/dossier-sourcing"):
        (edit,) = re.findall(r'href="([^"]+modifier=1)"', filled.get(f"{path}?{NEED}").text)
        assert "nettoyage de bureaux</textarea>" in filled.get(unescape(edit)).text
    sheet = filled.get("/marches/boamp-26-1/faisabilite?etat=oui").text
    assert 'value="oui" selected' in sheet


def test_sheet_of_a_contract_leaves_as_documents_and_workbook(filled: FlaskClient) -> None:
    page = text(filled, "/marches/boamp-26-1/faisabilite")
    files = {
        ending: filled.get(f"/marches/boamp-26-1/faisabilite.{ending}", buffered=True)
        for ending in ("docx", "odt", "xlsx")
    }
    for ending, answer in files.items():
        assert answer.status_code == 200
        assert "annuaire-faisabilite-" in answer.headers["Content-Disposition"], ending
    read = docx.Document(BytesIO(files["docx"].data))
    said = "\n".join(p.text for p in read.paragraphs)
    opened: Any = odfdo.Document(BytesIO(files["odt"].data))
    for words in (
        "Réserver",
        "Procédures possibles",
        "Aucun facilitateur de ce lieu",
        "Voie et clause",
        "L2113-13",
        "Lieu : Lille",
    ):
        assert words in page
        assert words in said
        assert words in opened.get_formatted_text()
    assert [cell.text for cell in read.tables[0].rows[1].cells][:2] == [
        "1",
        "Nettoyage des locaux de la mairie",
    ]
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(files["xlsx"].data))
    rows = book.get_sheet_by_name("Lots").to_python()
    assert rows[0][0] == "Lot"
    assert rows[1][4] in ("Réserver", "Réserver un lot")
    found = dict(zip(rows[0], rows[1], strict=True))
    assert "L2113-13" in page
    assert "Marché ou lot réservé" in str(found["Voie"])
    assert "BT-71 = res-ws" in str(found["Codes à porter"])
    assert "est réservé" in str(found["Clause, premiers mots"])
    cells = " ".join(c.text for t in read.tables for row in t.rows for c in row.cells)
    for told in (page, cells, opened.get_formatted_text()):
        assert "À vérifier" in told
        assert "Activité : Nettoyage de locaux et de bureaux" in told
    cover = str(book.get_sheet_by_index(0).to_python())
    assert "n'est pas un conseil juridique" in cover
    assert "['Lieu', 'Lille" in cover


def test_sourcing_file_says_how_when_and_on_what(filled: FlaskClient) -> None:
    for path in (f"/besoins/dossier-sourcing?{NEED}", "/marches/boamp-26-1/dossier-sourcing?lot=1"):
        page = text(filled, path)
        for words in (
            "Comment la recherche a été faite", "parmi 10 structures", "Dernière lecture",
            "PROPRETE D'ESSAI", "points sur", "règles", "annuaire 0.",
        ):  # fmt: skip
            assert words in page, words
        stem, _, query = path.partition("?")
        assert docx.Document(BytesIO(filled.get(f"{stem}.docx?{query}", buffered=True).data)).tables


def test_markup_of_a_source_stays_text(filled: FlaskClient) -> None:
    for path in ("faisabilite", "faisabilite?date=0001-01-01", "faisabilite?date=9999-12-31",
                 "dossier-sourcing"):  # fmt: skip
        answer = filled.get(f"/marches/boamp-26-2/{path}")
        assert answer.status_code == 200
        assert "<b>communaux" not in answer.text


REFUSED = (
    ("/besoins/faisabilite?quoi=nettoyage&lieu=Xyzabc", 400, "Lieu inconnu"),
    ("/besoins/faisabilite.docx?quoi=nettoyage&lieu=Xyzabc", 400, "Lieu inconnu"),
    ("/besoins/faisabilite.docx", 400, "Décrivez le besoin"),
    ("/besoins/faisabilite.pdf", 404, ""),
    ("/marches/boamp-26-9/faisabilite", 404, "Aucun marché"),
    ("/marches/boamp-26-1/faisabilite?date=hier", 400, "Date illisible"),
    ("/marches/boamp-26-1/dossier-sourcing?lot=99", 404, "lot"),
    ("/outils/heures-insertion?montant1=0", 400, "montant"),
    ("/outils/oeth?prix=-1", 400, "prix"),
    ("/outils/clause?voie=magie", 400, "n'existe pas"),
)


def test_what_cannot_be_used_is_said(filled: FlaskClient) -> None:
    for path, status, words in REFUSED:
        answer = filled.get(path)
        assert answer.status_code == status, path
        assert words in unescape(answer.text), path


def test_any_value_of_any_field_has_a_sane_answer(filled: FlaskClient) -> None:
    base = f"{NEED}&montant1=1000&prix=1000&voie=clause"
    for at, (path, names) in enumerate(FIELDS.items()):
        for step, name in enumerate(names.split()):
            value = HOSTILE[(at * 5 + step) % len(HOSTILE)]
            kept = "&".join(p for p in base.split("&") if not p.startswith(f"{name}="))
            answer = filled.get(f"{path}?{kept}&{name}={value}", buffered=True)
            assert answer.status_code in (200, 400, 404), (path, name, value)
            assert b"<script>alert" not in answer.data


def test_commands_print_routes_with_their_codes(run: Run, filled: FlaskClient) -> None:
    said = run("match", "--text", "nettoyage de bureaux", "--place", "Lille", "--amount", 10_000)
    assert "[direct]" in said.output
    found = last_json(run("match", "--text", "nettoyage", "--place", "Lille", "--json"))
    assert {e["field"] for r in found["route"] for e in r["entries"]} >= {"BT-71", "BT-06"}
    advised = last_json(
        run("advise", "--amount", 150_000, "--on", "2026-11-01", "--state", "--json")
    )
    codes = [route["code"] for route in advised["routes"]]
    assert "clause_compulsory" in codes
    assert advised["routes"][0]["thresholds"][0]["source"]
    plain = run("advise", "--amount", 50_000, "--on", "2026-03-15", "--nature", "services")
    assert "eForms BT-71 = res-ws" in plain.output
    assert "conseil juridique" in plain.output
    assert run("advise", "--amount", "-5").exit_code != 0
