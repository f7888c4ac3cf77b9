"""Directories that meet: one structure with several statuses, each with its source."""

import csv
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.bench.files import invented_siret
from annuaire.bench.finess import write_legacy
from annuaire.structures.models import Structure, StructureStatus
from tests.factories.commands import Run, last_json
from tests.factories.files import siae, write_csv


def esus(path: Path, *sirens: str) -> Path:
    """A list of agreements, as the Treasury's CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Raison sociale", "SIREN", "Date d'agrément"])
        writer.writerows(["SOCIETE D'ESSAI", siren, "02/01/2026"] for siren in sirens)
    return path


def ea(path: Path, *sirets: str) -> Path:
    """A regional list of entreprises adaptées."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Raison sociale", "SIRET", "Adresse", "Code postal", "Commune"])
        writer.writerows(["EA D'ESSAI", s, "1 rue des Essais", "59000", "Lille"] for s in sirets)
    return path


def kinds(session: Session, key: str) -> set[str]:
    """The kinds that a structure holds now; leaves no transaction open before the next command."""
    held = (
        select(StructureStatus.kind)
        .join(Structure)
        .where(Structure.key == key, StructureStatus.ended_on.is_(None))
    )
    found = set(session.scalars(held))
    session.rollback()
    return found


def test_statuses_of_two_directories_meet_on_one_siret(
    run: Run, session: Session, tmp_path: Path
) -> None:
    siret = siae(1)["siret"]
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1)]))
    counts = last_json(run("import", "ea", ea(tmp_path / "ea.csv", siret), "--json"))
    assert (counts["created"], counts["updated"]) == (0, 1)
    assert kinds(session, siret) == {"EI", "EA"}
    found = last_json(run("search", "", "--filter", "type=EA", "--json"))
    assert [hit["siret"] for hit in found["hits"]] == [siret]


def test_agreement_of_a_company_shows_on_its_listed_establishments(
    run: Run, session: Session, tmp_path: Path
) -> None:
    siret = siae(1)["siret"]
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1), siae(2)]))
    run("import", "esus", esus(tmp_path / "esus.csv", siret[:9]))
    assert kinds(session, siret) == {"EI", "ESUS"}
    assert kinds(session, siae(2)["siret"]) == {"EI"}


def test_agreement_moves_to_an_establishment_once_it_is_listed(
    run: Run, session: Session, tmp_path: Path
) -> None:
    siret = invented_siret(1)
    agreements = esus(tmp_path / "esus.csv", siret[:9])
    run("import", "esus", agreements)
    assert kinds(session, f"siren:{siret[:9]}") == {"ESUS"}
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1)]))
    run("import", "esus", agreements, "--accept-removals")
    assert kinds(session, siret) == {"EI", "ESUS"}
    assert kinds(session, f"siren:{siret[:9]}") == set()


def test_company_leaves_with_its_last_listing(run: Run, session: Session, tmp_path: Path) -> None:
    siret = siae(1)["siret"]
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1), siae(2)]))
    run("import", "esus", esus(tmp_path / "esus.csv", siret[:9]))
    run("import", "siae", write_csv(tmp_path / "less.csv", [siae(2)]), "--accept-removals")
    assert kinds(session, siret) == {"ESUS"}
    run("import", "esus", esus(tmp_path / "esus.csv", siret[:9]), "--accept-removals")
    assert kinds(session, siret) == set()
    assert kinds(session, f"siren:{siret[:9]}") == {"ESUS"}


def test_finess_is_read_twice_and_the_second_writes_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "etalab-cs1100507.csv"
    write_legacy(path, 3_000, seed=5, points=True)
    first = last_json(run("import", "esat", path, "--json"))
    assert first["created"] > 10
    again = last_json(run("import", "esat", path, "--json"))
    assert (again["created"], again["updated"]) == (0, 0)
    assert again["unchanged"] == first["created"]
    found = last_json(run("search", "", "--filter", "type=ESAT", "--json"))
    assert found["total"] == first["created"]


def test_a_source_ends_only_what_is_its_own(run: Run, session: Session, tmp_path: Path) -> None:
    siret = siae(1)["siret"]
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1)]))
    run("import", "ea", ea(tmp_path / "ea.csv", siret, siae(2)["siret"]))
    run("import", "ea", ea(tmp_path / "less.csv", siae(2)["siret"]), "--accept-removals")
    assert kinds(session, siret) == {"EI"}
