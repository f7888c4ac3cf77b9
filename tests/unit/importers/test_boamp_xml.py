"""The old XML of the BOAMP (v230), end to end; every notice here is fabricated, but the shared."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.contracts.reading import read_notice
from annuaire.contracts.records import CodeField, NoticeRecord
from importers.rows import InvalidRow
from importers.sources.boamp import read
from importers.sources.boamp.old_xml import transform
from tests.factories.notices import damaged

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "boamp"
CALL = (FIXTURES / "v230_call.xml").read_text(encoding="utf-8")
AWARD = (FIXTURES / "v230_award.xml").read_text(encoding="utf-8")


def notice(text: str) -> NoticeRecord:
    return transform(text.encode(), "avis.xml", [])


def test_a_call_is_read_with_lots_reservation_criteria_and_conditions() -> None:
    found = notice(CALL)
    assert (found.source_key, found.nature, found.family) == ("16-990001", "call", "JOUE")
    assert (found.published_on, found.expires_on) == (date(2017, 1, 2), date(2017, 2, 10))
    assert found.deadline == datetime.fromisoformat("2017-02-10T15:00:00+01:00")
    assert (found.buyer.siret, found.buyer.departement) == ("00009001900019", "69")
    assert (found.reference, found.types, found.departements) == (
        "2017S0042", ("services",), ("69",),
    )  # fmt: skip
    assert [
        (lot.number, lot.title, lot.nuts, lot.amount_eur, lot.minimum_eur, lot.maximum_eur)
        for lot in found.lots
    ] == [
        ("1", "Tonte", "FRK26", None, 10_000, 1e15),
        ("2", "Élagage", "FRK26", 45_000, None, None),
    ]
    assert found.codes == (
        CodeField("MARCHE_RESERVE", "ateliers protégés"),
        CodeField("CRITERES_SOCIAUX_ENV", "sociaux"),
    )
    texts = {text.field: text.text for text in found.texts}
    assert texts["execution"] == "Clause d'insertion : 120 heures.\nDéchets triés."
    assert texts["criteria"] == "Prix : 60\nInsertion : 40"


def test_an_award_is_read_with_winners_links_and_what_found_no_holder() -> None:
    found = notice(AWARD)
    assert (found.nature, found.linked_keys) == ("award", ("16-990001",))
    assert [(a.winner, a.amount_eur, a.lot_number) for a in found.awards] == [
        ("ATELIER DU MODELE (fictif)", 41_000, "1")
    ]
    assert [(lot.number, lot.outcome) for lot in found.lots] == [("2", "unsuccessful")]
    assert [(lot.number, lot.title) for lot in read_notice(found).facts.lots] == [
        ("2", "Élagage"),
        ("1", "Tonte"),
    ]
    abandoned = notice(AWARD.replace("<DECISION>", "<SANS_SUITE/><DECISION>", 1))
    assert abandoned.outcome == "abandoned"


def test_a_bare_lot_gives_the_whole_its_place_and_amount() -> None:
    lots = CALL[CALL.index("<LOTS>") : CALL.index("</LOTS>")]
    bare = "<LOTS><LOT><CODE_NUTS>FRK26</CODE_NUTS><VALEUR DEVISE='EUR'>50000</VALEUR></LOT>"
    found = notice(CALL.replace(lots, bare))
    assert found.lots == ()
    assert found.whole
    assert (found.whole.nuts, found.whole.amount_eur) == ("FRK26", 50_000)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (CALL[:900], "xml"),
        (CALL.replace("ANNONCE>", "AUTRE>"), "xml"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]>" + CALL.split("?>", 1)[1], "doctype"),
        (CALL.replace("16-990001", "seize"), "idweb"),
        (CALL.replace("2017-01-02", "0202-01-02"), "date"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(broken: str, code: str) -> None:
    with pytest.raises(InvalidRow) as refused:
        notice(broken)
    assert refused.value.code == code


def test_a_file_is_read_by_the_same_door_as_the_others(tmp_path: Path) -> None:
    path = tmp_path / "16-990001.xml"
    path.write_text(CALL, encoding="utf-8")
    (row,) = read(path)
    assert row.record
    (tmp_path / "b.xml").write_text(CALL[:900], encoding="utf-8")
    assert [row.record is not None for row in read(tmp_path)] == [True, False]


def test_the_shared_notices_are_read(shared_data: Path) -> None:
    rows = list(read(shared_data / "contracts" / "boamp" / "xml2017"))
    assert len(rows) == 19
    found = {row.record.source_key: row.record for row in rows if row.record}
    assert len(found) == 19
    award = found["17-2599"]
    assert len(award.lots) == 21
    assert sum(lot.outcome == "unsuccessful" for lot in award.lots) == 3
    assert found["16-183123"].outcome == "abandoned"
    assert found["17-4742"].linked_keys == ("16-652",)


@given(st.sampled_from([CALL, AWARD]), st.integers(0, 10_000), st.text(max_size=30), st.booleans())
def test_anything_anywhere_in_a_notice_gives_a_notice_or_a_refusal(
    text: str, place: int, value: str, drop: bool
) -> None:
    try:
        transform(damaged(text, place, value, drop=drop), "avis.xml", [])
    except InvalidRow:
        return
