"""The legacy CSV of FINESS: which lines are ours, where they are, what is refused or warned."""

import gzip
import zipfile
from pathlib import Path

import pytest

from annuaire.structures.records import StatusRecord, StructureRecord
from importers.rows import Row, UnreadableFile
from importers.sources.esat import read, read_ea
from importers.sources.esat.legacy_row import COLUMNS

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "finess" / "cs1100507.csv"
METADATA = "finess;etalab;1;2026-05-12"
GOOD = dict.fromkeys(COLUMNS, "") | {
    "section": "structureet",
    "nofinesset": "019999901",
    "nofinessej": "019999900",
    "rs": "ESAT DU MODELE",
    "numvoie": "62",
    "typvoie": "AV",
    "voie": "DE JASSERON",
    "commune": "053",
    "departement": "01",
    "ligneacheminement": "01000 BOURG EN BRESSE",
    "categetab": "246",
    "datemaj": "2024-02-01",
}
L93 = "EPSG:2154 RGF93 / Lambert-93 (Métropole)"


def line(**change: str) -> str:
    return ";".join((GOOD | change).values())


def point(
    x: str, y: str, score: str = "96", geocoder: str = "BAN", crs: str = L93, finess: str = ""
) -> str:
    source = f"1,ATLASANTE,{score},{geocoder},{crs}"
    return f"geolocalisation;{finess or GOOD['nofinesset']};{x};{y};{source};2026-05-04"


def read_lines(folder: Path, *lines: str | bytes) -> list[Row[StructureRecord]]:
    path = folder / "finess.csv"
    data = [text if isinstance(text, bytes) else text.encode() for text in (METADATA, *lines)]
    path.write_bytes(b"\n".join(data) + b"\n")
    return list(read(path))


def read_one(folder: Path, *lines: str | bytes) -> tuple[StructureRecord, list[str]]:
    (row,) = read_lines(folder, *lines)
    assert row.record, row.refusal
    return row.record, [warned.code for warned in row.warnings]


def test_a_line_becomes_a_record_with_its_point(tmp_path: Path) -> None:
    (row, *others) = read(FIXTURE)
    record = row.record
    assert record
    assert (row.number, row.warnings, len(others)) == (2, (), 11)
    assert (record.source_key, record.finess) == ("019999901", "019999901")
    assert record.siret == "99000001000019"
    assert record.name == "ESAT DU MODELE DE BOURG"
    assert [s.kind for s in record.statuses] == ["ESAT"]
    assert str(record.statuses[0].valid_from) == "1975-01-01"
    assert record.address == "62 BIS AVENUE DE JASSERON"
    assert (record.postcode, record.city, record.code_insee) == (
        "01000",
        "Bourg-en-Bresse",
        "01053",
    )
    assert (record.lat, record.lon, record.geo_precision) == (46.211257, 5.254203, "number")
    assert (record.naf, record.phone) == ("8810C", "+33474505050")
    assert record.extra["cedex"] == "01012 BOURG EN BRESSE CEDEX"


@pytest.mark.parametrize(
    ("finess", "code_insee", "departement", "lat", "lon"),
    [
        ("2A9999902", "2A004", "2A", 41.92, 8.74),  # its pair is swapped
        ("979999903", "97101", "971", 16.234, -61.5287),
        ("979999904", "97801", "978", 18.07, -63.08),  # Saint-Martin is no longer in 971
        ("979999905", "97411", "974", -20.88, 55.45),
        ("989999906", "98613", "986", -13.28, -176.17),
        ("979999909", "97302", "973", 4.93, -52.33),
        ("989999910", "97611", "976", -12.78, 45.23),
        ("979999911", "97502", "975", 46.78, -56.18),
    ],
)
def test_every_projection_lands_in_its_commune(
    finess: str, code_insee: str, departement: str, lat: float, lon: float
) -> None:
    record = next(r.record for r in read(FIXTURE) if r.record and r.record.finess == finess)
    assert (record.code_insee, record.departement) == (code_insee, departement)
    assert record.lat == pytest.approx(lat, abs=1e-4)
    assert record.lon == pytest.approx(lon, abs=1e-4)


def test_categories_choose_the_establishments() -> None:
    assert sum(row.record is not None for row in read(FIXTURE)) == 10
    (adapted,) = [row.record for row in read_ea(FIXTURE) if row.record]
    assert (adapted.finess, adapted.statuses) == ("019999907", adapted.statuses)
    assert adapted.statuses[0].kind == "EA"
    assert sum(row.record is not None for row in read(FIXTURE, ("246", "247"))) == 11
    with pytest.raises(ValueError, match="355"):
        read(FIXTURE, ("355",))


def test_plain_gzip_and_zip_give_the_same_rows_whatever_the_name(tmp_path: Path) -> None:
    packed, archive = tmp_path / "a.csv", tmp_path / "b.gz"
    packed.write_bytes(gzip.compress(FIXTURE.read_bytes()))
    with zipfile.ZipFile(archive, "w") as file:
        file.write(FIXTURE, "x.csv")
    assert list(read(packed)) == list(read(archive)) == list(read(FIXTURE))


