"""Essential data of public contracts: each form gives the same contract; what is odd is said."""

import gzip
import json
import sys
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.bench.decp import write_decp as generate
from annuaire.bench.files import invented_siret
from annuaire.contracts.records import AwardRecord, ChangeRecord, CodeField, NoticeRecord
from importers.files.blocks import open_blocks
from importers.rows import Row, UnreadableFile
from importers.sources.decp import read
from tests.factories.decp import (
    BUYER,
    COMPANY,
    change,
    concession,
    contract,
    row,
    winner,
    write_json,
    write_parquet,
    write_table,
    write_xml,
)

TODAY = date(2026, 11, 28)
OTHER = invented_siret(2)
FIXTURES = Path(__file__).parents[2] / "fixtures" / "decp"


def records(path: Path) -> list[NoticeRecord]:
    return [found.record for found in read(path, TODAY) if found.record]


def one(folder: Path, **changes: Any) -> NoticeRecord:
    """The notice of a JSON file of one contract."""
    (found,) = read(write_json(folder / "decp.json", contract(**changes)), TODAY)
    assert found.record, found.refusal
    return found.record


def refused(folder: Path, **changes: Any) -> tuple[str, str]:
    bad, good = read(write_json(folder / "decp.json", contract(1, **changes), contract(2)), TODAY)
    assert bad.refusal
    assert good.record
    return bad.refusal.field, bad.refusal.code


def test_a_contract_becomes_an_award_with_one_lot(tmp_path: Path) -> None:
    notice = one(tmp_path)
    assert (notice.source, notice.source_key, notice.nature) == ("decp", f"{BUYER}2024M1", "award")
    assert (notice.title, notice.cpv) == ("Nettoyage des locaux de la mairie", "90911200")
    assert (notice.buyer.siret, notice.buyer.name) == (BUYER, "")
    assert (notice.published_on, notice.departements) == (date(2024, 6, 3), ("59",))
    assert notice.types == ("services",)
    (lot,) = notice.lots
    assert (lot.number, lot.city, lot.departement) == ("1", "Lille", "59")
    assert (lot.amount_eur, lot.amount_kind) == (120000.5, "awarded")
    (award,) = notice.awards
    assert (award.winner_siret, award.amount_eur) == (COMPANY, 120000.5)
    assert award.awarded_on == date(2024, 5, 15)
    facts = notice.texts[0].text.splitlines()
    assert "Durée : 24 mois." in facts
    assert "Considérations sociales déclarées : aucune." in facts
    assert "Montant" not in notice.texts[0].text
    assert notice.codes == ()


FORMS: dict[str, Callable[[Path, dict[str, Any]], Path]] = {
    "2022": lambda p, c: write_json(p, c),
    "2019": lambda p, c: _as_text(p, {"marches": [c]}),
    "bare": lambda p, c: _as_text(p, [c]),
    "after other keys": lambda p, c: _as_text(
        p, {"v": {"marche": [1]}, "marches": {"marche": [c]}}
    ),
    "xml": lambda p, c: write_xml(p, c),
    "gzip": lambda p, c: _gzipped(write_json(p, c)),
    "zip": lambda p, c: _zipped(write_json(p, c)),
}


