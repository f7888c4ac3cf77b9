"""Notices of one contract make one, whatever the order and the batches in which they are read."""

import html
import json
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annuaire.alerts.prints import print_of
from annuaire.contracts import service
from annuaire.contracts.models import Contract, Finding, Lot, Notice
from annuaire.contracts.publishing import Changes, publish
from annuaire.contracts.records import CodeField, NoticeRecord, TextField
from annuaire.db import writing
from annuaire.matching.opportunities import open_lots
from annuaire.runs import open_run
from search.contract_documents import contract_document
from tests.factories.commands import Run, last_json
from tests.factories.files import notice, write_csv
from tests.factories.notices import FOLDER, OTHER_TOWN, call, later, lots, won

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
LATER = datetime(2026, 6, 30, 10, tzinfo=UTC)
RESERVED = (CodeField("MARCHE_RESERVE", "ateliers protégés", "2"),)
AWARD = later(
    "26-4",
    "award",
    60,
    linked_keys=("26-1",),
    lots=lots("LOT-0001 Vitres", "LOT-0002 Sols"),
    awards=(won("LOT-0001", "Vitres d'essai", 12_000.0),),
)
#: Two contracts of one buyer, a planning notice of both, and a notice that nobody follows.
NOTICES = [
    later("26-0", "planned", -30),
    call("26-1", lots=lots("1 Vitres", "2 Sols"), codes=RESERVED, linked_keys=("26-0",)),
    call("77-2026", source="ted", folder=FOLDER, own_keys=(f"eforms:{FOLDER}-01",)),
    later("26-2", "correction", 10, linked_keys=("26-1",), deadline=LATER, folder=FOLDER),
    later("26-3", "correction", 20, linked_keys=("26-2",), lots=lots("02 Sols", "03 Bureaux")),
    AWARD,
    call("26-5", title="Repas en liaison froide", reference="2026S0042", linked_keys=("26-0",)),
    later("26-6", "cancellation", title="Repas en liaison froide", reference="2026S0042",
          outcome="abandoned"),
    call("26-7", buyer=OTHER_TOWN),
    call("26-8", title="Imprimerie", lots=lots("1 Affiches", "2 Reliure", "3 Papeterie"),
         texts=(TextField("execution", "Lot 2 : 140 heures d'insertion sont imposées."),)),
    later("26-9", "correction", 5, title="Imprimerie", linked_keys=("26-8",),
          texts=(TextField("correction", "Le lot 2 est retiré de la consultation."),)),
]  # fmt: skip


def read(session: Session, *batches: list[NoticeRecord]) -> Changes:
    changes = Changes()
    with writing(session):
        run_id = open_run(session, "boamp", "essai", "")
    for batch in batches:
        with writing(session, bulk=True):
            publish(session, run_id, batch, changes)
    session.expire_all()
    return changes


def contents(session: Session) -> list[Any]:
    """All that is known of every contract, identifiers and moments of writing apart."""
    session.rollback()
    session.expire_all()
    found = [
        (
            _columns(contract, "id", "buyer_id", "created_at", "updated_at"),
            contract.buyer.key,
            [_columns(lot, "id", "contract_id") for lot in contract.lots],
            [(n.source, n.source_key, n.in_force) for n in contract.notices],
            sorted(repr(_columns(f, "id", "contract_id", "notice_id")) for f in contract.findings),
        )
        for contract in session.scalars(select(Contract))
    ]
    session.rollback()
    return sorted(found, key=repr)


def _columns(row: Any, *without: str) -> dict[str, Any]:
    names = (column.name for column in row.__table__.columns)
    return {name: getattr(row, name) for name in names if name not in without}


def clear(session: Session) -> None:
    with writing(session):
        for table in (Finding, Lot, Notice, Contract):
            session.execute(delete(table))


def test_corrections_and_awards_change_the_contract_and_make_no_other(session: Session) -> None:
    changes = read(session, NOTICES)
    assert (changes.created, changes.updated) == (len(NOTICES), 0)
    found = {c.reference: c for c in session.scalars(select(Contract))}
    assert set(found) == {f"boamp-26-{key}" for key in (0, 1, 5, 7, 8)}
    contract = found["boamp-26-1"]
    assert (contract.state, contract.deadline) == ("awarded", LATER)
    assert len(contract.notices) == 5
    assert [(lot.number, lot.state, lot.reserved) for lot in contract.lots] == [
        ("1", "awarded", None),
        ("2", "awarded", "reserved_handicap"),
        ("3", "published", None),
    ]
    assert (found["boamp-26-5"].state, found["boamp-26-5"].outcome) == ("cancelled", "abandoned")


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    order=st.permutations(NOTICES),
    cuts=st.sets(st.integers(1, len(NOTICES) - 1)),
    again=st.sampled_from(NOTICES),
)
def test_the_order_and_the_batches_of_reading_do_not_matter(
    session: Session, order: list[NoticeRecord], cuts: set[int], again: NoticeRecord
) -> None:
    clear(session)
    read(session, NOTICES)
    clean = contents(session)
    clear(session)
    edges = [0, *sorted(cuts), len(order)]
    read(session, *(order[a:b] for a, b in pairwise(edges)), [again])
    assert contents(session) == clean


