"""StockEtablissement: the establishments of the register alone, read by the names of columns."""

import csv
import gzip
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.bench.files import invented_siret
from annuaire.bench.sirene import write_sirene as generate
from annuaire.matching.means import heads
from annuaire.structures.records import Known, StructureRecord
from importers.rows import Row, UnreadableFile
from importers.sources.sirene import read
from importers.sources.sirene.columns import EMPLOYEES
from tests.factories.enrichment import (
    OLDER_COLUMNS,
    SIRENE_COLUMNS,
    establishment,
    write_sirene,
)

OURS, OTHER = invented_siret(1), invented_siret(2)
KNOWN = Known(frozenset({OURS}))


def one(path: Path, **changes: str) -> StructureRecord:
    """The record of a file of one row."""
    (row,) = read(write_sirene(path / "stock.csv", [establishment(OURS, **changes)]), KNOWN)
    assert row.record, row.refusal
    return row.record


def records(rows: list[Row[StructureRecord]]) -> list[StructureRecord]:
    return [row.record for row in rows if row.record]


def test_an_establishment_of_the_register_is_taken_with_what_sirene_knows(tmp_path: Path) -> None:
    record = one(tmp_path)
    assert (record.siret, record.source_key, record.statuses, record.name) == (OURS, OURS, (), "")
    assert (record.open, record.closed_on, record.head_office) == (True, None, True)
    assert (record.naf, record.employees_range) == ("8121Z", "10 à 19 salariés")
    assert (record.brand, record.address) == ("ATELIER DU SPECIMEN", "12 BIS RUE DES ESSAIS")
    assert (record.postcode, record.city, record.code_insee) == ("59000", "Lille", "59350")
    assert record.source_updated_on == date(2026, 10, 2)


def test_others_are_passed_over_without_a_word(tmp_path: Path) -> None:
    rows = [establishment(OTHER), establishment(OURS), establishment(invented_siret(3))]
    found = list(read(write_sirene(tmp_path / "stock.csv", rows), KNOWN))
    assert [(row.number, row.record and row.record.siret, row.warnings) for row in found] == [
        (3, OURS, ())
    ]


def test_another_establishment_of_a_known_company_is_none_of_ours(tmp_path: Path) -> None:
    other = OURS[:9] + "00099"
    rows = [establishment(other, siege="false"), establishment(OURS)]
    found = records(list(read(write_sirene(tmp_path / "stock.csv", rows), KNOWN)))
    assert [record.siret for record in found] == [OURS]


def test_a_company_known_alone_is_told_of_its_head_office(tmp_path: Path) -> None:
    known = Known(frozenset(), frozenset({OURS[:9]}))
    rows = [establishment(OURS[:9] + "00099", siege="false"), establishment(OURS)]
    (record,) = records(list(read(write_sirene(tmp_path / "stock.csv", rows), known)))
    assert (record.siret, record.siren, record.source_key) == (None, OURS[:9], f"siren:{OURS[:9]}")
    assert record.city == "Lille"


def test_the_point_in_metres_is_read_in_the_projection_of_its_land(tmp_path: Path) -> None:
    record = one(
        tmp_path, codeCommune="01053", codePostal="01000", libelleCommune="BOURG-EN-BRESSE",
        coordonneeLambertAbscisse="870262.2", coordonneeLambertOrdonnee="6571540.8",
    )  # fmt: skip
    assert (record.lat, record.lon, record.geo_precision) == (46.222286, 5.209181, "number")
    overseas = one(
        tmp_path, codeCommune="97411", codePostal="97400", libelleCommune="SAINT-DENIS",
        coordonneeLambertAbscisse="338614.0", coordonneeLambertOrdonnee="7690485.0",
        numeroVoie="",
    )  # fmt: skip
    assert overseas.lat == pytest.approx(-20.88, abs=0.02)
    assert overseas.lon == pytest.approx(55.45, abs=0.02)
    assert (overseas.departement, overseas.geo_precision) == ("974", "street")


