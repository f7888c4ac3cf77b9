"""Essential data of public contracts: the tabular copies, CSV and Parquet, one row a company."""

import gzip
import sys
from datetime import date
from pathlib import Path

import pytest

from annuaire.contracts.records import NoticeRecord
from importers.rows import Row, UnreadableFile
from importers.sources.decp import read
from tests.factories.decp import (
    OTHER,
    TODAY,
    records,
    row,
    write_parquet,
    write_table,
)


def test_rows_of_a_contract_are_one_wherever_they_stand(tmp_path: Path) -> None:
    rows = [
        row(1, modification_id="2", dateNotification="2025-06-01", montant="150000.0",
            titulaire_id=OTHER, titulaire_nom="LES TILLEULS"),
        row(2),
        row(1),
        row(1, titulaire_id=OTHER, titulaire_nom="LES TILLEULS"),
        row(1, modification_id="1", dateNotification="2025-02-10", dureeMois="36"),
    ]  # fmt: skip
    first, second = sorted(
        records(write_table(tmp_path / "decp.csv", *rows)), key=lambda r: r.source_key
    )
    assert [a.winner for a in first.awards] == ["PROPRETE DU MODELE", "LES TILLEULS"]
    assert [(c.on, c.amount_eur, c.months, c.winners) for c in first.changes] == [
        (date(2025, 2, 10), None, 36, ("PROPRETE DU MODELE",)),
        (date(2025, 6, 1), 150000.0, 24, ("LES TILLEULS",)),
    ]
    assert (first.buyer.name, first.buyer.departement) == ("COMMUNE DU MODELE", "59")
    assert [code.value for code in first.codes] == ["Clause sociale", "Critère social"]
    assert second.changes == ()


def test_a_copy_without_states_takes_them_from_the_dates_and_says_so(tmp_path: Path) -> None:
    rows = [row(1, dateNotification="2025-01-02", montant="9.0"), row(1)]
    for cells in rows:
        del cells["modification_id"]
    found, said = read(write_table(tmp_path / "decp.csv", *rows), TODAY)
    assert [warned.code for warned in said.warnings] == ["historique"]
    assert found.record
    assert found.record.awards[0].awarded_on == date(2024, 5, 15)
    assert [c.amount_eur for c in found.record.changes] == [9.0]


def test_a_broken_row_costs_itself_alone_and_a_cut_table_gives_what_precedes(
    tmp_path: Path,
) -> None:
    path = write_table(tmp_path / "decp.csv", *(row(n) for n in range(300)))
    path.write_text(path.read_text() + "une,deux\n")
    found = list(read(path, TODAY))
    assert [one_.number for one_ in found if one_.refusal] == [302]
    assert len(records(path)) == 300
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(path.read_bytes())[:-300])
    found.clear()
    with pytest.raises(UnreadableFile, match="tronqué"):
        found.extend(read(cut, TODAY))
    assert any(one_.record for one_ in found)


def test_a_file_of_broken_rows_is_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importers.sources.decp.tables.MAX_ODD", 5)
    path = write_table(tmp_path / "decp.csv", row(1))
    path.write_text(path.read_text() + "une,deux\n" * 9)
    found: list[Row[NoticeRecord]] = []
    with pytest.raises(UnreadableFile, match="plus de 5 lignes abîmées"):
        found.extend(read(path, TODAY))
    assert [bool(one_.record) for one_ in found] == [True, *[False] * 6]


def test_parquet_gives_what_the_csv_gives(tmp_path: Path) -> None:
    rows = [row(1), row(2, montant="", lieuExecution_code="")]
    table = records(write_table(tmp_path / "decp.csv", *rows))
    assert records(write_parquet(tmp_path / "decp.parquet", *rows)) == table


def test_without_its_library_parquet_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_parquet(tmp_path / "decp.parquet", row(1))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UnreadableFile, match=r'pip install "annuaire\[parquet\]"'):
        list(read(path, TODAY))


def test_a_damaged_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "decp.parquet"
    path.write_bytes(b"PAR1" + b"\0" * 200 + b"PAR1")
    with pytest.raises(UnreadableFile, match="abîmé"):
        list(read(path, TODAY))