def test_the_same_notices_twice_write_nothing(session: Session) -> None:
    read(session, NOTICES)
    before = {c.id: c.updated_at for c in session.scalars(select(Contract))}
    session.rollback()
    changes = read(session, NOTICES[::-1])
    assert (changes.created, changes.updated, changes.unchanged) == (0, 0, len(NOTICES))
    assert {c.id: c.updated_at for c in session.scalars(select(Contract))} == before


def test_a_notice_that_cites_no_more_leaves_the_contract(session: Session) -> None:
    award = later("26-4", "award", linked_keys=("26-1",))
    read(session, [call("26-1")], [award])
    assert len(contents(session)) == 1
    read(session, [later("26-4", "award")])
    assert [c[0]["reference"] for c in contents(session)] == ["boamp-26-1", "boamp-26-4"]


def test_a_contract_keeps_its_row_when_an_older_notice_comes(session: Session) -> None:
    read(session, [AWARD])
    (before,) = session.scalars(select(Contract.id))
    session.rollback()
    read(session, [NOTICES[1]])
    (contract,) = session.scalars(select(Contract))
    assert (contract.id, contract.reference) == (before, "boamp-26-1")


@pytest.mark.parametrize("address", ["/marches/boamp-26-4", "/marches/boamp-26-4/lots/LOT-0002"])
def test_a_reference_published_before_a_join_still_answers(
    session: Session, client: FlaskClient, address: str
) -> None:
    read(session, [AWARD])
    assert client.get("/marches/boamp-26-4").status_code == 200
    read(session, NOTICES)
    answer = client.get(address)
    assert answer.status_code == 301
    assert answer.location == address.replace("26-4", "26-1").replace("LOT-0002", "2")
    page = client.get(answer.location)
    assert page.status_code == 200


def test_the_history_says_what_each_notice_changed(session: Session, client: FlaskClient) -> None:
    read(session, NOTICES)
    happened = service.history(service.by_reference(session, "boamp-26-1"))
    assert [(each.on, each.nature, each.in_force) for each in happened] == [
        (date(2026, 5, 4), "call", True),
        (date(2026, 5, 4), "call", True),
        (date(2026, 5, 14), "correction", True),
        (date(2026, 5, 24), "correction", True),
        (date(2026, 7, 3), "award", True),
    ]
    said = [change for each in happened for change in each.changes]
    assert [text.replace("\u00a0", " ").replace("\u202f", " ") for text in said] == [
        "Réponses attendues jusqu’au 12 juin 2026 à 12 h",
        "Date limite reportée du 12 juin 2026 à 12 h au 30 juin 2026 à 12 h",
        "Lot 3 ajouté : Bureaux",
        "Lot 1 attribué à Vitres d'essai (12 000 € HT)",
    ]
    page = client.get("/marches/boamp-26-1").get_data(as_text=True)
    assert all(f"<li>{html.escape(text)}</li>" in page for text in said[1:3])


def test_a_lot_that_was_taken_away_is_shown_and_no_more_sought_or_suggested(
    session: Session, client: FlaskClient
) -> None:
    read(session, NOTICES)
    contract = service.by_reference(session, "boamp-26-8")
    assert [(lot.number, lot.state) for lot in contract.lots] == [
        ("1", "published"), ("2", "removed"), ("3", "published"),
    ]  # fmt: skip
    assert not contract.social
    document = contract_document(contract)
    assert document["lot_titles"] == ["Affiches", "Papeterie"]
    assert document["social"] == "non"
    assert not document.get("clause_types")
    assert [each.lot.number for each in open_lots(contract)] == ["1", "3"]
    assert print_of(contract)["lots"] == 2
    page = client.get("/marches/boamp-26-8").get_data(as_text=True)
    assert "Lot retiré de la consultation" in page
    assert "<li>Lot 2 retiré de la consultation : Reliure</li>" in page
    lot = client.get("/marches/boamp-26-8/lots/2").get_data(as_text=True)
    assert "Ce lot n’est plus à prendre" in lot
    assert "Structures proposées" not in lot
    asked = client.post("/api/v1/match", json={"contract": "boamp-26-8", "lot": "2"})
    assert asked.status_code == 404
    api = client.get("/api/v1/contracts/boamp-26-8").get_json()
    assert [lot["state"] for lot in api["lots"]] == ["published", "removed", "published"]
    assert api["lots_count"] == 2


