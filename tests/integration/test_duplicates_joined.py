"""`annuaire duplicates`: two structures made one hold as one, and come apart exactly."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.bench.files import invented_siret
from annuaire.errors import InvalidInputError
from annuaire.structures.models import Structure, StructureAlias, StructureStatus
from annuaire.structures.service import by_siret
from tests.factories.commands import Run, last_json
from tests.factories.directories import write_asp, write_esats
from tests.factories.files import awards, notice, siae, write_csv
from tests.factories.twins import EA, ESAT, FINESS, OTHER, everything, found, import_twins
from tests.integration.conftest import StartFrom


@pytest.fixture
def twins(run: Run, start_from: StartFrom) -> Run:
    """An ESAT known by its FINESS and an EA of the same name at the same address; others apart."""
    start_from(import_twins)
    return run


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
