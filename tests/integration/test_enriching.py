"""Sources that tell more of known structures: they close and reopen, and never make one live."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire.bench.files import invented_siret
from annuaire.structures.models import SourceRecord, Structure
from annuaire.structures.records import StructureRecord
from importers.sources.sirene import download
from tests.factories.commands import Run, issues_of, last_json
from tests.factories.enrichment import establishment, write_ess, write_sirene
from tests.factories.files import siae, write_csv
from tests.factories.publisher import file_reply, json_reply, lead_commands, publishing
from tests.factories.registers import stored

SIRET = siae(1)["siret"]
TODAY = date.today()  # noqa: DTZ011 - the local day, as commands have it


def listed(run: Run, tmp_path: Path) -> None:
    """Two structures in the directory of SIAE."""
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1), siae(2)]))


def sirene(run: Run, tmp_path: Path, *rows: dict[str, str]) -> dict[str, int]:
    counts: dict[str, int] = last_json(
        run("import", "sirene", write_sirene(tmp_path / "stock.csv", rows), "--json")
    )
    return counts


def test_sirene_tells_more_of_known_structures_alone(
    run: Run, session: Session, tmp_path: Path
) -> None:
    listed(run, tmp_path)
    rows = [establishment(invented_siret(number)) for number in range(1, 20)]
    counts = sirene(run, tmp_path, *rows)
    assert (counts["created"], counts["updated"], counts["accepted"]) == (0, 2, 2)
    structure = stored(session, SIRET)
    assert (structure.name, structure.brand) == ("PROPRETE D'ESSAI 1", "ATELIER DU SPECIMEN")
    assert (structure.employees_range, structure.head_office) == ("10 à 19 salariés", True)
    assert structure.origins["employees_range"][0] == "sirene"
    assert structure.ended_on is None
    assert session.scalar(select(func.count()).select_from(Structure)) == 2


def test_the_same_file_twice_writes_nothing(run: Run, tmp_path: Path) -> None:
    listed(run, tmp_path)
    rows = [
        establishment(SIRET, etatAdministratif="F", dateDebut="2026-03-31"),
        establishment(siae(2)["siret"], statutDiffusion="P"),
    ]
    sirene(run, tmp_path, *rows)
    again = sirene(run, tmp_path, *rows)
    names = ("created", "updated", "unchanged", "ended")
    assert [again[name] for name in names] == [0, 0, 2, 0]


def test_a_closed_establishment_ends_although_it_is_listed_and_lives_again(
    run: Run, session: Session, tmp_path: Path, client: FlaskClient
) -> None:
    listed(run, tmp_path)
    closed = establishment(SIRET, etatAdministratif="F", dateDebut="2026-03-31")
    counts = sirene(run, tmp_path, closed, establishment(siae(2)["siret"]))
    assert counts["ended"] == 1
    structure = stored(session, SIRET)
    assert (structure.ended_on, structure.closed_on) == (date(2026, 3, 31), date(2026, 3, 31))
    assert [status.ended_on for status in structure.statuses] == [date(2026, 3, 31)]
    page = client.get(f"/structures/{SIRET}").get_data(as_text=True).replace("\xa0", " ")
    assert "Établissement fermé le 31 mars 2026 selon Sirene" in page
    assert "ne figure plus dans les annuaires" not in page
    assert last_json(run("search", "", "--json"))["total"] == 1

    run("import", "siae", write_csv(tmp_path / "again.csv", [siae(1, name="AUTRE"), siae(2)]))
    assert stored(session, SIRET).ended_on == date(2026, 3, 31)

    sirene(run, tmp_path, establishment(SIRET), establishment(siae(2)["siret"]))
    structure = stored(session, SIRET)
    assert (structure.ended_on, structure.closed_on, structure.open) == (None, None, True)
    assert [status.ended_on for status in structure.statuses] == [None]
    assert last_json(run("search", "", "--json"))["total"] == 2


def test_a_closing_without_a_date_ends_on_the_day_it_is_read(
    run: Run, session: Session, tmp_path: Path, client: FlaskClient
) -> None:
    listed(run, tmp_path)
    sirene(run, tmp_path, establishment(SIRET, etatAdministratif="F", dateDebut=""))
    structure = stored(session, SIRET)
    assert structure.ended_on == TODAY
    assert structure.closed_on is None
    page = client.get(f"/structures/{SIRET}").get_data(as_text=True).replace("\xa0", " ")
    assert "Établissement fermé selon Sirene" in page


def test_a_structure_that_its_directory_drops_has_ended_even_if_sirene_knows_it(
    run: Run, session: Session, tmp_path: Path
) -> None:
    listed(run, tmp_path)
    sirene(run, tmp_path, establishment(SIRET))
    run("import", "siae", write_csv(tmp_path / "less.csv", [siae(2)]), "--accept-removals")
    assert stored(session, SIRET).ended_on == TODAY
    counts = sirene(run, tmp_path, establishment(SIRET, trancheEffectifs="12"))
    assert counts["accepted"] == 0
    assert stored(session, SIRET).ended_on == TODAY
    run("import", "siae", write_csv(tmp_path / "back.csv", [siae(1), siae(2)]))
    assert stored(session, SIRET).ended_on is None


def test_an_agreement_is_not_shown_on_what_sirene_alone_still_knows(
    run: Run, session: Session, tmp_path: Path
) -> None:
    listed(run, tmp_path)
    sirene(run, tmp_path, establishment(SIRET))
    run("import", "siae", write_csv(tmp_path / "less.csv", [siae(2)]), "--accept-removals")
    path = tmp_path / "esus.csv"
    path.write_text(f"SIREN,Raison sociale\n{SIRET[:9]},SOLIDAIRE DU SPECIMEN\n", encoding="utf-8")
    run("import", "esus", path)
    assert stored(session, f"siren:{SIRET[:9]}").ended_on is None
    assert stored(session, SIRET).ended_on == TODAY


def test_a_company_known_alone_is_placed_by_its_head_office(
    run: Run, session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "esus.csv"
    path.write_text(f"SIREN,Raison sociale\n{SIRET[:9]},SOLIDAIRE DU SPECIMEN\n", encoding="utf-8")
    run("import", "esus", path)
    sirene(run, tmp_path, establishment(SIRET))
    structure = stored(session, f"siren:{SIRET[:9]}")
    assert (structure.name, structure.city) == ("SOLIDAIRE DU SPECIMEN", "Lille")
    assert structure.ended_on is None


def test_the_ess_is_shown_as_a_fact_and_is_no_status(
    run: Run, session: Session, tmp_path: Path, client: FlaskClient
) -> None:
    listed(run, tmp_path)
    path = write_ess(tmp_path / "ess.csv", SIRET[:9], "111111118")
    counts = last_json(run("import", "ess_france", path, "--json"))
    assert (counts["created"], counts["updated"]) == (0, 1)
    structure = stored(session, SIRET)
    assert structure.ess is True
    assert [status.kind for status in structure.statuses] == ["EI"]
    page = client.get(f"/structures/{SIRET}").get_data(as_text=True).replace("\xa0", " ")
    assert "entreprise de l’économie sociale et solidaire (liste ESS France)" in page
    again = last_json(run("import", "ess_france", path, "--json"))
    assert (again["updated"], again["unchanged"]) == (0, 1)


def test_invented_samples_are_not_sought_in_real_sources(run: Run, tmp_path: Path) -> None:
    run("demo", "--no-serve")
    rows = [establishment(invented_siret(number)) for number in range(1, 200)]
    assert sirene(run, tmp_path, *rows)["accepted"] == 0


def test_a_dry_run_writes_nothing(run: Run, session: Session, tmp_path: Path) -> None:
    listed(run, tmp_path)
    path = write_sirene(tmp_path / "stock.csv", [establishment(SIRET)])
    counts = last_json(run("import", "sirene", path, "--dry-run", "--json"))
    assert counts["updated"] == 1
    assert stored(session, SIRET).brand is None
    found = select(func.count()).select_from(SourceRecord).where(SourceRecord.source == "sirene")
    assert session.scalar(found) == 0


def test_a_wrong_file_is_refused_whole(run: Run, tmp_path: Path) -> None:
    listed(run, tmp_path)
    result = run("import", "sirene", write_csv(tmp_path / "other.csv", [siae(1)]), "--json")
    assert result.exit_code == 2
    assert "etatAdministratifEtablissement" in last_json(result)["failed"]
    refused = run(
        "import", "sirene",
        write_sirene(tmp_path / "stock.csv", [establishment(SIRET, etatAdministratif="?")]),
        "--json",
    )  # fmt: skip
    assert refused.exit_code == 2
    assert [issue["code"] for issue in issues_of(refused)] == ["etat", "absents"]


def test_fields_that_enrichment_added_change_no_other_record() -> None:
    record = StructureRecord(source_key="1", name="X", statuses=(), siret=SIRET)
    assert record.as_data() == {
        "source_key": "1",
        "name": "X",
        "statuses": [],
        "siret": SIRET,
    }


def test_the_stock_of_sirene_is_downloaded_once_and_always_read(
    run: Run, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock = io.BytesIO()
    plain = write_sirene(tmp_path / "stock.csv", [establishment(siae(n)["siret"]) for n in (1, 2)])
    with zipfile.ZipFile(stock, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(plain, "StockEtablissement_utf8.csv")
    url = "https://object.files.data.gouv.fr/siren/stock/StockEtablissement_utf8.zip"
    with publishing("www.data.gouv.fr", "object.files.data.gouv.fr") as publisher:
        lead_commands(publisher, monkeypatch)
        publisher.on(
            f"https://www.data.gouv.fr/api/1/datasets/{download.DATASET}/",
            json_reply({"resources": [{"id": download.STOCK, "url": url, "filetype": "remote"}]}),
        )
        publisher.on(url, file_reply(stock.getvalue()))
        assert last_json(run("import", "sirene", "--download", "--json"))["accepted"] == 0
        # The file is the same; what the register holds is not.
        listed(run, tmp_path)
        assert last_json(run("import", "sirene", "--download", "--json"))["updated"] == 2
    assert stored(session, SIRET).brand == "ATELIER DU SPECIMEN"
