"""`annuaire duplicates`: a list that joins nothing by itself, decisions that hold and that undo."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from annuaire.bench.files import invented_siret
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.structures.models import Structure, StructureAlias, StructureStatus
from annuaire.structures.service import by_siret
from tests.factories.commands import Run, last_json
from tests.factories.directories import write_asp, write_eas, write_esats
from tests.factories.files import LYON, awards, notice, siae, write_csv

FINESS = "590000011"
ESAT = f"finess:{FINESS}"
EA, OTHER = invented_siret(1), invented_siret(2)


@pytest.fixture
def twins(run: Run, tmp_path: Path) -> Run:
    """An ESAT known by its FINESS and an EA of the same name at the same address; others apart."""
    run("import", "esat", write_esats(tmp_path / "esat.csv", (FINESS, None)))
    name = f"ESAT LES CEDRES {FINESS}"
    run("import", "ea", write_eas(tmp_path / "ea.csv", (EA, name, "1 rue des Essais")))
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(7), siae(8, **LYON)]))
    return run


def found(run: Run) -> int:
    """Search, and give the only pair found."""
    run("duplicates", "find")
    (pair,) = last_json(run("duplicates", "list", "--json"))["pairs"]
    number: int = pair["id"]
    return number


def addresses(session: Session) -> dict[str, set[str]]:
    """The structures listed now, with the kinds that they hold."""
    session.rollback()
    behind = select(StructureAlias.key)
    rows = session.execute(
        select(Structure.key, StructureStatus.kind)
        .join(StructureStatus)
        .where(
            Structure.ended_on.is_(None),
            StructureStatus.ended_on.is_(None),
            Structure.key.not_in(behind),
        )
    ).all()
    session.rollback()
    listed: dict[str, set[str]] = {}
    for row in rows:
        listed.setdefault(row.key, set()).add(row.kind)
    return listed


def everything(session: Session) -> list[Any]:
    """All that the register says, in the order of its identifiers."""
    session.rollback()
    tables = {
        "structure": "id, key, siret, finess, name, address, phone, ended_on",
        "structure_status": "structure_id, kind, source, valid_from, ended_on",
        "structure_activity": "structure_id, code, origin, weight",
        "structure_alias": "key, structure_id",
        "source_record": "id, structure_id, source, source_key, ended_on",
    }
    rows = [
        (table, *row)
        for table, columns in tables.items()
        for row in session.execute(text(f"SELECT {columns} FROM {table} ORDER BY {columns}"))  # noqa: S608 - our own names
    ]
    session.rollback()
    return rows


def test_find_explains_and_joins_nothing(twins: Run, session: Session) -> None:
    before = everything(session)
    counts = last_json(twins("duplicates", "find", "--json"))
    assert (counts["structures"], counts["pairs"], counts["new"]) == (4, 1, 1)
    listed = last_json(twins("duplicates", "list", "--json"))
    (pair,) = listed["pairs"]
    assert {s["key"] for s in pair["structures"]} == {ESAT, EA}
    said = {e["code"]: e["sentence"] for e in pair["evidence"]}
    assert said["address"].startswith("même adresse : 1 ")
    assert "types différents (ESAT / EA)" in said["kinds"]
    assert listed["states"] == {"open": 1, "accepted": 0, "refused": 0}
    assert listed["evidence"]["name"] == 1
    assert everything(session) == before


def test_find_again_writes_nothing(twins: Run, session: Session) -> None:
    twins("duplicates", "find")
    stored = "SELECT id, found_at, fingerprint FROM duplicate_pair"
    before = session.execute(text(stored)).all()
    session.rollback()
    counts = last_json(twins("duplicates", "find", "--json"))
    assert (counts["new"], counts["changed"], counts["gone"]) == (0, 0, 0)
    assert session.execute(text(stored)).all() == before


def test_the_list_is_read_by_page_evidence_and_departement(run: Run, tmp_path: Path) -> None:
    rows = [
        siae(n, siret=invented_siret(n), name=f"LES CHARMES {'ABCDEF'[n // 2]}", kind="EI",
             address=f"{n // 2} rue des Essais")
        for n in range(6)
    ]  # fmt: skip
    run("import", "siae", write_csv(tmp_path / "siae.csv", rows))
    assert last_json(run("duplicates", "find", "--json"))["pairs"] == 3
    page = last_json(run("duplicates", "list", "--per-page", 2, "--page", 2, "--json"))
    assert (page["total"], len(page["pairs"])) == (3, 1)
    for option, total in (("59", 3), ("69", 0)):
        assert (
            last_json(run("duplicates", "list", "--departement", option, "--json"))["total"]
            == total
        )
    for code, total in (("address", 3), ("phone", 0)):
        assert last_json(run("duplicates", "list", "--evidence", code, "--json"))["total"] == total
    shown = run("duplicates", "list").stdout
    assert "3 paires à examiner, page 1 sur 1." in shown


def test_accept_joins_the_two_and_the_address_of_one_leads_to_the_other(
    twins: Run, session: Session, client: FlaskClient
) -> None:
    pair = found(twins)
    kept = last_json(twins("duplicates", "accept", pair, "--by", "Ada", "--json"))["kept"]
    assert kept == EA
    assert addresses(session)[EA] == {"EA", "ESAT"}
    assert ESAT not in addresses(session)
    answer = client.get(f"/structures/{ESAT}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/structures/{EA}")
    assert FINESS in client.get(f"/structures/{EA}").text
    assert last_json(twins("search", "cedres", "--json"))["total"] == 1
    status = last_json(twins("index", "status", "--json"))
    assert '"waiting": 0' in str(status).replace("'", '"')
    shown = last_json(twins("duplicates", "show", pair, "--json"))
    assert [s["joined_to"] for s in shown["structures"]] == [EA, None]
    (decision,) = shown["decisions"]
    assert (decision["verdict"], decision["by"], decision["kept"]) == ("accept", "Ada", EA)
    assert "même adresse" in decision["why"]
    assert last_json(twins("duplicates", "list", "--state", "accepted", "--json"))["total"] == 1


def test_undo_restores_exactly_what_was(twins: Run, session: Session) -> None:
    pair = found(twins)
    before = everything(session)
    twins("duplicates", "accept", pair, "--by", "Ada")
    assert everything(session) != before
    undone = last_json(twins("duplicates", "undo", pair, "--by", "Grace", "--json"))
    assert (undone["state"], undone["undone"]) == ("open", "accept")
    assert everything(session) == before
    assert last_json(twins("search", "cedres", "--json"))["total"] == 2
    decisions = last_json(twins("duplicates", "show", pair, "--json"))["decisions"]
    assert [(d["verdict"], d["by"]) for d in decisions] == [("accept", "Ada"), ("undo", "Grace")]


def test_imports_respect_a_joining_and_undo_after_them_gives_a_clean_state(
    twins: Run, session: Session, tmp_path: Path
) -> None:
    pair = found(twins)
    twins("duplicates", "accept", pair, "--by", "Ada")
    changed = write_esats(tmp_path / "later.csv", (FINESS, None), street="DES ORMES")
    counts = last_json(twins("import", "esat", changed, "--json"))
    assert (counts["created"], counts["ended"]) == (0, 0)
    assert ESAT not in addresses(session)
    again = last_json(twins("import", "esat", changed, "--json"))
    assert (again["updated"], again["unchanged"]) == (0, 1)
    twins("duplicates", "undo", pair, "--by", "Ada")
    assert addresses(session)[ESAT] == {"ESAT"}
    assert addresses(session)[EA] == {"EA"}
    session.rollback()
    address = session.scalar(select(Structure.address).where(Structure.key == ESAT))
    assert address == "1 RUE DES ORMES"
    assert session.scalars(
        select(StructureStatus.kind).join(Structure).where(Structure.key == EA)
    ).all() == ["EA"]


def test_the_kept_structure_may_be_chosen_when_it_has_a_siret(run: Run, tmp_path: Path) -> None:
    rows = [siae(n, name="LES CHARMES", address="3 rue des Essais") for n in (1, 2)]
    run("import", "siae", write_csv(tmp_path / "siae.csv", rows))
    pair = found(run)
    wrong = run("duplicates", "accept", pair, "--keep", "12345678900000")
    assert isinstance(wrong.exception, InvalidInputError)
    assert EA in wrong.exception.message
    kept = last_json(run("duplicates", "accept", pair, "--keep", OTHER, "--json"))["kept"]
    assert kept == OTHER
    again = last_json(run("import", "siae", tmp_path / "siae.csv", "--json"))
    assert (again["created"], again["updated"]) == (0, 0)
    hits = last_json(run("search", "charmes", "--json"))["hits"]
    assert [hit["siret"] for hit in hits] == [OTHER]


def test_what_has_no_siret_is_not_kept_before_what_has_one(twins: Run) -> None:
    refused = twins("duplicates", "accept", found(twins), "--keep", ESAT)
    assert isinstance(refused.exception, InvalidInputError)
    assert f"gardez {EA}" in refused.exception.message


def test_a_refused_pair_comes_back_only_when_its_evidence_changes(
    twins: Run, tmp_path: Path
) -> None:
    pair = found(twins)
    twins("duplicates", "refuse", pair, "--by", "Ada")
    counts = last_json(twins("duplicates", "find", "--json"))
    assert (counts["pairs"], counts["refused"]) == (0, 1)
    phone = "0320000000"
    twins("import", "esat", write_esats(tmp_path / "more.csv", (FINESS, None), phone=phone))
    assert last_json(twins("duplicates", "find", "--json"))["pairs"] == 0  # the same evidence
    twins("import", "esat", write_esats(tmp_path / "b.csv", (FINESS, None), street="DES ORMES"))
    name = f"ESAT LES CEDRES {FINESS}"
    twins("import", "ea", write_eas(tmp_path / "b2.csv", (EA, name, "1 rue des Ormes")))
    assert last_json(twins("duplicates", "find", "--json"))["pairs"] == 1
    shown = last_json(twins("duplicates", "show", pair, "--json"))
    assert shown["state"] == "open"


def test_a_refusal_undone_is_proposed_again(twins: Run) -> None:
    pair = found(twins)
    twins("duplicates", "refuse", pair)
    twins("duplicates", "undo", pair)
    assert last_json(twins("duplicates", "find", "--json"))["pairs"] == 1


def test_a_decided_pair_is_decided_again_only_once_undone(twins: Run) -> None:
    pair = found(twins)
    twins("duplicates", "refuse", pair)
    for command in ("accept", "refuse"):
        again = twins("duplicates", command, pair)
        assert isinstance(again.exception, InvalidInputError)
        assert f"undo {pair}" in again.exception.message
    twins("duplicates", "undo", pair)
    nothing = twins("duplicates", "undo", pair)
    assert isinstance(nothing.exception, InvalidInputError)
    unknown = twins("duplicates", "show", 999)
    assert isinstance(unknown.exception, NotFoundError)


def test_a_pair_found_no_more_leaves_the_list(twins: Run, tmp_path: Path) -> None:
    found(twins)
    twins("import", "esat", write_esats(tmp_path / "b.csv", (FINESS, EA)))
    counts = last_json(twins("duplicates", "find", "--json"))
    assert (counts["pairs"], counts["gone"]) == (0, 1)
    assert last_json(twins("duplicates", "list", "--json"))["total"] == 0


def test_a_chain_of_joinings_is_undone_link_by_link(
    run: Run, session: Session, tmp_path: Path
) -> None:
    rows = [siae(n, name="LES CHARMES", address="3 rue des Essais") for n in (1, 2, 3)]
    run("import", "siae", write_csv(tmp_path / "siae.csv", rows))
    run("duplicates", "find")
    pairs = last_json(run("duplicates", "list", "--json"))["pairs"]
    by_keys = {frozenset(s["key"] for s in p["structures"]): p["id"] for p in pairs}
    third = invented_siret(3)
    first, second = by_keys[frozenset((EA, OTHER))], by_keys[frozenset((OTHER, third))]
    run("duplicates", "accept", second, "--keep", OTHER)
    run("duplicates", "accept", first, "--keep", EA)
    assert set(addresses(session)) == {EA}
    late = run("duplicates", "accept", by_keys[frozenset((EA, third))])
    assert isinstance(late.exception, InvalidInputError)
    assert "réunie" in late.exception.message
    run("duplicates", "undo", first)
    assert set(addresses(session)) == {EA, OTHER}
    assert by_siret(session, third).key == OTHER


def test_lots_won_follow_the_kept_structure_and_come_back(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    rows = [
        siae(1, name="LES CHARMES", address="3 rue des Essais"),
        siae(2, name="LES CHARMES DU NORD", brand="LES CHARMES", address="3 rue des Essais"),
    ]
    run("import", "siae", write_csv(tmp_path / "siae.csv", rows))
    won = awards(("Lot 1 : nettoyage", "LES CHARMES DU NORD", 9000.0))
    row = notice(3, nature="attribution", attributions_json=won)
    run("import", "boamp", write_csv(tmp_path / "boamp.csv", [row]))
    lot = "/marches/boamp-26-3"
    assert (lot in client.get(f"/structures/{EA}").text) is False
    assert lot in client.get(f"/structures/{OTHER}").text
    pair = found(run)
    run("duplicates", "accept", pair, "--keep", EA)
    assert lot in client.get(f"/structures/{EA}").text
    run("duplicates", "undo", pair)
    assert (lot in client.get(f"/structures/{EA}").text) is False
    assert lot in client.get(f"/structures/{OTHER}").text


def test_the_real_directory_gives_a_short_list_quickly_read(run: Run, shared_data: Path) -> None:
    path = shared_data / "directories" / "siae_lemarche_fixture.csv"
    run("import", "siae", path)
    counts = last_json(run("duplicates", "find", "--json"))
    assert 10 <= counts["pairs"] <= 40
    assert counts["compared"] < counts["structures"]


def test_a_joined_structure_that_moves_meanwhile_is_given_back_at_its_new_siret(
    run: Run, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    moved = f"{EA[:9]}00027"
    name = "INSERTION D'ESSAI 101"
    pair_of_files = write_asp(tmp_path / "1", ("101", EA, EA))
    run("import", "siae", pair_of_files[0], "--annexes", pair_of_files[1])
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(2, name=name)]))
    before = {row.key: row.id for row in session.execute(select(Structure.key, Structure.id))}
    session.rollback()
    pair = found(run)
    run("duplicates", "accept", pair, "--keep", OTHER)
    again = write_asp(tmp_path / "2", ("101", EA, moved))
    run("import", "siae", again[0], "--annexes", again[1])
    for key in (EA, moved):
        assert client.get(f"/structures/{key}").headers["Location"] == f"/structures/{OTHER}"
    run("duplicates", "undo", pair)
    session.rollback()
    given_back = by_siret(session, EA)
    assert (given_back.key, given_back.id) == (moved, before[EA])
    session.rollback()
    assert addresses(session)[moved] == {"EI"}