@pytest.mark.parametrize(
    ("given", "expected", "code"),
    [
        (point("873766.07", "6570414.61"), (46.211257, 5.254203, "number"), None),
        (point("873766.07", "6570414.61", "94"), (46.211257, 5.254203, "street"), None),
        (point("873766.07", "6570414.61", "79"), (46.211257, 5.254203, "commune"), None),
        (point("873766.07", "6570414.61", ".", "ADMIN-EXPRESS-2023"),
         (46.211257, 5.254203, "commune"), None),
        (point("6570414.61", "873766.07"), (46.211257, 5.254203, "number"), None),
        (point("873766,07", "6570414,61"), (46.211257, 5.254203, "number"), None),
        (point("873766.07", "6570414.61", crs="IGN"), (46.211257, 5.254203, "number"), None),
        (point("873766.07", "6570414.61", crs="EPSG:2975 RGR92/UTM 40S"),
         (46.211257, 5.254203, "number"), None),
        (point("0", "0"), (None, None, "commune"), "coordonnees"),
        (point("nord", "est"), (None, None, "commune"), "coordonnees"),
        (point("700000", "7000000"), (None, None, "commune"), "coordonnees"),
        ("geolocalisation;019999901;1", (None, None, "commune"), "coordonnees"),
        (point("", "", "."), (None, None, "commune"), None),
        (point("1", "1", finess="019999902"), (None, None, "commune"), None),
    ],
)  # fmt: skip
def test_a_point_is_kept_if_it_can_be_right_else_the_commune_s_centre(
    tmp_path: Path, given: str, expected: tuple[float | None, float | None, str], code: str | None
) -> None:
    record, codes = read_one(tmp_path, line(), given)
    lat, lon, precision = expected
    assert record.geo_precision == precision
    assert record.lat == (lat or pytest.approx(46.2, abs=0.05))
    assert record.lon == (lon or pytest.approx(5.23, abs=0.05))
    assert codes == ([code] if code else [])


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"nofinesset": "12"}, "nofinesset", "finess"),
        ({"nofinesset": "1,00E+07"}, "nofinesset", "finess"),
        ({"nofinesset": "000000000"}, "nofinesset", "finess"),
        ({"rs": " "}, "rs", "vide"),
        ({"commune": "", "departement": "", "ligneacheminement": "NULLEPART"},
         "ligneacheminement", "departement"),
        ({"numuai": "a;b"}, "numuai", "cellules"),
        ({"rs": '"ESAT'}, "", "guillemet"),
        ({"rs": "ESAT\0"}, "", "nul"),
        ({"section": "etablissement"}, "section", "section"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_used_is_refused_and_the_next_one_lands(
    tmp_path: Path, change: dict[str, str], field: str, code: str
) -> None:
    bad, good = read_lines(tmp_path, line(**change), line(nofinesset="019999902"))
    assert bad.refusal
    assert (bad.number, bad.refusal.field, bad.refusal.code) == (2, field, code)
    assert good.record


@pytest.mark.parametrize(
    ("change", "code", "expected"),
    [
        ({"siret": "2,601E+13"}, "siret_tableur", {"siret": None, "source_key": "019999901"}),
        ({"siret": "00000000000000"}, "siret", {"siret": None}),
        ({"siret": "123"}, "siret", {"siret": None}),
        ({"siret": "99000001000010"}, "siret_cle", {"siret": "99000001000010"}),
        # What a spreadsheet takes off: the zeros in front.
        ({"siret": "9999999700010"}, "siret_zero", {"siret": "09999999700010"}),
        ({"nofinesset": "19999901"}, "finess_zeros", {"finess": "019999901"}),
        ({"departement": "1", "commune": "53"}, None, {"code_insee": "01053"}),
        ({"telephone": "474505050"}, None, {"phone": "+33474505050"}),
        ({"telephone": "0690291988/0590895757"}, None, {"phone": "+590690291988"}),
        ({"telephone": "12"}, "telephone", {"phone": None}),
        ({"dateouv": "13/02/1979", "datemaj": "01/02/2024"}, None, {}),
        ({"dateouv": "hier"}, "date", {"statuses": (StatusRecord("ESAT"),)}),
        ({"dateouv": "1901-01-01"}, None, {"statuses": (StatusRecord("ESAT"),)}),
        ({"dateouv": "1904-04-04"}, None, {"statuses": (StatusRecord("ESAT"),)}),
        ({"codeape": "travail"}, "naf", {"naf": None}),
        ({"rslongue": "ESAT DU GRAND MODELE"}, None, {"name": "ESAT DU GRAND MODELE"}),
        ({"rslongue": '"LE """"GRAND"""" MODELE"'}, None, {"name": 'LE "GRAND" MODELE'}),
        ({"rs": '"ESAT ""MODELE"""'}, None, {"name": 'ESAT "MODELE"'}),
        ({"numvoie": "", "typvoie": "ROUTE DES ESSAIS", "voie": ""}, None,
         {"address": "ROUTE DES ESSAIS"}),
        ({"typvoie": "CHE", "voie": "CHEMIN DES ESSAIS"}, None,
         {"address": "62 CHEMIN DES ESSAIS"}),
        ({"numvoie": "", "typvoie": "", "voie": "", "compldistrib": "9 A AVENUE DU TEST"}, None,
         {"address": "9 A AVENUE DU TEST"}),
        ({"lieuditbp": "BP 71 IMMEUBLE TEST"}, None,
         {"address": "62 AVENUE DE JASSERON, IMMEUBLE TEST"}),
        ({"numvoie": "", "typvoie": "", "voie": "", "lieuditbp": "BP 71"}, None,
         {"address": "BP 71"}),
        ({"commune": "999"}, "code_insee", {"code_insee": "01053"}),
        ({"departement": "9A", "commune": "123", "ligneacheminement": "97133 ST BARTHELEMY"}, None,
         {"code_insee": "97701", "departement": "977", "city": "Saint-Barthélemy"}),
        ({"departement": "69", "commune": "383", "ligneacheminement": "69424 LYON CEDEX 03"}, None,
         {"code_insee": "69123", "city": "Lyon", "postcode": "69003"}),
    ],
)  # fmt: skip
def test_an_odd_cell_is_understood_or_said(
    tmp_path: Path, change: dict[str, str], code: str | None, expected: dict[str, object]
) -> None:
    record, codes = read_one(tmp_path, line(**change))
    assert codes == ([code] if code else [])
    assert {key: getattr(record, key) for key in expected} == expected


def test_each_line_has_its_own_encoding(tmp_path: Path) -> None:
    utf8 = line(rs="ESAT ÉLAN").encode()
    latin = line(rs="ESAT ÉTÉ", nofinesset="019999902").encode("latin-1")
    names = [row.record.name for row in read_lines(tmp_path, utf8, latin) if row.record]
    assert names == ["ESAT ÉLAN", "ESAT ÉTÉ"]


def test_a_cell_may_span_lines_and_an_open_one_costs_its_row_alone(tmp_path: Path) -> None:
    spanning = line(rs='"ESAT\nDU MODELE"')
    open_quote = line(rs='"ESAT', nofinesset="019999902")
    good = line(nofinesset="019999903")
    first, second, third = read_lines(tmp_path, spanning, open_quote, good)
    assert first.record
    assert first.record.name == "ESAT DU MODELE"
    assert second.refusal
    assert (second.number, second.refusal.code) == (4, "guillemet")
    assert third.record


def test_a_spreadsheet_s_padding_and_a_missing_last_cell_are_forgiven(tmp_path: Path) -> None:
    padded, short = line() + ";;;", line(nofinesset="019999902").removesuffix(";")
    rows = read_lines(tmp_path, padded, short, point("873766.07", "6570414.61") + ";;;")
    assert [row.record.geo_precision for row in rows if row.record] == ["number", "commune"]


def test_a_number_met_twice_is_refused_the_second_time(tmp_path: Path) -> None:
    first, again = read_lines(tmp_path, line(), line(rs="AUTRE"))
    assert first.record
    assert again.refusal
    assert again.refusal.code == "doublon"
    assert "ligne 2" in again.refusal.message


def test_a_file_cut_short_gives_its_rows_then_says_so(tmp_path: Path) -> None:
    lines = [METADATA] + [line(nofinesset=f"0199{n:05d}") for n in range(1, 3000)]
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode())[:-400])
    rows = read(path)
    assert all(next(rows).record for _ in range(500))
    with pytest.raises(UnreadableFile, match="tronqué"):
        list(rows)


@pytest.mark.parametrize("text", ["siret,kind\n1,EI\n", "finess;etalab;1;2026-05-12\n", " "])
def test_another_file_is_refused_at_once(tmp_path: Path, text: str) -> None:
    path = tmp_path / "autre.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile):
        list(read(path))


def test_the_shared_samples_are_read(shared_data: Path) -> None:
    folder = shared_data / "directories" / "finess"
    rows = list(read(folder / "SYNTHETIC_esat_cs1100507.csv", ("246", "247")))
    places = {
        r.record.finess: (r.record.code_insee, r.record.geo_precision) for r in rows if r.record
    }
    assert places == {
        "019999991": ("01053", "number"),
        "979999992": ("97101", "street"),
        "2A9999993": ("2A004", "commune"),
        "019999994": ("01053", "commune"),
    }
    others = list(read(folder / "etalab-cs1100502-stock-20260512-extract.csv"))
    assert len(others) == 14
    assert not any(row.record or row.refusal for row in others)