def _as_text(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def _gzipped(path: Path) -> Path:
    path.write_bytes(gzip.compress(path.read_bytes()))
    return path


def _zipped(path: Path) -> Path:
    content = path.read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("decp.json", content)
    return path


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_contract(form: str, tmp_path: Path) -> None:
    given_ = contract(modifications=[change(montant=130000)], titulaires=[winner(COMPANY)])
    expected = one(tmp_path, **given_)
    assert records(FORMS[form](tmp_path / "form", given_)) == [expected]


def test_flat_companies_of_2019_are_read_with_their_names(tmp_path: Path) -> None:
    company = {"typeIdentifiant": "SIRET", "id": COMPANY, "denominationSociale": "LES TILLEULS"}
    notice = one(tmp_path, titulaires=[[[company]], company, None])
    assert [(a.winner, a.winner_siret) for a in notice.awards] == [("LES TILLEULS", COMPANY)]


def test_a_concession_has_its_own_fields_and_may_be_reserved(tmp_path: Path) -> None:
    path = write_json(tmp_path / "decp.json", contract(), concessions=[concession()])
    notice = records(path)[1]
    assert notice.source_key == f"{BUYER}2024C1"
    assert notice.lots[0].amount_eur == 300000
    assert notice.awards[0].winner_siret == COMPANY
    assert "Signé le : 02/04/2024." in notice.texts[0].text
    assert notice.codes == (CodeField("considerationsSociales", "Concession réservée"),)


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"considerationSociale": ["Clause sociale", "Critère social"]},
         ["Clause sociale", "Critère social"]),
        (["Marché réservé"], ["Marché réservé"]),
        ("Clause sociale;Critère social", ["Clause sociale", "Critère social"]),
        ("Clause sociale, Marché réservé", ["Clause sociale", "Marché réservé"]),
        ({"considerationSociale": ["Pas de considération sociale"]}, []),
        ("Sans objet", []),
        ("", []),
        (None, []),
    ],
)  # fmt: skip
def test_considerations_are_codes_and_none_is_no_code(
    said: Any, codes: list[str], tmp_path: Path
) -> None:
    notice = one(tmp_path, considerationsSociales=said)
    assert [code.value for code in notice.codes] == codes


def test_modifications_are_the_history_of_one_contract(tmp_path: Path) -> None:
    later = [
        change("2025-06-01", montant=150000, titulaires=[winner(OTHER)]),
        change("2025-02-10", dureeMois=36, montant=120000.5, objetModification="Prolongation"),
    ]
    notice = one(tmp_path, modifications=later)
    assert notice.nature == "modification"
    assert notice.changes == (
        ChangeRecord(date(2025, 2, 10), "Prolongation", None, 36),
        ChangeRecord(date(2025, 6, 1), None, 150000, None, (_unknown(OTHER),)),
    )
    assert notice.lots[0].amount_eur == 150000
    assert "Montant à l'attribution : 120 000,50 € HT." in notice.texts[0].text
    assert notice.awards[1] == AwardRecord(
        _unknown(OTHER), None, date(2025, 6, 1), "1",
        winner_siret=OTHER, published_on=date(2025, 6, 1),
    )  # fmt: skip


def _unknown(siret: str) -> str:
    return f"Titulaire {siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]} (nom inconnu)"


def test_of_several_companies_nobody_says_the_amounts(tmp_path: Path) -> None:
    notice = one(tmp_path, titulaires=[winner(COMPANY), winner(OTHER), winner(COMPANY)])
    assert [(a.winner_siret, a.amount_eur) for a in notice.awards] == [
        (COMPANY, None),
        (OTHER, None),
    ]


@pytest.mark.parametrize(
    ("number", "kind", "siret", "name"),
    [
        (COMPANY, "SIRET", COMPANY, _unknown(COMPANY)),
        (COMPANY, "", COMPANY, _unknown(COMPANY)),
        ("12345678901234", "SIRET", "12345678901234", _unknown("12345678901234")),
        ("12345678901234", "", None, "Titulaire 12345678901234 (nom inconnu)"),
        ("FR123", "TVA", None, "Titulaire TVA FR123 (nom inconnu)"),
        ("00000000000000", "SIRET", None, "Titulaire SIRET 00000000000000 (nom inconnu)"),
        ("868768687576575", "SIRET", None, "Titulaire SIRET 868768687576575 (nom inconnu)"),
    ],
)
def test_a_number_is_a_siret_when_it_is_one(
    number: str, kind: str, siret: str | None, name: str, tmp_path: Path
) -> None:
    (award,) = one(tmp_path, titulaires=[winner(number, kind)]).awards
    assert (award.winner_siret, award.winner) == (siret, name)


@pytest.mark.parametrize(
    ("code", "kind", "departements", "city"),
    [
        ("59350", "Code commune", ("59",), "Lille"),
        ("97430", "Code postal", ("974",), None),
        ("2A", "CODE DEPARTEMENT", ("2A",), None),
        ("974", "Code département", ("974",), None),
        ("5911", "Code canton", ("59",), None),
        ("9721", "Code arrondissement", ("972",), None),
        ("FR", "Code pays", (), None),
        ("", "", (), None),
        ("59000", "", ("59",), None),
    ],
)
def test_place_is_read_by_the_kind_of_its_code(
    code: str, kind: str, departements: tuple[str, ...], city: str | None, tmp_path: Path
) -> None:
    notice = one(tmp_path, lieuExecution={"code": code, "typeCode": kind})
    assert (notice.departements, notice.lots[0].city) == (departements, city)


