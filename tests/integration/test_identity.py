"""Numbers that change: a structure keeps its page, and every number it had leads there."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from stdnum import luhn

from annuaire.bench.files import invented_siret
from annuaire.outbox import waiting
from annuaire.structures.models import (
    SourceRecord,
    Structure,
    StructureAlias,
    StructureStatus,
)
from tests.factories.commands import Run, last_json
from tests.factories.directories import write_agreements, write_asp, write_eas, write_esats
from tests.factories.files import awards, notice, siae, write_csv

FINESS, OTHER_FINESS = "590000011", "590000022"


def sibling(siret: str, nic: int) -> str:
    """Another establishment of the same company."""
    body = f"{siret[:9]}{nic:04d}"
    return body + luhn.calc_check_digit(body)


OLD = invented_siret(1)
NEW, NEWER = sibling(OLD, 2), sibling(OLD, 3)


def structures(session: Session) -> dict[str, int]:
    """The structures that stand at an address, by key. A page asked before shares the session:
    its transaction is left."""
    session.rollback()
    behind = select(StructureAlias.key)
    found = session.execute(
        select(Structure.key, Structure.id).where(Structure.key.not_in(behind))
    ).all()
    session.rollback()
    return {row.key: row.id for row in found}


def kinds(session: Session, key: str) -> dict[str, str]:
    """The kinds held at an address, with their source."""
    session.rollback()
    found = session.execute(
        select(StructureStatus.kind, StructureStatus.source)
        .join(Structure)
        .where(Structure.key == key, StructureStatus.ended_on.is_(None))
    ).all()
    session.rollback()
    return {row.kind: row.source for row in found}


def leads(client: FlaskClient, path: str) -> tuple[int, str]:
    answer = client.get(path)
    return answer.status_code, answer.headers.get("Location", "")


def import_asp(run: Run, folder: Path, *rows: tuple[str, str, str]) -> Any:
    pair = write_asp(folder, *rows)
    result = run("import", "siae", pair[0], "--annexes", pair[1], "--accept-removals", "--json")
    assert result.exit_code == 0, result.output
    return last_json(result)


def test_an_esat_that_gains_a_siret_keeps_its_identifier_and_its_address(
    run: Run, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    run("import", "esat", write_esats(tmp_path / "a.csv", (FINESS, None)))
    before = structures(session)
    assert list(before) == [f"finess:{FINESS}"]
    counts = last_json(
        run("import", "esat", write_esats(tmp_path / "b.csv", (FINESS, NEW)), "--json")
    )
    assert (counts["created"], counts["updated"]) == (0, 1)
    assert structures(session) == {NEW: before[f"finess:{FINESS}"]}
    assert leads(client, f"/structures/finess:{FINESS}") == (301, f"/structures/{NEW}")
    page = client.get(f"/structures/{NEW}").text
    assert FINESS in page
    assert f'"@id": "http://127.0.0.1:8000/structures/{NEW}"' in page
    found = last_json(run("search", "cedres", "--json"))
    assert [hit["siret"] for hit in found["hits"]] == [NEW]


def test_an_esat_joins_the_structure_that_already_has_its_siret(
    run: Run, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    run("import", "esat", write_esats(tmp_path / "a.csv", (FINESS, None)))
    run("import", "ea", write_eas(tmp_path / "ea.csv", (NEW, "EA LES CEDRES", "1 rue des Essais")))
    listed = structures(session)
    run("import", "esat", write_esats(tmp_path / "b.csv", (FINESS, NEW)))
    assert structures(session) == {NEW: listed[NEW]}
    assert kinds(session, NEW) == {"ESAT": "esat", "EA": "ea"}
    assert leads(client, f"/structures/finess:{FINESS}") == (301, f"/structures/{NEW}")
    assert last_json(run("search", "", "--json"))["total"] == 1


def test_several_finess_on_one_siret_make_one_structure_that_shows_each(
    run: Run, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    both = ((FINESS, NEW), (OTHER_FINESS, NEW))
    run("import", "esat", write_esats(tmp_path / "a.csv", *both))
    assert list(structures(session)) == [NEW]
    assert len(session.scalars(select(SourceRecord.id)).all()) == 2
    page = client.get(f"/structures/{NEW}").text
    assert f"{FINESS}, {OTHER_FINESS}" in page
    for finess in (FINESS, OTHER_FINESS):
        assert leads(client, f"/structures/finess:{finess}") == (301, f"/structures/{NEW}")


def test_an_esat_whose_siret_is_taken_back_is_known_by_its_finess_again(
    run: Run, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    run("import", "esat", write_esats(tmp_path / "a.csv", (FINESS, NEW)))
    before = structures(session)[NEW]
    run("import", "esat", write_esats(tmp_path / "b.csv", (FINESS, None)))
    assert structures(session) == {f"finess:{FINESS}": before}
    assert leads(client, f"/structures/{NEW}") == (301, f"/structures/finess:{FINESS}")


def test_a_moved_establishment_keeps_its_identifier_and_every_former_siret_leads_to_it(
    run: Run, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    import_asp(run, tmp_path / "1", ("101", OLD, OLD))
    before = structures(session)[OLD]
    import_asp(run, tmp_path / "2", ("101", OLD, NEW))
    assert structures(session) == {NEW: before}
    assert leads(client, f"/structures/{OLD}") == (301, f"/structures/{NEW}")
    import_asp(run, tmp_path / "3", ("101", OLD, NEWER))
    assert structures(session) == {NEWER: before}
    for former in (OLD, NEW):
        assert leads(client, f"/structures/{former}") == (301, f"/structures/{NEWER}")
    assert client.get(f"/structures/{OLD}/nom").headers["Location"] == f"/structures/{NEWER}"
    assert kinds(session, NEWER) == {"EI": "siae"}


def test_a_directory_behind_on_a_move_lands_on_the_moved_structure(
    run: Run, session: Session, tmp_path: Path
) -> None:
    run("import", "ea", write_eas(tmp_path / "ea.csv", (OLD, "EA D'ESSAI", "1 rue des Essais")))
    import_asp(run, tmp_path, ("101", OLD, NEW))
    assert list(structures(session)) == [NEW]
    assert kinds(session, NEW) == {"EA": "ea", "EI": "siae"}


def test_a_siret_of_another_company_is_no_move(
    run: Run, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    other = invented_siret(2)
    import_asp(run, tmp_path / "1", ("101", other, other))
    import_asp(run, tmp_path / "2", ("101", other, NEW))
    assert set(structures(session)) == {other, NEW}
    assert client.get(f"/structures/{other}").status_code == 200


def test_a_company_follows_its_establishment_as_soon_as_it_is_listed(
    run: Run, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    company = f"siren:{OLD[:9]}"
    agreements = write_agreements(tmp_path / "esus.csv", OLD[:9])
    run("import", "esus", agreements)
    before = structures(session)[company]
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1)]))
    assert structures(session) == {OLD: before}
    assert kinds(session, OLD) == {"EI": "siae", "ESUS": "esus"}
    assert leads(client, f"/structures/{company}") == (301, f"/structures/{OLD}")
    counts = last_json(run("import", "esus", agreements, "--json"))
    assert (counts["created"], counts["updated"], counts["notes"]) == (0, 0, [])
    found = last_json(run("search", "", "--filter", "type=ESUS", "--json"))
    assert [hit["siret"] for hit in found["hits"]] == [OLD]


def test_a_company_is_shown_at_once_on_an_establishment_that_comes_later(
    run: Run, session: Session, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1)]))
    run("import", "esus", write_agreements(tmp_path / "esus.csv", OLD[:9]))
    run("import", "ea", write_eas(tmp_path / "ea.csv", (NEW, "EA D'ESSAI", "1 rue des Essais")))
    assert kinds(session, NEW) == {"EA": "ea", "ESUS": "esus"}
    assert kinds(session, OLD) == {"EI": "siae", "ESUS": "esus"}


def test_lots_won_follow_a_structure_whose_siret_changes(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    import_asp(run, tmp_path / "1", ("101", OLD, OLD))
    won = awards(("Lot 1 : nettoyage", "INSERTION D'ESSAI 101", 9000.0))
    row = notice(3, nature="attribution", attributions_json=won)
    run("import", "boamp", write_csv(tmp_path / "boamp.csv", [row]))
    assert "/marches/boamp-26-3" in client.get(f"/structures/{OLD}").text
    import_asp(run, tmp_path / "2", ("101", OLD, NEW))
    assert "/marches/boamp-26-3" in client.get(f"/structures/{NEW}").text


@pytest.mark.parametrize("key", ["siren:000000000", "finess:000000000", "00000000000000", "x" * 99])
def test_a_number_that_nobody_had_is_not_found(client: FlaskClient, key: str) -> None:
    assert client.get(f"/structures/{key}").status_code == 404


def test_the_same_files_twice_write_nothing(run: Run, session: Session, tmp_path: Path) -> None:
    esats = write_esats(tmp_path / "esat.csv", (FINESS, NEW), (OTHER_FINESS, None))
    agreements = write_agreements(tmp_path / "esus.csv", OLD[:9])
    newest = []
    for _ in range(2):
        asp = import_asp(run, tmp_path, ("101", OLD, NEWER))
        counts = [
            asp,
            last_json(run("import", "esat", esats, "--json")),
            last_json(run("import", "esus", agreements, "--accept-removals", "--json")),
        ]
        newest.append(session.scalar(text("SELECT max(id) FROM outbox_line")))
        session.rollback()
    assert [(c["created"], c["updated"], c["ended"]) for c in counts] == [(0, 0, 0)] * 3
    assert newest[0] == newest[1]
    assert waiting(session) == {}