def test_the_older_columns_give_the_centre_of_the_commune(tmp_path: Path) -> None:
    path = write_sirene(tmp_path / "stock.csv", [establishment(OURS)], OLDER_COLUMNS)
    (row,) = read(path, KNOWN)
    assert row.record
    assert (row.record.geo_precision, row.record.naf, row.warnings) == ("commune", "8121Z", ())


def test_a_new_column_is_reported_once(tmp_path: Path) -> None:
    rows = [establishment(OURS), establishment(OTHER)]
    path = write_sirene(tmp_path / "stock.csv", rows, (*SIRENE_COLUMNS, "neuveEtablissement"))
    found = list(read(path, Known(frozenset({OURS, OTHER}))))
    assert [[w.field for w in row.warnings] for row in found] == [["neuveEtablissement"], []]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"etatAdministratif": "F", "dateDebut": "2026-03-31"},
         {"open": False, "closed_on": date(2026, 3, 31), "employees_range": None}),
        ({"etatAdministratif": "F", "dateDebut": ""}, {"open": False, "closed_on": None}),
        ({"etatAdministratif": "F", "dateDebut": "1900-01-01"}, {"open": False, "closed_on": None}),
        ({"etatAdministratif": "A", "dateDebut": "2026-03-31"}, {"open": True, "closed_on": None}),
        ({"siege": "false"}, {"head_office": False}),
        ({"siege": ""}, {"head_office": None}),
        ({"trancheEffectifs": "NN"}, {"employees_range": None}),
        ({"trancheEffectifs": "42"}, {"employees_range": "1\u202f000 à 1\u202f999 salariés"}),
        ({"trancheEffectifs": "99"}, {"employees_range": None}),
        ({"nomenclatureActivitePrincipale": "NAF1993", "activitePrincipale": "74.7Z"},
         {"naf": None}),
        ({"nomenclatureActivitePrincipale": "NAF2025", "activitePrincipale": "81.21Y"},
         {"naf": None}),
        ({"enseigne1": "", "denominationUsuelle": "LE SPECIMEN"}, {"brand": "LE SPECIMEN"}),
        ({"enseigne1": "[ND]"}, {"brand": None}),
        ({"statutDiffusion": "P"},
         {"address": None, "city": None, "postcode": None, "code_insee": None, "lat": None,
          "lon": None, "geo_precision": None, "brand": None, "naf": "8121Z", "open": True}),
        ({"statutDiffusion": "P", "libelleVoie": "[ND]", "codePostal": "[ND]",
          "coordonneeLambertAbscisse": "[ND]", "coordonneeLambertOrdonnee": "[ND]"},
         {"address": None, "lat": None, "departement": None}),
        ({"numeroVoie": "[ND]", "libelleVoie": "[ND]", "typeVoie": "[ND]",
          "indiceRepetition": "[ND]"}, {"address": None, "city": "Lille"}),
        ({"codePostal": "", "codeCedex": "59020", "libelleCedex": "LILLE CEDEX"},
         {"city": "Lille", "code_insee": "59350"}),
        ({"codeCommune": "", "codePostal": "", "libelleCommune": "", "codePaysEtranger": "99131",
          "libelleCommuneEtranger": "BRUXELLES", "libellePaysEtranger": "BELGIQUE"},
         {"address": None, "city": None, "open": True}),
        ({"coordonneeLambertAbscisse": "0", "coordonneeLambertOrdonnee": "0"},
         {"geo_precision": "commune"}),
    ],
)  # fmt: skip
def test_cases_of_a_row(tmp_path: Path, changes: dict[str, str], expected: dict[str, Any]) -> None:
    record = one(tmp_path, **changes)
    assert {name: getattr(record, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"etatAdministratif": ""}, "etat"), ({"etatAdministratif": "X"}, "etat"),
     ({"siren": "123456789"}, "siren")],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_refused(
    tmp_path: Path, changes: dict[str, str], code: str
) -> None:
    row = establishment(OURS, **changes)
    known = Known(frozenset({OURS}), frozenset({"123456789"}))
    (found,) = read(write_sirene(tmp_path / "stock.csv", [row]), known)
    assert found.record is None
    assert found.refusal
    assert found.refusal.code == code


