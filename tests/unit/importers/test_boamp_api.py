"""Records of the BOAMP's API in the four shapes of their body. Every record here is fabricated."""

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from annuaire.contracts.records import CodeField, NoticeRecord
from annuaire.contracts.withdrawals import removed_by
from importers.files import lines
from importers.sources.boamp import documents, read
from tests.factories.boamp import BUYER, load, read_one, read_text


def of(notice: NoticeRecord, field: str) -> str:
    """The texts of a field, of the notice and of its lots."""
    every = [*notice.texts, *(t for lot in notice.lots for t in lot.texts)]
    return "\n".join(t.text for t in every if t.field == field)


@pytest.mark.parametrize("name", ["eforms", "fnsimple", "mapa", "v230"])
def test_every_shape_gives_the_buyer_the_lots_and_the_clauses(name: str) -> None:
    notice = read_one(load(name))
    assert notice.title == "Entretien d'espaces verts"
    assert (notice.buyer.name, notice.buyer.siret) == (BUYER, "00009001900019")
    assert (notice.buyer.postcode, notice.buyer.departement) == ("69003", "69")
    assert (notice.cpv, notice.published_on) == ("77310000", date(2026, 7, 1))
    assert [(lot.number, lot.title, lot.cpv) for lot in notice.lots] == [
        ("1", "Tonte", "77310000"),
        ("2", "Élagage", "77211400"),
    ]
    assert [(lot.amount_eur, lot.amount_kind) for lot in notice.lots] == [
        (45000, "estimated"),
        (None, None),
    ]
    assert "120 heures d'insertion" in of(notice, "execution")
    assert "Insertion : 10" in of(notice, "criteria")
    assert notice.deadline == datetime.fromisoformat("2026-09-15T12:00:00+02:00")
    assert notice.types == ("services",)
    assert notice.departements == ("69",)
    assert notice.linked_keys == ("26-990000",)


def test_eforms_codes_keep_their_business_terms() -> None:
    notice = read_one(load("eforms"))
    assert notice.lots[0].codes == (
        CodeField("BT-71", "res-ws", "1"),
        CodeField("BT-736", "yes", "1"),
        CodeField("BT-06", "soc-obj", "1"),
        CodeField("BT-775", "opp", "1"),
        CodeField("BT-774", "circ-econ", "1"),
    )
    assert notice.lots[1].codes == (CodeField("BT-71", "none", "2"),)


def test_eforms_results_join_lots_tenders_and_winners() -> None:
    notice = read_one(load("eforms_award"))
    assert notice.nature == "award"
    assert [(a.winner, a.amount_eur, a.lot_number, a.awarded_on) for a in notice.awards] == [
        ("ATELIER DU MODELE", 41000, "1", date(2026, 6, 20)),
        ("CHANTIERS DE L'ESSAI", 41000, "1", date(2026, 6, 20)),
    ]
    assert [a.winner_siret for a in notice.awards] == ["99000001000014", None]


def test_v230_tells_who_a_contract_is_reserved_to_and_who_won() -> None:
    notice = read_one(load("v230"))
    assert notice.codes == (CodeField("MARCHE_RESERVE", "ateliers protégés"),)
    record = load("v230")
    body = json.loads(record["donnees"])
    body["ATTRIBUTION"] = {
        "DECISION": {
            "NUM_LOT": "1",
            "INTITULE": "Tonte",
            "TITULAIRE": {"DENOMINATION": "ATELIER DU MODELE", "VILLE": "Lyon"},
            "RENSEIGNEMENT": {"MONTANT": {"@DEVISE": "EUR", "#text": "41000"}},
        }
    }
    award = read_one(record | {"donnees": body, "nature": "ATTRIBUTION"}).awards[0]
    assert (award.winner, award.amount_eur, award.lot_number) == ("ATELIER DU MODELE", 41000, "1")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "call"),
        ({"nature": "ATTRIBUTION"}, "award"),
        ({"nature": "RECTIFICATIF"}, "correction"),
        ({"nature": "ANNULATION"}, "cancellation"),
        ({"nature": "MODIFICATION"}, "modification"),
        ({"nature": "PREINFORMATION"}, "planned"),
        ({"nature": None, "nature_categorise_libelle": "Résultat de marché"}, "award"),
        ({"nature": None, "nature_categorise_libelle": "Avis de marché"}, "call"),
        ({"nature": "CONCOURS"}, "other"),
        ({"etat": "RECTIFICATIF"}, "correction"),
        ({"etat": "ANNULATION"}, "cancellation"),
        ({"etat": "INITIAL"}, "call"),
    ],
)
def test_the_nature_is_told(change: dict[str, Any], expected: str) -> None:
    assert read_one(load("mapa") | change).nature == expected


def test_lots_written_in_words_are_found_when_none_is_structured() -> None:
    body = {"MAPA": {"initial": {"description": {"objet": "Travaux\nLot 1 : Bois\nLot 2 : Sols"}}}}
    notice = read_one(load("mapa") | {"donnees": body})
    assert [(lot.number, lot.title) for lot in notice.lots] == [("1", "Bois"), ("2", "Sols")]