def test_a_region_is_all_of_its_departements_and_an_unknown_code_is_said(tmp_path: Path) -> None:
    notice = one(tmp_path, lieuExecution={"code": "53", "typeCode": "Code région"})
    assert set(notice.departements) == {"22", "29", "35", "56"}
    assert notice.lots[0].departement is None
    bad = contract(lieuExecution={"code": "ZZZ", "typeCode": "Code postal"})
    (found,) = read(write_json(tmp_path / "bad.json", bad), TODAY)
    assert [(w.field, w.code) for w in found.warnings] == [("lieuExecution", "lieu")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"dateNotification": "0202-05-15"}, "dateNotification"),
        ({"dateNotification": "2999-01-01"}, "dateNotification"),
        ({"dateNotification": "15/05/2024"}, "dateNotification"),
        ({"dateNotification": None}, "dateNotification"),
        ({"dateNotification": {"a": 1}}, "dateNotification"),
        ({"acheteur": {"id": "123"}}, "acheteur.id"),
        ({"acheteur": {}}, "acheteur.id"),
        ({"acheteur": "x"}, "acheteur.id"),
        ({"acheteur": {"id": "00000000000000"}}, "acheteur.id"),
        ({"id": ""}, "id"),
        ({"id": "---"}, "id"),
        ({"id": None}, "id"),
    ],
)
def test_a_contract_without_buyer_number_or_date_is_refused_and_the_rest_goes_on(
    changes: dict[str, Any], field: str, tmp_path: Path
) -> None:
    assert refused(tmp_path, **changes)[0] == field


@pytest.mark.parametrize("element", [1, "x", None, [], [[]], True])
def test_an_element_that_is_no_contract_costs_itself_alone(element: Any, tmp_path: Path) -> None:
    found = list(read(write_json(tmp_path / "decp.json", element, contract()), TODAY))
    assert found[0].refusal
    assert found[1].record


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2024-06-03", date(2024, 6, 3)),
        ("2003-11-24", date(2024, 5, 15)),  # before the contract: it could not be known then
        ("2999-01-01", date(2024, 5, 15)),
        ("nan", date(2024, 5, 15)),
    ],
)
def test_an_award_is_known_from_its_publication_never_before_it_was_notified(
    published: str, expected: date, tmp_path: Path
) -> None:
    assert one(tmp_path, datePublicationDonnees=published).published_on == expected


@pytest.mark.parametrize(
    ("amount", "kept", "codes"),
    [
        (1e17, 1e17, ["montant"]),
        ("120 000,5", 120000.5, []),
        (0, None, []),
        (-3, None, ["montant"]),
        ("NC", None, []),
        (True, None, []),
        (10**40, 1e40, ["montant"]),
    ],
)
def test_amounts_that_cannot_be_are_kept_and_said(
    amount: Any, kept: float | None, codes: list[str], tmp_path: Path
) -> None:
    (found,) = read(write_json(tmp_path / "decp.json", contract(montant=amount)), TODAY)
    assert found.record
    assert found.record.lots[0].amount_eur == kept
    assert [warned.code for warned in found.warnings] == codes


def test_numbers_that_copies_write_otherwise_are_one_contract(tmp_path: Path) -> None:
    keys = {one(tmp_path, id=number).source_key for number in ("2024-M.1", "2024 M 1", "2024_M_1")}
    assert len(keys) == 1


def test_a_lot_numbered_in_the_object_keeps_its_number(tmp_path: Path) -> None:
    notice = one(tmp_path, objet="Entretien de la voirie. Lot n° 3 : tonte des pelouses")
    assert notice.lots[0].number == notice.awards[0].lot_number == "3"


def test_without_an_object_the_cpv_says_what_it_is(tmp_path: Path) -> None:
    assert one(tmp_path, objet="").title == "Services de nettoyage de bâtiments (objet non publié)"