def test_the_history_marks_an_amount_that_cannot_be(session: Session) -> None:
    award = later(
        "26-2", "award", linked_keys=("26-1",), awards=(won(None, "Vitres d'essai", 1.0),)
    )
    read(session, [call("26-1"), award])
    *_, last = service.history(service.by_reference(session, "boamp-26-1"))
    (said,) = last.changes
    assert said.endswith("HT, montant invraisemblable)")


def test_one_contract_of_the_bulletin_and_of_the_european_journal(
    run: Run, session: Session, tmp_path: Path
) -> None:
    record = json.loads((FIXTURES / "boamp" / "eforms.json").read_text(encoding="utf-8"))
    body = record["donnees"]["EFORMS"]["ContractNotice"]
    body["cbc:ContractFolderID"] = FOLDER
    written = tmp_path / "avis.jsonl"
    written.write_text(json.dumps(record | {"donnees": json.dumps(record["donnees"])}))
    assert run("import", "ted", FIXTURES / "ted").exit_code == 0  # its README is passed over
    assert run("import", "boamp", written).exit_code == 0
    (contract,) = session.scalars(select(Contract))
    assert [(n.source, n.source_key) for n in contract.notices] == [
        ("boamp", "26-990001"),
        ("ted", "345678-2026"),
        ("ted", "456789-2026"),
    ]
    assert (contract.reference, contract.state) == ("boamp-26-990001", "awarded")
    assert [
        (lot.number, lot.state, lot.outcome, lot.departement, lot.reserved) for lot in contract.lots
    ] == [
        ("1", "awarded", None, "69", "reserved_unspecified"),
        ("2", "cancelled", "unsuccessful", "69", None),
    ]
    lot = contract.lots[0]
    assert (lot.estimated_eur, lot.maximum_eur, lot.awarded_eur) == (45_000, 90_000, 41_000)
    assert lot.deadline == datetime(2026, 9, 15, 10, tzinfo=UTC)


def test_a_document_of_a_folder_that_is_broken_is_told_and_the_others_land(
    run: Run, tmp_path: Path
) -> None:
    call_of_ted = (FIXTURES / "ted" / "call.xml").read_bytes()
    (tmp_path / "avis").mkdir()
    (tmp_path / "avis" / "1.xml").write_bytes(call_of_ted[:900])
    (tmp_path / "avis" / "2.xml").write_bytes(call_of_ted)
    (tmp_path / "avis" / "3.xml").write_bytes(call_of_ted.replace(b">FRA<", b">BEL<"))
    result = run("import", "ted", tmp_path / "avis", "--json")
    found = last_json(result)
    assert result.exit_code == 1
    assert [found[n] for n in ("read", "accepted", "ignored", "refused")] == [3, 1, 1, 1]
    (issue,) = found["issues"]
    assert (issue["row"], issue["code"]) == (1, "xml")
    assert issue["message"].startswith("1.xml : Ce n'est pas du XML correct")


def test_lots_in_words_say_so(run: Run, session: Session, tmp_path: Path) -> None:
    title = "Entretien des bâtiments - Lot n° 3 : nettoyage des vitres"
    run("import", "boamp", write_csv(tmp_path / "boamp.csv", [notice(1, objet=title)]))
    (lot,) = session.scalars(select(Lot))
    assert (lot.number, lot.title, lot.origin) == ("3", "nettoyage des vitres", "text")


def test_page_shows_where_codes_and_texts_disagree(session: Session, client: FlaskClient) -> None:
    denied = CodeField("BT-71", "none")
    read(session, [call("26-1", title="Marché réservé aux ESAT : blanchisserie", codes=(denied,))])
    page = html.unescape(client.get("/marches/boamp-26-1").text)
    assert "le marché n'est pas réservé ; son texte dit pourtant : « Marché rés" in page


def test_page_tells_the_weight_of_a_criterion_and_the_article_cited(
    session: Session, client: FlaskClient
) -> None:
    said = "Marché réservé aux ESAT (article 36 de l'ordonnance n° 2015-899)."
    texts = (
        TextField("execution", said),
        TextField("criteria", "Performance en matière d'insertion professionnelle : 15 points"),
    )
    read(session, [call("26-1", texts=texts)])
    page = html.unescape(client.get("/marches/boamp-26-1").text)
    assert "Pondération : 15" in page
    assert "Article L2113-12 (cité : article 36 de l'ordonnance n° 2015-899)" in page
    found = client.get("/api/v1/contracts/boamp-26-1").get_json()["findings"]
    assert 15 in [each["weight"] for each in found]
    assert "ORD2015-899 36" in [each["article_cited"] for each in found]
