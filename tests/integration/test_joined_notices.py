"""Notices of one contract make one, whatever the order and the batches in which they are read."""

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annuaire.contracts.models import Contract, Finding, Lot, Notice
from annuaire.contracts.records import NoticeRecord
from annuaire.db import writing
from tests.factories.commands import Run, last_json
from tests.factories.files import notice, write_csv
from tests.factories.joined import AWARD, LATER, NOTICES, read
from tests.factories.notices import FOLDER, call, later

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


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
