"""SIAE from les emplois, from data.inclusion, and GEIQ from their federation's workbook."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.structures.records import StructureRecord
from importers.rows import Row, UnreadableFile
from importers.sources.siae import read
from tests.factories.archives import Cell, write_xlsx

FIXTURES = Path(__file__).parents[2] / "fixtures" / "siae"
EMPLOIS: dict[str, Any] = json.loads((FIXTURES / "api_v1_siaes.json").read_text())["results"][0]
GEIQ = ("Nom", "Rue", "Rue (suite)", "Code Postal", "Ville", "SIRET", "e-mail")


def read_emplois(folder: Path, *items: Any) -> list[Row[StructureRecord]]:
    path = folder / "a.json"
    path.write_text(json.dumps({"results": items}), encoding="utf-8")
    return list(read(path))


def read_geiq(folder: Path, *rows: tuple[Cell, ...]) -> list[Row[StructureRecord]]:
    return list(read(write_xlsx(folder / "geiq.xlsx", [GEIQ, *rows])))


def test_les_emplois_give_contact_and_place_without_coordinates() -> None:
    structure, clauses = read(FIXTURES / "api_v1_siaes.json")
    record = structure.record
    assert record
    assert (record.source_key, record.statuses[0].kind) == ("99000021800018-ACI", "ACI")
    assert (record.address, record.code_insee, record.geo_precision) == (
        "8 rue du Moulin", "57463", "commune",
    )  # fmt: skip
    assert (record.phone, record.email) == ("+33353010021", "contact@example.org")
    assert str(record.source_updated_on) == "2026-07-12"
    assert structure.warnings == ()
    assert (clauses.record, clauses.refusal) == (None, None)  # OPCS: gives no work itself


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"siret": ""}, "siret"),
        ({"siret": None}, "siret"),
        ({"siret": 9.9e13}, "siret"),
        ({"type": "SARL"}, "type"),
        ({"type": None}, "type"),
        ({"raison_sociale": " "}, "vide"),
        ({"code_postal": None, "ville": [], "departement": {}}, "departement"),
    ],
)
def test_a_structure_that_cannot_be_used_is_refused_and_the_next_one_lands(
    tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    bad, good = read_emplois(tmp_path, EMPLOIS | change, EMPLOIS)
    assert bad.refusal
    assert (bad.number, bad.refusal.code) == (1, code)
    assert good.record


@pytest.mark.parametrize("item", [1, "x", None, {}, {"nom": "a"}])
def test_what_is_no_structure_is_refused(tmp_path: Path, item: Any) -> None:
    (row,) = read_emplois(tmp_path, item)
    assert row.refusal


def test_pages_that_overlap_give_a_structure_once(tmp_path: Path) -> None:
    rows = read_emplois(tmp_path, EMPLOIS, EMPLOIS)
    assert [(bool(row.record), row.refusal) for row in rows] == [(True, None), (False, None)]


def test_data_inclusion_gives_a_record_for_each_kind_among_its_networks() -> None:
    rows = list(read(FIXTURES / "data_inclusion_v1.json"))
    kinds = [(r.number, r.record.statuses[0].kind) for r in rows if r.record]
    assert kinds == [(1, "ACI"), (1, "EI"), (5, "ETTI")]
    assert [(r.number, r.refusal.code) for r in rows if r.refusal] == [(3, "siret")]


def test_coordinates_of_zero_are_unknown_ones() -> None:
    *_, last = read(FIXTURES / "data_inclusion_v1.json")
    assert last.record
    assert (last.record.geo_precision, last.warnings) == ("commune", ())
    assert last.record.lat
    assert last.record.lat > 50


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.text(), SCALARS, max_size=3)


@given(st.sampled_from(sorted(EMPLOIS)), VALUES)
def test_any_value_gives_a_record_or_a_refusal(name: str, value: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            rows = read_emplois(Path(folder), EMPLOIS | {name: value})
        except UnreadableFile:  # NaN is no JSON
            return
    assert all(row.record is None or row.refusal is None for row in rows)


def test_the_real_answers_are_read(shared_data: Path) -> None:
    folder = shared_data / "directories" / "les-emplois"
    rows = list(read(folder / "api_v1_siaes_sample.json"))
    assert [(r.record and r.record.departement, r.warnings) for r in rows] == [("57", ())] * 3
    others = list(read(folder / "structures.json"))
    assert [(r.record, r.refusal) for r in others] == [(None, None)] * 6  # none is of our kinds


def test_geiq_are_read_from_the_federation_s_workbook(tmp_path: Path) -> None:
    rows = read_geiq(
        tmp_path,
        ("GEIQ DU MODELE", "1 rue de l'Essai", None, "44000", "Nantes", 99000051500017, "a@b.org"),
        (
            "GEIQ DU SPECIMEN",
            None,
            "ZA du Test",
            1000,
            "Bourg-en-Bresse",
            "990 000 523 00015",
            None,
        ),
        ("GEIQ DU MODELE", "1 rue de l'Essai", None, "44000", "Nantes", 99000051500017, None),
        ("GEIQ SANS SIRET", None, None, "44000", "Nantes", None, None),
        ("GEIQ ABIME", None, None, "44000", "Nantes", "9,9E+13", None),
    )
    first, second, again, without, rounded = rows
    assert first.record
    assert first.record.source_key == "99000051500017-GEIQ"
    assert (first.record.code_insee, first.record.email) == ("44109", "a@b.org")
    assert second.record
    assert (second.record.postcode, second.record.address) == ("01000", "ZA du Test")
    assert (again.record, [w.code for w in again.warnings]) == (None, ["doublon"])
    assert [r.refusal and r.refusal.code for r in (without, rounded)] == ["siret", "siret_tableur"]


def test_an_unknown_field_of_a_service_is_told_once(tmp_path: Path) -> None:
    first, second = read_emplois(
        tmp_path, EMPLOIS | {"label_2027": "x"}, EMPLOIS | {"label_2027": 1}
    )
    assert [(w.field, w.code) for w in first.warnings] == [("label_2027", "colonne_nouvelle")]
    assert second.warnings == ()
