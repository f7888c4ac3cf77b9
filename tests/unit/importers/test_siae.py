"""The directory of SIAE: what is refused, what is kept with a warning, what is corrected."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.structures.records import StatusRecord, StructureRecord
from importers.rows import Row, UnreadableFile
from importers.sources.siae import read

COLUMNS = {
    "siret": "00000001800010",
    "kind": "EI",
    "name": "ATELIER DU MODELE",
    "brand": "",
    "address": "5 rue de l'Essai",
    "post_code": "69003",
    "city": "Lyon",
    "department": "69",
    "lat": "45.7560",
    "lon": "4.8500",
    "naf": "81.30Z",
    "website": "",
    "updated_at": "2026-10-01",
}


def read_rows(folder: Path, *rows: dict[str, str]) -> list[Row[StructureRecord]]:
    table = [COLUMNS | row for row in rows]
    lines = [";".join(COLUMNS)] + [";".join(row.values()) for row in table]
    path = folder / "siae.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return list(read(path))


def test_a_good_row_becomes_a_record(tmp_path: Path) -> None:
    (row,) = read_rows(tmp_path, {})
    record = row.record
    assert record
    assert (row.number, row.warnings, row.refusal) == (2, (), None)
    assert record.source_key == "00000001800010-EI"
    assert record.statuses == (StatusRecord("EI"),)
    assert (record.name, record.naf) == ("ATELIER DU MODELE", "8130Z")
    assert (record.departement, record.code_insee, record.city) == ("69", "69123", "Lyon")
    assert (record.lat, record.lon, record.geo_precision) == (45.756, 4.85, "number")
    assert str(record.source_updated_on) == "2026-10-01"


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"siret": "123"}, "siret", "siret"),
        ({"siret": "00000000000000"}, "siret", "siret"),
        ({"siret": "7,5187E+13"}, "siret", "siret_tableur"),
        ({"kind": "SARL"}, "kind", "type"),
        ({"kind": ""}, "kind", "type"),
        ({"name": "  "}, "name", "vide"),
        (
            {"department": "ZZ", "post_code": "", "city": "Nullepart"},
            "department",
            "departement",
        ),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_and_the_next_one_lands(
    tmp_path: Path, change: dict[str, str], field: str, code: str
) -> None:
    bad, good = read_rows(tmp_path, change, {})
    assert bad.refusal
    assert (bad.number, bad.refusal.field, bad.refusal.code) == (2, field, code)
    assert bad.refusal.message[0].isupper()
    assert good.record


@pytest.mark.parametrize(
    ("change", "code", "expected"),
    [
        ({"siret": "00000001800011"}, "siret_cle", {"siret": "00000001800011"}),
        ({"department": "ZZ"}, "departement", {"departement": "69"}),
        ({"department": "ZZ", "post_code": ""}, "departement", {"departement": "69"}),
        # The postcode and the city agree against the département, or only the postcode speaks.
        ({"department": "38"}, "departement", {"departement": "69"}),
        ({"department": "38", "city": ""}, "departement", {"departement": "38"}),
        (
            {"department": "971", "post_code": "97150", "city": "Saint-Martin", "lat": ""}
            | {"lon": ""},
            "departement",
            {"departement": "978"},
        ),
        ({"post_code": "ABC"}, "code_postal", {"postcode": None}),
        ({"post_code": "1000", "city": "Bourg-en-Bresse", "department": "01", "lat": ""}
         | {"lon": ""}, "code_postal", {"postcode": "01000"}),
        ({"lat": "0", "lon": "0"}, "coordonnees", {"geo_precision": "commune"}),
        ({"lat": "4.85", "lon": "45.756"}, "coordonnees", {"geo_precision": "commune"}),
        ({"lat": "48.85", "lon": "2.35"}, "coordonnees", {"geo_precision": "commune"}),
        ({"lat": "nord", "lon": "4.85"}, "coordonnees", {"geo_precision": "commune"}),
        ({"lat": "45.756", "lon": ""}, "coordonnees", {"geo_precision": "commune"}),
        ({"naf": "espaces verts"}, "naf", {"naf": None}),
        ({"website": "javascript:alert(1)"}, "site", {"website": None}),
        ({"updated_at": "hier"}, "date", {"source_updated_on": None}),
        ({"name": "A" * 400}, "trop_long", {"name": "A" * 255}),
    ],
)  # fmt: skip
def test_an_odd_row_is_kept_with_a_warning(
    tmp_path: Path, change: dict[str, str], code: str, expected: dict[str, object]
) -> None:
    (row,) = read_rows(tmp_path, change)
    assert code in [w.code for w in row.warnings]
    assert {key: getattr(row.record, key) for key in expected} == expected


def test_swapped_coordinates_are_called_so(tmp_path: Path) -> None:
    (row,) = read_rows(tmp_path, {"lat": "4.85", "lon": "45.756"})
    assert "inversées" in row.warnings[0].message


def test_without_coordinates_the_commune_s_centre_is_used_without_a_word(tmp_path: Path) -> None:
    (row,) = read_rows(tmp_path, {"lat": "", "lon": ""})
    record = row.record
    assert record
    assert record.lat
    assert record.lon
    assert (row.warnings, record.geo_precision) == ((), "commune")
    assert abs(record.lat - 45.75) < 0.05
    assert abs(record.lon - 4.85) < 0.05


def test_one_siret_may_hold_two_kinds_and_never_one_twice(tmp_path: Path) -> None:
    first, second, again = read_rows(tmp_path, {"kind": "EI"}, {"kind": "aci"}, {"kind": "EI"})
    assert first.record
    assert second.record
    assert second.record.source_key == "00000001800010-ACI"
    assert again.refusal
    assert again.refusal.code == "doublon"
    assert "ligne 2" in again.refusal.message


def test_a_file_without_its_columns_is_refused_naming_them(tmp_path: Path) -> None:
    path = tmp_path / "siae.csv"
    path.write_text("siret,nom\n1,a\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="kind, name"):
        list(read(path))


@given(
    st.sampled_from(sorted(COLUMNS)),
    st.text(alphabet=st.characters(exclude_characters=';\n\r"', codec="utf-8")),
)
def test_any_cell_gives_a_record_or_a_refusal(column: str, value: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = read_rows(Path(folder), {column: value})
    assert all((row.record is None) != (row.refusal is None) for row in rows)


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_an_unreadable_file(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "siae.csv"
        for start in (b"", b"\x1f\x8b", b"PK\x03\x04", ",".join(COLUMNS).encode() + b"\n"):
            path.write_bytes(start + data)
            try:
                rows = list(read(path))
            except UnreadableFile:
                continue
            assert all(row.record or row.refusal for row in rows)


def test_the_real_directory_is_read_whole(shared_data: Path) -> None:
    rows = list(read(shared_data / "directories" / "siae_lemarche_fixture.csv"))
    records = [row.record for row in rows if row.record]
    kinds: dict[str, int] = {}
    for record in records:
        kinds[record.statuses[0].kind] = kinds.get(record.statuses[0].kind, 0) + 1
    assert len(rows) == len(records) == 3853
    assert kinds == {"ACI": 1815, "EI": 944, "AI": 620, "ETTI": 299, "GEIQ": 172, "EA": 3}
    assert len({record.source_key for record in records}) == 3853
    assert len({record.siret for record in records}) == 3841
    codes = [w.code for row in rows for w in row.warnings]
    assert codes.count("siret_cle") == 13
    assert sum(record.lat is None for record in records) <= 5
    assert all(record.departement for record in records)
