"""The ASP's pair: kinds and validity come from the annexes in force on a day."""

import gzip
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.structures.records import StructureRecord
from importers.rows import Row, UnreadableFile
from importers.sources.siae import read, read_pair

FIXTURES = Path(__file__).parents[2] / "fixtures" / "siae"
STRUCTURES = FIXTURES / "fluxIAE_Structure.csv"
ANNEXES = FIXTURES / "fluxIAE_AnnexeFinanciere.csv"
DAY = date(2026, 11, 6)


def changed(folder: Path, source: Path, change: Callable[[str], str]) -> Path:
    path = folder / source.name
    path.write_text(change(source.read_text(encoding="utf-8")), encoding="utf-8")
    return path


def records(rows: list[Row[StructureRecord]]) -> dict[str, StructureRecord]:
    """Records by the ASP's number and kind."""
    found = (row.record for row in rows if row.record)
    return {f"{r.extra['asp_id']} {r.statuses[0].kind}": r for r in found}


@pytest.fixture(scope="module")
def found() -> dict[str, StructureRecord]:
    return records(list(read_pair(STRUCTURES, ANNEXES, DAY)))


def test_kinds_are_those_of_the_annexes_in_force(found: dict[str, StructureRecord]) -> None:
    """A fund (FDI), work in prison (MP), and states other than VALIDE and PROVISOIRE give none."""
    assert sorted(found) == ["101 ACI", "101 EI", "102 ETTI", "103 AI", "104 EITI"]


@pytest.mark.parametrize(
    ("key", "first", "last", "annex"),
    [
        ("101 EI", "2025-01-01", "2026-12-31", "EI069240101A1M0"),  # renewed without a gap
        ("101 ACI", "2026-05-01", "2027-04-30", "ACI069260007A0M0"),
        ("103 AI", "2026-01-01", "2026-11-06", "AI029250003A1M0"),  # since the gap; its last day
    ],
)
def test_validity_runs_from_the_first_annex_without_a_gap_to_the_last_day(
    found: dict[str, StructureRecord], key: str, first: str, last: str, annex: str
) -> None:
    (status,) = found[key].statuses
    assert (str(status.valid_from), str(status.valid_to)) == (first, last)
    assert found[key].extra["annexe"] == annex


def test_the_day_after_its_last_day_an_annex_is_no_longer_in_force() -> None:
    rows = list(read_pair(STRUCTURES, ANNEXES, date(2026, 11, 7)))
    assert "103 AI" not in records(rows)
    assert [row.number for row in rows if not row.record] == [5, 7]


def test_siret_is_today_s_and_place_is_that_of_management(
    found: dict[str, StructureRecord],
) -> None:
    moved = found["102 ETTI"]
    assert (moved.siret, moved.extra["siret_signature"]) == ("99000002800011", "99000002800028")
    assert (moved.address, moved.code_insee) == ("12 BIS AV DU MODELE", "59350")
    island = found["104 EITI"]
    assert (island.departement, island.code_insee, island.phone) == (
        "972",
        "97209",
        "+596596000001",
    )


def test_the_source_key_is_that_of_the_other_files_of_siae(
    found: dict[str, StructureRecord],
) -> None:
    assert found["101 EI"].source_key == "99000001000019-EI"


def test_no_correspondent_s_name_or_address_is_kept(found: dict[str, StructureRecord]) -> None:
    for record in found.values():
        assert not {"essai@example.org", "NOM", "Prenom"} & set(map(str, record.as_data().values()))