def test_a_new_field_is_said_once(tmp_path: Path) -> None:
    path = write_json(tmp_path / "decp.json", contract(1, nouveau=1), contract(2, nouveau=1))
    found = list(read(path, TODAY))
    assert [[w.code for w in one_.warnings] for one_ in found] == [["colonne_nouvelle"], []]


@pytest.mark.parametrize(
    "slip",
    [
        (b'"montant": 120000.5', b'"montant": NaN'),
        (b'"montant": 120000.5', b'"montant": -Infinity'),
        (b"locaux de", b"locaux\x01\n de"),
        (b"locaux de", b"locaux \xe9 de"),
        (b"locaux de", rb"locaux \udfff de"),
        (b"locaux de", rb"locaux \ud83d de"),
        (b'"montant": 120000.5', b'"montant": ' + b"9" * 400),
    ],
)
def test_a_slip_that_json_forbids_does_not_end_the_file(
    slip: tuple[bytes, bytes], tmp_path: Path
) -> None:
    path = write_json(tmp_path / "decp.json", *(contract(n) for n in range(200)))
    data = path.read_bytes()
    path.write_bytes(data.replace(*slip, 1))
    assert len(records(path)) == 200


@pytest.mark.parametrize(
    ("written", "read_as", "odd"),
    [
        (rb"\ud83d\ude00", "\U0001f600", rb"\ud83d"),
        (rb"\ud83d", "\ufffd", rb"\ud83d"),
        (rb"\uDE00", "\ufffd", rb"\uDE00"),
        (b"ICI", "ICI", b"NaN"),
    ],
)
@pytest.mark.parametrize("after", range(14))
def test_what_is_cut_between_two_blocks_is_mended_all_the_same(
    after: int, written: bytes, read_as: str, odd: bytes, tmp_path: Path
) -> None:
    path = write_json(tmp_path / "decp.json", contract(objet="ICI", montant=0))
    data = path.read_bytes().replace(b'"montant": 0', b'"montant": NaN')
    data = data.replace(b"ICI", b"(" + written + b")")
    path.write_bytes(b"{" + b"x" * 200_000)
    with open_blocks(path) as blocks:
        first = len(blocks.read())
    # A long word before: the first block ends `after` bytes after what is odd begins.
    long = b"x" * (first - after - data.index(odd) - 9)
    path.write_bytes(b'{"x": "' + long + b'", ' + data[1:])
    assert path.read_bytes().index(odd) == first - after
    assert [notice.title for notice in records(path)] == [f"({read_as})"]


def test_another_json_is_refused_with_the_lists_that_were_awaited(tmp_path: Path) -> None:
    with pytest.raises(
        UnreadableFile, match=r"« marches\.marche », « marches\.contrat-concession »"
    ):
        list(read(_as_text(tmp_path / "decp.json", {"results": [contract()]}), TODAY))


def test_a_cut_file_gives_what_precedes(tmp_path: Path) -> None:
    path = write_json(tmp_path / "decp.json", *(contract(n) for n in range(300)))
    path.write_bytes(path.read_bytes()[:-1_000])
    found: list[Row[NoticeRecord]] = []
    with pytest.raises(UnreadableFile, match="tronqué"):
        found.extend(read(path, TODAY))
    assert len(found) > 200


ENTITIES = b'<!DOCTYPE m [<!ENTITY a "%s"><!ENTITY b %s>]>'
HOSTILE_XML = {
    "file": ENTITIES % (b"", b'SYSTEM "file:///etc/hostname"') + b"<marches><marche>&b;",
    "laughs": ENTITIES % (b"a" * 99, b'"&a;&a;&a;&a;"') + b"<marches><marche><id>&b;",
    "other root": b"<listes><marche><id>1</id></marche></listes>",
    "broken": b"<marches><marche><id>1</marche></marches>",
    "deep": b"<marches><marche>" + b"<a>" * 500 + b"</a>" * 500 + b"</marche></marches>",
}


@pytest.mark.parametrize("name", HOSTILE_XML)
def test_hostile_xml_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / "decp.xml"
    path.write_bytes(b'<?xml version="1.0"?>' + HOSTILE_XML[name])
    with pytest.raises(UnreadableFile):
        list(read(path, TODAY))


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


