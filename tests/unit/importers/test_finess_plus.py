"""The FINESS+ JSON: which establishments are open, which address and which coordinates."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from annuaire.structures.records import StatusRecord, StructureRecord
from importers.rows import Row, UnreadableFile
from importers.sources.esat import read, read_ea

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "finess" / "structures.json"
DEGREES = {"directionLatitude": "46.211257", "directionLongitude": "5.254203"}
METRES = {"coordonneeX": "6570414.61", "coordonneeY": "873766.07"}
KEYS = {"cleInInteropBAN": "01053_1950_00062", "scoreBAN": "0.97"}
ADDRESS = {
    "usageAdresse": "03",
    "ligneQuatre": "62 AVENUE DE JASSERON",
    "cogCommune": "01053",
    "ligneAcheminement": "BOURG EN BRESSE",
    "codePostal": "01000",
}
INFOS = {"numFinessEge": "019999901", "nomEgeLong": "ESAT DU MODELE      "}


def establishment(**change: Any) -> dict[str, Any]:
    infos = INFOS | change.pop("infos", {})
    return {
        "informationsGeneralesEGE": infos,
        "categorieentiteGeographiqueExercice": "246",
        "etatObjet": "A",
        "adresse": [ADDRESS],
    } | change


def read_json(folder: Path, *ege: object, **root: object) -> list[Row[StructureRecord]]:
    path = folder / "structures.json"
    whole = {"generatedAt": "2026-03-09T15:49:37Z"} | root
    whole.setdefault("pmej", [{"ege": list(ege)}])
    path.write_text(json.dumps(whole), encoding="utf-8")
    return list(read(path))


def test_open_establishments_of_the_category_become_records() -> None:
    rows = list(read(FIXTURE))
    assert [row.number for row in rows if row.record] == [1, 2]
    assert [row.number for row in rows if not row.record and not row.refusal] == [3, 4, 5, 6]
    record = rows[0].record
    assert record
    assert (record.source_key, record.siret) == ("019999921", "99000001000019")
    assert (record.name, record.address) == ("ESAT DU MODELE", "62 AVENUE DE JASSERON")
    assert (record.city, record.code_insee, record.departement) == (
        "Bourg-en-Bresse",
        "01053",
        "01",
    )
    assert (record.lat, record.lon, record.geo_precision) == (46.211257, 5.254203, "number")
    assert str(record.source_updated_on) == "2021-10-18"
    assert record.extra["manager"] == "ASSOCIATION DU MODELE"
    assert [r.record.finess for r in read_ea(FIXTURE) if r.record] == ["019999925"]


def test_gzip_gives_the_same_rows_whatever_the_name(tmp_path: Path) -> None:
    path = tmp_path / "structures.json"
    path.write_bytes(gzip.compress(FIXTURE.read_bytes()))
    assert list(read(path)) == list(read(FIXTURE))


@pytest.mark.parametrize(
    ("change", "generated", "end"),
    [
        ({"etatObjet": "I"}, "2026-03-09T15:49:37Z", "skipped"),
        ({"etatObjet": None}, "2026-03-09T15:49:37Z", "skipped"),
        ({"etatObjet": {"code": "A"}}, "2026-03-09T15:49:37Z", None),
        ({"infos": {"dateFermeture": "2026-03-09"}}, "2026-03-09T15:49:37Z", "skipped"),
        ({"infos": {"dateFermeture": "2026-03-10"}}, "2026-03-09T15:49:37Z", "2026-03-10"),
        ({"infos": {"dateFermeture": "2026-03-10"}}, "2027-01-01", "skipped"),
        ({"infos": {"dateFermeture": "2026-03-10"}}, None, "skipped"),
        ({"infos": {"dateFermeture": "9999-12-31"}}, "2026-03-09T15:49:37Z", None),
        ({"infos": {"dateFermeture": "   "}}, "2026-03-09T15:49:37Z", None),
    ],
)
def test_closed_establishments_are_skipped_by_the_day_of_the_file(
    tmp_path: Path, change: dict[str, Any], generated: str | None, end: str | None
) -> None:
    (row,) = read_json(tmp_path, establishment(**change), generatedAt=generated)
    assert row.refusal is None
    if end == "skipped":
        assert row.record is None
    else:
        assert row.record
        last = row.record.statuses[0].valid_to
        assert (last.isoformat() if last else None) == end


def test_the_day_of_the_file_may_come_last(tmp_path: Path) -> None:
    path = tmp_path / "structures.json"
    ege = establishment(infos={"dateFermeture": "2026-12-31"})
    path.write_text(json.dumps({"pmej": [{"ege": [ege]}], "generatedAt": "2026-03-09"}))
    (row,) = read(path)
    assert row.record


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        (METRES | DEGREES | KEYS, (46.211257, 5.254203, "number")),
        # In other files the degrees stand in X and Y, longitude first.
        ({"coordonneeX": "5.254203", "coordonneeY": "46.211257", "directionLatitude": "6570414.61",
          "directionLongitude": "873766.07"} | KEYS, (46.211257, 5.254203, "number")),
        ({"coordonneeX": "46.211257", "coordonneeY": "5.254203"} | KEYS,
         (46.211257, 5.254203, "number")),
        (METRES | KEYS, (46.211257, 5.254203, "number")),
        ({"coordonneeX": "873766.07", "coordonneeY": "6570414.61 "} | KEYS,
         (46.211257, 5.254203, "number")),
        ({"coordonneeX": 5.254203, "coordonneeY": 46.211257}, (46.211257, 5.254203, "street")),
        (DEGREES | KEYS | {"cleInInteropBAN": "01053"}, (46.211257, 5.254203, "commune")),
        (DEGREES | KEYS | {"cleInInteropBAN": "01053_1950"}, (46.211257, 5.254203, "street")),
        (DEGREES | KEYS | {"scoreBAN": "0.85"}, (46.211257, 5.254203, "street")),
        (DEGREES | KEYS | {"scoreBAN": "0.5"}, (46.211257, 5.254203, "commune")),
    ],
)  # fmt: skip
def test_the_plausible_pair_is_chosen(
    tmp_path: Path, point: dict[str, object], expected: tuple[float, float, str]
) -> None:
    address = ADDRESS | {"coordonneesGeographique": point}
    (row,) = read_json(tmp_path, establishment(adresse=[address]))
    record = row.record
    assert record
    assert row.warnings == ()
    assert (record.lat, record.lon, record.geo_precision) == expected


@pytest.mark.parametrize(
    "point",
    [
        {"coordonneeX": "0", "coordonneeY": "0"},
        {"coordonneeX": "0.0", "coordonneeY": "0.0", "directionLatitude": "48.85"},
        {"directionLatitude": "46,211257", "directionLongitude": "5,254203"},
        {"directionLatitude": "48.85", "directionLongitude": "2.35"},
        {"directionLatitude": "nord", "directionLongitude": "est"},
        {"coordonneeX": "1e400", "coordonneeY": "nan"},
    ],
)
def test_a_point_that_cannot_be_right_gives_the_commune_s_centre_and_a_warning(
    tmp_path: Path, point: dict[str, str]
) -> None:
    address = ADDRESS | {"coordonneesGeographique": point}
    (row,) = read_json(tmp_path, establishment(adresse=[address]))
    assert row.record
    assert row.record.geo_precision == "commune"
    assert row.record.lat == pytest.approx(46.2, abs=0.05)
    assert [w.code for w in row.warnings] == ["coordonnees"]


def test_overseas_metres_are_never_read_as_lambert_93(tmp_path: Path) -> None:
    point = {"coordonneeX": "338712.38", "coordonneeY": "7690232.6"}
    address = {"usageAdresse": "03", "cogCommune": "97411", "codePostal": "97400",
               "coordonneesGeographique": point}  # fmt: skip
    (row,) = read_json(tmp_path, establishment(adresse=[address]))
    assert row.record
    assert row.warnings == ()
    assert row.record.lat == pytest.approx(-20.88, abs=0.01)
    assert row.record.lon == pytest.approx(55.45, abs=0.01)


def test_the_address_of_the_place_is_taken_and_not_the_first(tmp_path: Path) -> None:
    letters = ADDRESS | {"usageAdresse": "02", "cogCommune": "75112", "codePostal": "75012"}
    one, other = read_json(
        tmp_path,
        establishment(adresse=[letters, ADDRESS]),
        establishment(adresse=[letters], infos={"numFinessEge": "019999902"}),
    )
    assert one.record
    assert (one.record.code_insee, one.warnings) == ("01053", ())
    assert other.record
    assert other.record.code_insee == "75056"
    assert [w.code for w in other.warnings] == ["adresse"]


@pytest.mark.parametrize(
    ("change", "code", "expected"),
    [
        ({"infos": {"siret": None}}, None, {"siret": None, "source_key": "019999901"}),
        ({"infos": {"siret": "9.9E+13"}}, "siret_tableur", {"siret": None}),
        ({"infos": {"nomEgeLong": " ", "nomEgeCourt": "ESAT  "}}, None, {"name": "ESAT"}),
        ({"infos": {"dateOuverture": "1901-01-01"}}, None, {"statuses": (StatusRecord("ESAT"),)}),
        ({"categorieentiteGeographiqueExercice": "246  "}, None, {"finess": "019999901"}),
        ({"contact": [{"telecom": {}}, {"telecom": {"telephone": "0474505050"}}]}, None,
         {"phone": "+33474505050"}),
        ({"contact": [{"telecom": {"courriel": "contact@exemple.fr"}}]}, None,
         {"email": "contact@exemple.fr"}),
        ({"nouveau": 1}, "colonne_nouvelle", {"finess": "019999901"}),
    ],
)  # fmt: skip
def test_an_odd_value_is_understood_or_said(
    tmp_path: Path, change: dict[str, Any], code: str | None, expected: dict[str, object]
) -> None:
    (row,) = read_json(tmp_path, establishment(**change))
    assert row.record
    assert [w.code for w in row.warnings] == ([code] if code else [])
    assert {key: getattr(row.record, key) for key in expected} == expected


@pytest.mark.parametrize(
    ("ege", "code"),
    [
        (establishment(infos={"numFinessEge": None}), "finess"),
        (establishment(infos={"nomEgeLong": ""}), "vide"),
        (establishment(adresse=[]), "departement"),
        (establishment(adresse="rue"), "departement"),
        ("ESAT", "json"),
        (None, "json"),
    ],
)
def test_what_cannot_be_used_is_refused_and_the_next_one_lands(
    tmp_path: Path, ege: object, code: str
) -> None:
    bad, good = read_json(tmp_path, ege, establishment(infos={"numFinessEge": "019999902"}))
    assert bad.refusal
    assert (bad.number, bad.refusal.code) == (1, code)
    assert good.record


def test_a_number_met_twice_is_refused_the_second_time(tmp_path: Path) -> None:
    first, again = read_json(tmp_path, establishment(), establishment())
    assert first.record
    assert again.refusal
    assert again.refusal.code == "doublon"


def test_a_file_cut_short_gives_its_rows_then_says_so(tmp_path: Path) -> None:
    entity = json.dumps({"ege": [establishment()], "events": ["x" * 1000] * 100})
    path = tmp_path / "structures.json"
    path.write_text(f'{{"generatedAt": "2026-03-09", "pmej": [{entity}, {entity[:-500]}')
    rows = read(path)
    assert next(rows).record
    with pytest.raises(UnreadableFile, match="abîmé après 1"):
        next(rows)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"pmej": []}',
        '{"pmej": {}}',
        '{"pmej": [1',
        '{"a":' + "[" * 200_000,
        '{"a":' * 200_000,
        # The parser itself crashes on the next ones, unless it is told and guarded.
        '{"generatedAt": 1' + "0" * 5000 + "}",
        '{"pmej": [1' + "0" * 5000 + "]}",
        '{"pmej": [{"ege": []}], "n": 1e999999999999999999999}x',
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "structures.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile):
        list(read(path))


def test_the_shared_sample_is_read(shared_data: Path) -> None:
    folder = shared_data / "directories" / "finess"
    rows = list(read(folder / "finess-structures-sample-20260309.subset.json"))
    assert len(rows) == 2
    assert not any(row.record or row.refusal for row in rows)
