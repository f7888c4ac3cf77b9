"""`annuaire import boamp`: notices become contracts with lots and proven clauses."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.contracts.models import Contract, Finding, Lot
from tests.factories.commands import Run, last_json
from tests.factories.files import awards, notice, write_csv

RESERVED = (
    "Entretien des espaces verts - lot réservé à des structures d'insertion par l'activité "
    "économique (article L. 2113-13 du code de la commande publique)"
)


def test_a_clause_is_flagged_with_its_evidence(run: Run, session: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "boamp.csv", [notice(1, objet=RESERVED), notice(2)])
    counts = last_json(run("import", "boamp", path, "--json"))
    assert counts["created"] == 2
    (finding,) = session.scalars(select(Finding).where(Finding.source == "text")).all()
    assert finding.type == "reserved_siae"
    assert finding.evidence in RESERVED
    flags = {c.reference: c.social for c in session.scalars(select(Contract))}
    assert flags == {"boamp-26-1": True, "boamp-26-2": False}


def test_evidence_stands_where_the_offsets_say(run: Run, session: Session, tmp_path: Path) -> None:
    run("import", "boamp", write_csv(tmp_path / "boamp.csv", [notice(1, objet=RESERVED)]))
    for finding in session.scalars(select(Finding).where(Finding.source == "text")):
        notice_of = finding.contract.notices[0]
        text = notice_of.texts[finding.text_index or 0][1]
        assert text[finding.start : finding.end] == finding.evidence


def test_the_publishers_own_flag_is_kept_as_a_code(
    run: Run, session: Session, tmp_path: Path
) -> None:
    run("import", "boamp", write_csv(tmp_path / "boamp.csv", [notice(1, criteres_sociaux="oui")]))
    (finding,) = session.scalars(select(Finding)).all()
    assert (finding.source, finding.field) == ("code", "criteres_sociaux")


def test_awarded_lots_are_stored_with_winner_and_amount(
    run: Run, session: Session, tmp_path: Path
) -> None:
    row = notice(
        1,
        nature="attribution",
        attributions_json=awards(
            ("Lot 1 : nettoyage des vitres", "Vitres d'essai", 12000.0),
            ("Lot 2 : tonte des pelouses", "Jardins d'essai", None),
        ),
    )
    run("import", "boamp", write_csv(tmp_path / "boamp.csv", [row]))
    lots = session.scalars(select(Lot).order_by(Lot.position)).all()
    assert [lot.number for lot in lots] == ["1", "2"]
    assert [lot.awards[0]["winner"] for lot in lots] == ["Vitres d'essai", "Jardins d'essai"]
    assert lots[0].amount_eur == 12000.0


def test_each_lot_gets_the_activity_that_its_words_call_for(
    run: Run, session: Session, tmp_path: Path
) -> None:
    row = notice(
        1,
        nature="attribution",
        objet="Entretien du patrimoine",
        attributions_json=awards(
            ("Nettoyage des locaux administratifs", "A", 1.0),
            ("Tonte et entretien des espaces verts", "B", 1.0),
        ),
    )
    run("import", "boamp", write_csv(tmp_path / "boamp.csv", [row]))
    first, second = session.scalars(select(Lot).order_by(Lot.position)).all()
    assert first.activities
    assert second.activities
    assert first.activities[0][0] != second.activities[0][0]


def test_a_second_reading_writes_nothing(run: Run, session: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "boamp.csv", [notice(n) for n in range(1, 4)])
    run("import", "boamp", path)
    before = [(c.id, c.updated_at) for c in session.scalars(select(Contract))]
    session.rollback()
    counts = last_json(run("import", "boamp", path, "--json"))
    assert (counts["created"], counts["updated"], counts["unchanged"]) == (0, 0, 3)
    assert [(c.id, c.updated_at) for c in session.scalars(select(Contract))] == before


def test_a_corrected_notice_replaces_lots_and_findings(
    run: Run, session: Session, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "boamp.csv", [notice(1, objet=RESERVED)])
    run("import", "boamp", path)
    counts = last_json(run("import", "boamp", write_csv(path, [notice(1)]), "--json"))
    assert (counts["created"], counts["updated"]) == (0, 1)
    assert session.scalars(select(Finding)).all() == []
    (contract,) = session.scalars(select(Contract)).all()
    assert contract.social is False


def test_notices_absent_from_a_file_stay(run: Run, tmp_path: Path) -> None:
    run("import", "boamp", write_csv(tmp_path / "a.csv", [notice(1), notice(2)]))
    counts = last_json(run("import", "boamp", write_csv(tmp_path / "b.csv", [notice(3)]), "--json"))
    assert counts["ended"] == 0
    assert last_json(run("search", "--contracts", "--json"))["total"] == 3


def test_contracts_are_found_by_their_clause(run: Run, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "boamp.csv", [notice(1, objet=RESERVED), notice(2), notice(3)])
    run("import", "boamp", path)
    found = last_json(run("search", "--contracts", "--filter", "social=oui", "--json"))
    assert [hit["reference"] for hit in found["hits"]] == ["boamp-26-1"]
    found = last_json(run("search", "--contracts", "--filter", "reserve=siae", "--json"))
    assert found["total"] == 1


def test_the_real_archive_is_read_in_part(run: Run, shared_data: Path) -> None:
    path = shared_data / "contracts" / "boamp_2019_2021" / "notices.csv.gz"
    counts = last_json(run("import", "boamp", path, "--limit", 2000, "--json"))
    assert counts["read"] == 2000
    assert counts["created"] == counts["accepted"] >= 1990