def test_generated_contracts_are_read_without_a_remark(tmp_path: Path) -> None:
    path = tmp_path / "decp.json"
    count = generate(path, 1_500_000, seed=1)
    found = list(read(path, TODAY))
    assert len(found) == count > 1_000
    assert [one_ for one_ in found if one_.refusal or one_.warnings] == []
    assert len({one_.record.source_key for one_ in found if one_.record}) == count


@pytest.mark.parametrize(
    ("name", "count", "social"),
    [
        ("marches_2022.json", 3, ["Clause sociale", "Critère social"]),
        ("marches_2019.json", 2, []),
        ("marches.xml", 2, ["Clause sociale", "Critère social"]),
        ("decp.csv", 2, ["Clause sociale", "Critère social"]),
    ],
)
def test_each_form_is_read_without_a_remark(name: str, count: int, social: list[str]) -> None:
    found = list(read(FIXTURES / name, TODAY))
    assert [one_ for one_ in found if one_.refusal or one_.warnings] == []
    notices = {one_.record.source_key: one_.record for one_ in found if one_.record}
    assert len(notices) == len(found) == count
    first, second = notices[f"{BUYER}2024M1"], notices[f"{BUYER}2024M2"]
    assert [c.value for c in first.codes if c.field == "considerationsSociales"] == social
    assert second.nature == "modification"
    assert second.changes[0].amount_eur == second.lots[0].amount_eur == 131000


def test_the_published_examples_are_read(shared_data: Path) -> None:
    folder = shared_data / "contracts" / "decp"
    names = (
        "decp_test_2019.json",
        "decp_test_2022.json",
        "exemple_Marche.xml",
        "exemple_marches_concessions.json",
        "exemple_marches_avec_modifications.json",
    )
    assert [len(records(folder / name)) for name in names] == [2, 5, 2, 4, 2]
    found = list(read(folder / "decp_2024H2_travaux_cpv4521.csv.gz", TODAY))
    assert [one_.refusal.field for one_ in found if one_.refusal] == ["acheteur.id"]
    notices = [one_.record for one_ in found if one_.record]
    assert len(notices) == len({notice.source_key for notice in notices}) == 3_634


def check(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "decp"
        path.write_bytes(data)
        try:
            found = list(read(path, TODAY))
        except UnreadableFile:
            return
    for one_ in found:
        assert one_.record is None or one_.refusal is None
        if notice := one_.record:
            assert notice.title
            assert notice.buyer.siret
            assert len(notice.lots) == 1
            assert date(2000, 1, 1) <= notice.published_on <= TODAY
            assert {award.lot_number for award in notice.awards} <= {notice.lots[0].number}


STARTS = [b"", b'{"marches": {"marche": [', b'{"marches": [', b"[", b"<marches><marche>",
          b"PAR1", b"id,acheteur_id,dateNotification\n", b"\x1f\x8b", b"PK\x03\x04"]  # fmt: skip


@given(st.sampled_from(STARTS), st.binary(max_size=300))
def test_any_bytes(start: bytes, data: bytes) -> None:
    check(start + data)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "titulaire", "modification", "typeIdentifiant", "code", "typeCode", "nom",
             "montant", "considerationSociale", "dateNotificationModification"]
        ),
        inner,
        max_size=3,
    ),
    max_leaves=8,
)  # fmt: skip


@given(st.sampled_from([*contract(), "autoriteConcedante", "concessionnaires"]), ANY)
def test_any_value_of_any_field(name: str, value: Any) -> None:
    lists = {
        "marche": [contract(1) | {name: value}],
        "contrat-concession": [concession() | {name: value}],
    }
    check(json.dumps({"marches": lists}).encode())


@given(st.sampled_from(sorted(row())), st.text(max_size=40))
def test_any_cell(name: str, value: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "decp.csv"
        try:
            write_table(path, row(1) | {name: value}, row(2))
        except UnicodeEncodeError:
            return
        check(path.read_bytes())


@given(
    st.sampled_from(sorted(contract())),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=40),
)
def test_any_text_of_the_xml(name: str, value: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check(write_xml(Path(folder) / "decp.xml", contract() | {name: value}).read_bytes())
