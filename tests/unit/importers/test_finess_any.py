"""Any bytes, any cell and any JSON give records, refusals or an unreadable file: nothing else."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.bench.finess import write_legacy, write_plus
from importers.files.projections import epsg_of
from importers.rows import UnreadableFile
from importers.sources.esat import read
from importers.sources.esat.legacy_row import COLUMNS

CELLS = dict.fromkeys(COLUMNS, "") | {
    "section": "structureet",
    "nofinesset": "019999901",
    "rs": "ESAT DU MODELE",
    "commune": "053",
    "departement": "01",
    "ligneacheminement": "01000 BOURG EN BRESSE",
    "categetab": "246",
}
LINE = ";".join(CELLS.values()).encode()
EGE = {
    "informationsGeneralesEGE": {"numFinessEge": "019999901", "nomEgeLong": "ESAT"},
    "categorieentiteGeographiqueExercice": "246",
    "etatObjet": "A",
    "adresse": [{"usageAdresse": "03", "cogCommune": "01053", "codePostal": "01000"}],
    "contact": [],
}
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


def check(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "finess"
        path.write_bytes(data)
        try:
            rows = list(read(path))
        except UnreadableFile:
            return
    assert all(row.record is None or row.refusal is None for row in rows)
    for record in (row.record for row in rows if row.record):
        assert record.source_key == record.finess
        assert record.departement
        assert (record.lat is None) == (record.geo_precision is None)


@given(
    st.sampled_from(
        [b"", b"finess;etalab;1;2\n", b"finess\n" + LINE + b"\n", b"{", b'{"pmej":[', b"\x1f\x8b"]
    ),
    st.binary(max_size=300),
)
def test_any_bytes(start: bytes, data: bytes) -> None:
    check(start + data)


@given(st.sampled_from(COLUMNS[1:]), st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_cell(column: str, value: str) -> None:
    check(b"finess;etalab;1;2\n" + ";".join((CELLS | {column: value}).values()).encode())


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=30), max_size=5))
def test_any_point(cells: list[str]) -> None:
    point = ";".join(["geolocalisation", "019999901", *cells]).encode()
    check(b"finess;etalab;1;2\n" + LINE + b"\n" + point)


@given(st.sampled_from(sorted(EGE)), ANY_JSON)
def test_any_value_of_an_establishment(name: str, value: object) -> None:
    check(
        json.dumps({"generatedAt": "2026-01-01", "pmej": [{"ege": [EGE | {name: value}]}]}).encode()
    )


@given(
    st.sampled_from(["cogCommune", "codePostal", "ligneQuatre", "coordonneesGeographique"]),
    ANY_JSON,
)
def test_any_value_of_an_address(name: str, value: object) -> None:
    address = {"usageAdresse": "03", "cogCommune": "01053", name: value}
    check(json.dumps({"pmej": [{"ege": [EGE | {"adresse": [address]}]}]}).encode())


@given(ANY_JSON)
def test_any_json(value: object) -> None:
    check(json.dumps({"pmej": value, "generatedAt": value}).encode())
    check(json.dumps({"pmej": [{"ege": value}]}).encode())


@pytest.mark.parametrize(
    ("text", "epsg"),
    [
        ("EPSG:2154 RGF93 / Lambert-93 (Métropole)", 2154),
        ("LAMBERT_93", 2154),
        ("L93_METROPOLE", 2154),
        ("EPSG:5490 RGAF09/UTM Zone 20N (Antilles)", 5490),
        ("UTM_N20", 5490),
        ("UTM_N21", 4467),
        ("WGS84/UTM 21N", 4467),
        ("UTM_N22", 2972),
        ("UTM_S38", 4471),
        ("UTM_S40", 2975),
        ("WGS84/UTM 1S", 32701),
        ("EPSG:9999", None),
        ("", None),
    ],
)
def test_a_projection_is_known_by_its_names_over_the_years(text: str, epsg: int | None) -> None:
    assert epsg_of(text) == epsg


def test_generated_files_are_read_whole(tmp_path: Path) -> None:
    legacy, plus = tmp_path / "legacy.csv", tmp_path / "plus.json.gz"
    write_legacy(legacy, 2_000, seed=1, points=True)
    write_plus(plus, 2_000_000, seed=1)
    for path, minimum in ((legacy, 2_000), (plus, 1_000)):
        rows = list(read(path))
        records = [row.record for row in rows if row.record]
        assert len(rows) >= minimum
        assert records
        assert not any(row.refusal or row.warnings for row in rows)
        assert all(record.geo_precision == "number" for record in records)