def test_a_deadline_without_an_hour_is_the_end_of_its_day_in_paris() -> None:
    notice = read_one(load("mapa") | {"datelimitereponse": "2026-12-01"})
    assert notice.deadline
    assert notice.deadline.isoformat() == "2026-12-01T23:59:00+01:00"


@pytest.mark.parametrize("departments", ["69", ["69"], '["69"]', "69,069", ["69 69"]])
def test_departements_come_as_a_list_or_a_text(departments: Any) -> None:
    assert read_one(load("mapa") | {"code_departement": departments}).departements == ("69",)


def test_lines_pages_and_lists_of_records_are_read() -> None:
    record = load("mapa")
    page = {"total_count": 2, "results": [record, record]}
    for text in (
        json.dumps(page),
        json.dumps(page, indent=1),
        json.dumps([record, record]),
        "\n".join([json.dumps(record)] * 2),
        json.dumps([{"record": {"fields": record}}] * 2),
    ):
        assert [row.record is not None for row in read_text(text)] == [True, True]


def test_a_list_longer_than_any_record_is_read_on_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents, "MAX_RECORD", 5_000)
    monkeypatch.setattr(lines, "MAX_SKIPPED", 5_000)
    text = json.dumps([load("mapa") | {"idweb": f"26-{n}"} for n in range(1, 17)])
    assert len(text) > 2 * 5_000
    rows = read_text(text)
    assert [row.record and row.record.source_key for row in rows] == [
        f"26-{n}" for n in range(1, 17)
    ]


@pytest.mark.parametrize("name", ["eforms", "eforms_award", "fnsimple", "mapa", "v230"])
def test_the_csv_export_says_what_the_json_one_says(name: str) -> None:
    record = load(name) | {"descripteur_libelle": ["Espaces verts", "Nettoyage, désinfection"]}
    file = io.StringIO()
    table = csv.writer(file, delimiter=";")
    table.writerow(record)
    joined = (",".join(v) if isinstance(v, list) else v for v in record.values())
    table.writerow(["" if value is None else value for value in joined])
    (row,) = read_text("\ufeff" + file.getvalue())
    assert (row.record, row.warnings) == (read_one(record), ())


def test_the_former_api_is_read(shared_data: Path) -> None:
    path = shared_data / "contracts" / "boamp" / "exemple_boamp_v230_2019_api.json"
    (row,) = read(path)
    notice = row.record
    assert notice
    assert (notice.source_key, notice.nature, notice.family) == ("19-50541", "call", "JOUE")
    assert (notice.published_on, notice.expires_on) == (date(2019, 6, 2), date(2019, 7, 1))
    assert [lot.number for lot in notice.lots] == ["1", "2"]
    assert notice.departements == ("21", "25")
    assert notice.codes == ()  # what is null in the file is absent


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("v230", {"RECTIF": {"MODIFICATION": {"RUB_INIT": "II.2", "SUPPRIMER": "Lot 2 - Taille"}}}),
        ("v230", {"RECTIF": {"INFO_COMPLEMENTAIRE": "Le lot n° 2 est annulé."}}),
        ("v230", {"ANNULATION": {"MOTIF": "Le lot 2 est déclaré sans suite."}}),
        ("fnsimple", {"rectificatif": {"modification": [{"supprimer": "lot 2"}]}}),
        ("mapa", {"rectificatif": {"infoComplementaire": "Suppression du lot 2."}}),
    ],
)
def test_what_a_correction_says_is_read_with_the_lot_that_it_takes_away(
    name: str, body: dict[str, Any]
) -> None:
    record = load(name)
    root = json.loads(record["donnees"])
    form = {"fnsimple": "FNSimple", "mapa": "MAPA"}.get(name)
    (root[form] if form else root).update(body)
    notice = read_one(record | {"donnees": json.dumps(root), "etat": "RECTIFICATIF"})
    assert notice.nature == "correction"
    assert list(removed_by(notice)) == ["2"], of(notice, "correction")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"RUB_INIT": "Date limite des offres", "LIRE": "2026-08-29T12:00:00+02:00"},
            datetime.fromisoformat("2026-08-29T12:00:00+02:00"),
        ),
        (
            {"RUB_INIT": "IV.2.7", "APRES_MENTION": "date d'ouverture des offres",
             "DATE": {"LIRE": "2026-08-30"}},
            None,
        ),
        ({"RUB_INIT": "Date limite de réception des offres", "LIRE": "0202-08-29"}, None),
    ],
)  # fmt: skip
def test_a_correction_in_the_old_schema_tells_the_new_deadline(
    change: dict[str, Any], expected: datetime | None
) -> None:
    root = json.loads(load("v230")["donnees"])
    root = {name: value for name, value in root.items() if name != "CONDITION_DELAI"}
    record = load("v230") | {"datelimitereponse": None, "etat": "RECTIFICATIF"}
    body = json.dumps(root | {"RECTIF": {"MODIFICATION": change}})
    assert read_one(record | {"donnees": body}).deadline == expected
