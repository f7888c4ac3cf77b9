"""Lists of ESAT in the columns of their four authors."""

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.structures.records import StructureRecord
from importers.rows import Row, UnreadableFile
from importers.sources.esat_listes import read
from importers.sources.esat_listes.reader import LAYOUT
from tests.factories.archives import write_xlsx

LISTS = Path(__file__).parents[2] / "fixtures" / "esat_listes"
FIRST, SECOND = "99001201500014", "99001202300018"
NAMES = ("le_marche.csv", "Annuaire_ESAT_20230717.csv", "gesat.csv", "hosmoz.csv")


def records(path: Path) -> dict[str, StructureRecord]:
    return {row.record.siret or "": row.record for row in read(path) if row.record}


def codes(rows: list[Row[StructureRecord]]) -> list[str]:
    """What was noticed, refusals included, in order."""
    return [
        code
        for row in rows
        for code in (*(w.code for w in row.warnings), *([row.refusal.code] if row.refusal else []))
    ]


@pytest.mark.parametrize("name", NAMES)
def test_each_list_gives_its_esat_once_and_no_column_is_unknown(name: str) -> None:
    rows = list(read(LISTS / name))
    assert [row.record.siret for row in rows if row.record] == [FIRST, SECOND]
    assert "colonne_nouvelle" not in codes(rows)
    assert {row.record.source_key for row in rows if row.record} == {
        f"{FIRST}-ESAT", f"{SECOND}-ESAT",
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_place_is_that_of_the_commune(name: str) -> None:
    first = records(LISTS / name)[FIRST]
    assert (first.address, first.postcode, first.code_insee, first.departement) == (
        "1 rue des Essais", "59000", "59350", "59",
    )  # fmt: skip
    assert first.geo_precision == "commune"


@pytest.mark.parametrize(
    ("name", "declared", "workers"),
    [
        ("le_marche.csv", ("blanchisserie", "espaces-verts-entretien"), "45 travailleurs"),
        ("Annuaire_ESAT_20230717.csv", (), None),
        ("gesat.csv", ("sous-traitance-industrielle", "restauration-collective",
         "logistique-conditionnement", "secretariat-mailing", "ouvrages-metalliques"),
         "60 travailleurs"),
        ("hosmoz.csv", ("espaces-verts-entretien", "blanchisserie"), "46 travailleurs"),
    ],
)  # fmt: skip
def test_trades_and_headcount_are_read(
    name: str, declared: tuple[str, ...], workers: str | None
) -> None:
    first = records(LISTS / name)[FIRST]
    assert first.declared_activities == declared
    assert first.employees_range == (f"{workers} handicapés" if workers else None)


def test_trades_that_are_not_understood_are_kept_as_written() -> None:
    assert records(LISTS / "le_marche.csv")[FIRST].extra["unread_trades"] == "travaux inconnus"


@pytest.mark.parametrize("name", ["le_marche.csv", "gesat.csv", "hosmoz.csv"])
def test_contact_is_kept(name: str) -> None:
    first = records(LISTS / name)[FIRST]
    assert (first.phone, first.email) == ("+33320000000", "contact@esat-essais.example")


def test_unknown_values_of_a_spreadsheet_are_empty() -> None:
    second = records(LISTS / "le_marche.csv")[SECOND]
    assert (second.address, second.phone, second.email, second.employees_range) == (None,) * 4
    assert second.declared_activities == ()


def test_other_kinds_are_left_out_and_a_rounded_siret_is_refused() -> None:
    rows = list(read(LISTS / "le_marche.csv"))
    assert (rows[2].record, rows[2].refusal) == (None, None)
    assert rows[3].refusal is not None
    assert rows[3].refusal.code == "siret_tableur"


def test_address_on_one_line_is_cut_at_its_postcode() -> None:
    second = records(LISTS / "Annuaire_ESAT_20230717.csv")[SECOND]
    assert (second.address, second.postcode, second.city) == (
        "ZA du Modèle, 4 allée Neuve", "69003", "LYON CEDEX 03",
    )  # fmt: skip
    assert second.code_insee == "69123"


def test_row_without_name_or_address_completes_what_others_know() -> None:
    rows = list(read(LISTS / "hosmoz.csv"))
    second = records(LISTS / "hosmoz.csv")[SECOND]
    assert (second.name, second.departement, second.lat) == (f"ESAT {SECOND}", None, None)
    assert (second.email, second.extra["siret_2"]) == (
        "accueil@esat-modele.example", "990 012 023 00026",
    )  # fmt: skip
    assert codes(rows) == ["vide", "doublon"]


def test_workbook_is_read_as_its_csv(tmp_path: Path) -> None:
    with (LISTS / "gesat.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert records(write_xlsx(tmp_path / "gesat.xlsx", rows)) == records(LISTS / "gesat.csv")


def test_list_without_siret_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Raison sociale;Ville\nESAT;Lille\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="siret"):
        list(read(path))


@pytest.mark.parametrize(("count", "said"), [("abc", "effectif"), ("0", "effectif"),
                                              ("1e9", "effectif"), ("12,4", None)])  # fmt: skip
def test_headcount_that_cannot_be_is_said(tmp_path: Path, count: str, said: str | None) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(f'Siret;Nom;Nombre de travailleurs\n{FIRST};E;"{count}"\n', encoding="utf-8")
    assert codes(list(read(path))) == ([said] if said else [])


def test_real_list_gives_its_structure_once(shared_data: Path) -> None:
    rows = list(read(shared_data / "directories" / "le-marche" / "hosmoz_import.csv"))
    found = [row.record for row in rows if row.record]
    assert [(r.siret, r.phone, r.employees_range) for r in found] == [
        ("41155513900012", "+33102030405", "22 travailleurs handicapés")
    ]
    assert "doublon" in codes(rows)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(LAYOUT.names, CELLS)))
def test_any_cells_give_a_record_or_a_refusal(cells: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "liste.csv"
        names = ["siret", *(name for name in cells if name != "siret")]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([LAYOUT.names[name][0].rstrip("*") for name in names])
            writer.writerow([cells.get("siret") or FIRST, *(cells[n] for n in names[1:])])
        for row in read(path):
            assert row.record is None or row.record.siret
            assert row.record is None or row.record.name


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_an_unreadable_file(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "liste.csv"
        path.write_bytes(b"Siret;Raison sociale;Adresse\n" + data)
        try:
            list(read(path))
        except UnreadableFile:
            return