def test_the_files_may_be_packed_misnamed_and_swapped(tmp_path: Path) -> None:
    structures, annexes = tmp_path / "Structure.csv.gz", tmp_path / "Annexes.csv"
    with zipfile.ZipFile(structures, "w") as archive:  # as les emplois received it
        archive.write(STRUCTURES, "fluxIAE_Structure.csv")
    annexes.write_bytes(gzip.compress(ANNEXES.read_bytes()))
    assert len(records(list(read_pair(annexes, structures, DAY)))) == 5


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("99000001000019|ATELIER", "9,9E+13|ATELIER", "siret_tableur"),
        ("99000001000019|ATELIER", "99|ATELIER", "siret"),
        ("ATELIER DU MODELE", "", "vide"),
        ("ATELIER DU MODELE|", "", "cellules"),
        ("ATELIER DU MODELE", "ATELIER\0", "nul"),
    ],
)
def test_a_wrong_structure_is_refused_and_the_others_land(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    path = changed(tmp_path, STRUCTURES, lambda text: text.replace(old, new))
    rows = list(read_pair(path, ANNEXES, DAY))
    assert [(r.number, r.refusal.code) for r in rows if r.refusal] == [(3, code)]
    assert sorted(records(rows)) == ["102 ETTI", "103 AI", "104 EITI"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("|01/01/2026|31/12/2026|", "|01/01/2026|31/02/2026|", "date"),
        ("|01/01/2026|31/12/2026|", "|01/01/2026|31/12/2025|", "date"),
        ("ETTI_DC", "XYZ_DC", "type"),
        ("PROVISOIRE", "ENVISAGE", "etat"),
    ],
)
def test_a_wrong_annex_is_refused_with_the_name_of_its_file(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    path = changed(tmp_path, ANNEXES, lambda text: text.replace(old, new, 8))
    refusals = [r.refusal for r in read_pair(STRUCTURES, path, DAY) if r.refusal]
    assert {(r.code, ANNEXES.name in r.message) for r in refusals} == {(code, True)}


def test_two_structures_of_one_siret_and_kind_are_one(tmp_path: Path) -> None:
    path = changed(
        tmp_path, STRUCTURES, lambda text: text.replace("99000003600014", "99000001000019")
    )
    annexes = changed(tmp_path, ANNEXES, lambda text: text.replace("AI_DC|AI029", "EI_DC|EI029"))
    rows = list(read_pair(path, annexes, DAY))
    assert "103 EI" not in records(rows)
    assert [w.code for r in rows for w in r.warnings if r.number == 5] == ["doublon"]


def test_another_siren_than_the_one_signed_is_said(tmp_path: Path) -> None:
    path = changed(tmp_path, STRUCTURES, lambda t: t.replace("99000002800028", "99000009900028"))
    assert "siren" in {w.code for r in read_pair(path, ANNEXES, DAY) for w in r.warnings}


def test_a_new_column_is_said_once(tmp_path: Path) -> None:
    path = changed(
        tmp_path, STRUCTURES, lambda t: t.replace("structure_idcc_id", "structure_neuve")
    )
    said = [w.field for r in read_pair(path, ANNEXES, DAY) for w in r.warnings]
    assert said == ["structure_neuve"]


@pytest.mark.parametrize("source", [STRUCTURES, ANNEXES])
def test_a_file_cut_on_its_way_is_unreadable(tmp_path: Path, source: Path) -> None:
    whole = source.read_text(encoding="utf-8").splitlines(keepends=True)
    broken = changed(tmp_path, source, lambda _: "".join(whole[:4]) + whole[4][:40])
    pair = (broken, ANNEXES) if source == STRUCTURES else (STRUCTURES, broken)
    with pytest.raises(UnreadableFile, match="tronqué"):
        list(read_pair(*pair, DAY))
    short = changed(tmp_path, source, lambda _: "".join(whole[:3] + whole[-1:]))
    assert short == broken
    with pytest.raises(UnreadableFile, match="annonce"):
        list(read_pair(*pair, DAY))


def test_a_file_without_its_last_line_is_warned_of(tmp_path: Path) -> None:
    path = changed(tmp_path, ANNEXES, lambda text: text[: text.rindex("FIN")])
    rows = list(read_pair(STRUCTURES, path, DAY))
    assert [w.code for r in rows for w in r.warnings] == ["fin_absente"]


def test_one_file_of_the_pair_alone_says_what_is_missing() -> None:
    for path in (STRUCTURES, ANNEXES):
        with pytest.raises(UnreadableFile, match="ensemble"):
            list(read(path))


@pytest.mark.parametrize("pair", [(STRUCTURES, STRUCTURES), (ANNEXES, ANNEXES)])
def test_twice_the_same_file_is_unreadable(pair: tuple[Path, Path]) -> None:
    with pytest.raises(UnreadableFile, match="ce n'est pas le fichier"):
        list(read_pair(*pair, DAY))


@given(st.binary(max_size=200), st.integers(0, 6), st.booleans())
def test_any_bytes_give_rows_or_an_unreadable_file(data: bytes, kept: int, first: bool) -> None:
    source = STRUCTURES if first else ANNEXES
    lines = source.read_bytes().splitlines(keepends=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / source.name
        path.write_bytes(b"".join(lines[:kept]) + data)
        try:
            rows = list(
                read_pair(path, ANNEXES, DAY) if first else read_pair(STRUCTURES, path, DAY)
            )
        except UnreadableFile:
            return
    assert all(row.record is None or row.refusal is None for row in rows)


def test_the_real_pair_is_read_whole(shared_data: Path) -> None:
    folder = shared_data / "directories" / "les-emplois"
    rows = list(
        read_pair(
            folder / "fluxIAE_Structure_22022022_112211.redacted.csv",
            folder / "fluxIAE_AnnexeFinanciere_22022022_112211.csv",
            date(2022, 2, 22),
        )
    )
    assert [row.refusal for row in rows if row.refusal] == []
    assert sorted(records(rows)) == [
        "112 ACI", "190 ACI", "2855 ACI", "719 AI", "719 EI", "768 AI",
    ]  # fmt: skip
    assert all(str(r.statuses[0].valid_to) == "2022-12-31" for r in records(rows).values())
