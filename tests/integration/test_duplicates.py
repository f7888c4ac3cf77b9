"""`annuaire duplicates`: a list that joins nothing by itself, and what may be decided of it."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from annuaire.bench.files import invented_siret
from annuaire.errors import InvalidInputError, NotFoundError
from tests.factories.commands import Run, last_json
from tests.factories.directories import write_eas, write_esats
from tests.factories.files import siae, write_csv
from tests.factories.twins import EA, ESAT, FINESS, OTHER, everything, found, import_twins
from tests.integration.conftest import StartFrom


@pytest.fixture
def twins(run: Run, start_from: StartFrom) -> Run:
    """An ESAT known by its FINESS and an EA of the same name at the same address; others apart."""
    start_from(import_twins)
    return run


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


def test_the_real_directory_gives_a_short_list_quickly_read(run: Run, shared_data: Path) -> None:
    path = shared_data / "directories" / "siae_lemarche_fixture.csv"
    run("import", "siae", path)
    counts = last_json(run("duplicates", "find", "--json"))
    assert 10 <= counts["pairs"] <= 40
    assert counts["compared"] < counts["structures"]