def test_a_second_row_of_the_same_siret_is_refused(tmp_path: Path) -> None:
    path = write_sirene(tmp_path / "stock.csv", [establishment(OURS), establishment(OURS)])
    assert [row.refusal and row.refusal.code for row in read(path, KNOWN)] == [None, "doublon"]


def gzipped(path: Path) -> Path:
    packed = path.with_suffix(".csv.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    return packed


def zipped(path: Path) -> Path:
    packed = path.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "StockEtablissement_utf8.csv")
    return packed


@pytest.mark.parametrize("pack", [Path, gzipped, zipped])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("turned", [False, True])
def test_every_packing_quoting_and_order_reads_the_same(
    tmp_path: Path, pack: Callable[[Path], Path], quoting: int, turned: bool
) -> None:
    columns = tuple(reversed(SIRENE_COLUMNS)) if turned else SIRENE_COLUMNS
    rows = [establishment(OTHER), establishment(OURS, libelleVoie='DE L\'"ESSAI", A GAUCHE')]
    path = pack(write_sirene(tmp_path / "stock.csv", rows, columns, quoting))
    (record,) = records(list(read(path, KNOWN)))
    assert record.address == '12 BIS RUE DE L\'"ESSAI", A GAUCHE'


def test_numbers_that_the_whole_file_lacks_are_said_at_its_end(tmp_path: Path) -> None:
    known = Known(frozenset(invented_siret(number) for number in range(1, 9)))
    *_, last = read(write_sirene(tmp_path / "stock.csv", [establishment(OURS)]), known)
    (warning,) = last.warnings
    assert (last.record, warning.code) == (None, "absents")
    assert warning.message.startswith("7 SIRET de l'annuaire ne sont pas dans ce fichier (")


def test_a_cut_archive_gives_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "stock.csv"
    generate(path, 400_000, seed=1)
    known = Known(frozenset(invented_siret(number) for number in range(1, 2_000)))
    cut = path.with_suffix(".gz")
    cut.write_bytes(gzip.compress(path.read_bytes())[:-400])
    found: list[Row[StructureRecord]] = []
    with pytest.raises(UnreadableFile, match="tronqué"):
        found.extend(read(cut, known))
    assert records(found)


def test_generated_lines_are_read_without_a_remark(tmp_path: Path) -> None:
    path = tmp_path / "stock.csv"
    generate(path, 8_000_000, seed=1)
    known = Known(frozenset(invented_siret(number) for number in range(1, 2_000)))
    found = list(read(path, known))
    assert len(found) > 10
    *rows, _absent = found
    assert not any(row.refusal or row.warnings for row in rows)


def test_employees_come_in_words_that_a_caution_can_count() -> None:
    assert [heads(EMPLOYEES[code]) for code in ("01", "12", "42", "53")] == [2, 49, 1999, 10000]


def check(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stock"
        path.write_bytes(data)
        try:
            rows = list(read(path, Known(frozenset({OURS}), frozenset({OURS[:9]}))))
        except UnreadableFile:
            return
    assert all(row.record is None or row.refusal is None for row in rows)
    for record in records(rows):
        assert record.open is not None
        assert record.statuses == ()
        assert (record.siret or record.siren) in (OURS, OURS[:9])
        assert (record.lat is None) == (record.geo_precision is None)


HEADER = ",".join(SIRENE_COLUMNS).encode()
LINE = f"{OURS[:9]},{OURS[9:]},{OURS},".encode()


@given(
    st.sampled_from(
        [b"", HEADER + b"\n", HEADER + b"\n" + LINE, b"\x1f\x8b", b"PK\x03\x04", b"\xff\xfe"]
    ),
    st.binary(max_size=300),
)
def test_any_bytes(start: bytes, data: bytes) -> None:
    check(start + data)


@given(
    st.sampled_from([name for name in SIRENE_COLUMNS if name not in ("siren", "nic", "siret")]),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=60),
)
def test_any_cell(column: str, value: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stock.csv"
        write_sirene(path, [establishment(OURS) | {column: value}])
        check(path.read_bytes())
