"""Notices of TED in UBL XML: by file, folder, zip; what is broken or hostile is refused alone."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.contracts.records import CodeField, NoticeRecord, TextField
from annuaire.contracts.withdrawals import removed_by
from importers.files import bundles
from importers.rows import InvalidRow, Row, SkipRow, UnreadableFile
from importers.sources.ted import read
from importers.sources.ted.notice import transform
from tests.factories.notices import damaged

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "ted"
CALL = (FIXTURES / "call.xml").read_text(encoding="utf-8")
AWARD = (FIXTURES / "award.xml").read_text(encoding="utf-8")
FOLDER = "5f3c1a2b-7d8e-4f90-a1b2-c3d4e5f60718"
CALL_ID = "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d"


def notice(text: str, name: str = "avis.xml") -> NoticeRecord:
    return transform(text.encode(), name, [])


def changed(text: str, reason: str) -> str:
    """The notice as a change notice of the call."""
    change = (
        f"<efac:Changes><efbc:ChangedNoticeIdentifier>{CALL_ID}-01</efbc:ChangedNoticeIdentifier>"
        f'<efac:ChangeReason><cbc:ReasonCode listName="change-corrig-justification">{reason}'
        "</cbc:ReasonCode></efac:ChangeReason></efac:Changes>"
    )
    named = text.replace(CALL_ID, "3c4d5e6f-7a8b-4c9d-8e1f-2a3b4c5d6e7f")
    return named.replace("<efext:EformsExtension>\n", f"<efext:EformsExtension>{change}", 1)


def test_a_call_gives_its_lots_with_all_their_facts() -> None:
    read_one = notice(CALL)
    assert (read_one.source_key, read_one.nature, read_one.published_on) == (
        "345678-2026", "call", date(2026, 7, 2),
    )  # fmt: skip
    assert read_one.url == "https://ted.europa.eu/fr/notice/-/detail/345678-2026"
    assert (read_one.buyer.siret, read_one.buyer.departement) == ("00009001900019", "69")
    assert (read_one.reference, read_one.folder) == ("2026S0042", FOLDER)
    assert read_one.own_keys == (f"eforms:{CALL_ID}-01",)
    assert (read_one.types, read_one.procedure) == (("services",), "Procédure ouverte")
    lot, other = read_one.lots
    assert (lot.number, lot.title, lot.cpv, lot.cpvs) == ("1", "Tonte", "77310000", ("77314000",))
    assert (lot.amount_eur, lot.amount_kind, lot.maximum_eur) == (45000, "estimated", 90000)
    assert (lot.nuts, lot.city, lot.place) == (
        "FRK26", "Villeurbanne", "Parc de la mairie et abords",
    )  # fmt: skip
    assert lot.deadline == datetime.fromisoformat("2026-09-15T12:00:00+02:00")
    assert lot.codes == (
        CodeField("BT-71", "res-ws", "1"),
        CodeField("BT-736", "yes", "1"),
        CodeField("BT-06", "soc-obj", "1"),
        CodeField("BT-775", "opp", "1"),
        CodeField("BT-774", "circ-econ", "1"),
    )
    assert (other.number, other.nuts, other.deadline) == ("2", "FRK26", None)


def test_an_award_gives_winners_with_amounts_and_lots_without_holder() -> None:
    read_one = notice(AWARD)
    assert read_one.nature == "award"
    assert [(a.winner, a.amount_eur, a.lot_number, a.awarded_on) for a in read_one.awards] == [
        ("ATELIER DU MODELE (fictif)", 41000, "1", date(2026, 10, 20))
    ]
    assert [lot.outcome for lot in read_one.lots] == [None, "unsuccessful"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (changed(CALL, "update-add"), "correction"),
        (changed(CALL, "cancel"), "cancellation"),
        (CALL.replace('listName="competition"', 'listName="planning"'), "planned"),
        (AWARD.replace('listName="result"', 'listName="cont-modif"'), "modification"),
        (AWARD.replace('listName="result"', 'listName="dir-awa-pre"'), "other"),
        (CALL.replace("cbc:NoticeTypeCode", "cbc:Autre"), "call"),
    ],
)
def test_the_nature_is_that_of_the_form_and_of_its_change(text: str, expected: str) -> None:
    assert notice(text).nature == expected


def test_a_change_notice_cites_the_notice_that_it_changes() -> None:
    assert notice(changed(CALL, "update-add")).linked_keys == (f"eforms:{CALL_ID}-01",)


def test_a_notice_without_number_takes_that_of_its_file_else_its_identifier() -> None:
    unnumbered = CALL.replace("00345678-2026", "")
    assert notice(unnumbered, "lot/00777_2026.xml").source_key == "777-2026"
    assert notice(unnumbered).source_key == f"{CALL_ID}-01"
    assert notice(unnumbered).url is None


def test_a_change_notice_says_which_lots_it_takes_away() -> None:
    change = (
        "<efac:Change><efbc:ChangeDescription>Ce lot est supprimé.</efbc:ChangeDescription>"
        "<efac:ChangedSection><efbc:ChangedSectionIdentifier>LOT-0002"
        "</efbc:ChangedSectionIdentifier></efac:ChangedSection></efac:Change><efac:ChangeReason>"
    )
    told = notice(changed(CALL, "update-add").replace("<efac:ChangeReason>", change))
    assert told.texts[-1] == TextField("correction", "Ce lot est supprimé.", "2")
    assert (told.complete, told.removed_lots, removed_by(told)) == (True, (), {"2": "removed"})
    coded = notice(changed(CALL, "cancel").replace("<efac:ChangeReason>", change))
    assert (coded.nature, coded.removed_lots) == ("cancellation", ("2",))
    whole = change.replace("LOT-0002", "PROCEDURE")
    ended = notice(changed(CALL, "cancel").replace("<efac:ChangeReason>", whole))
    assert ended.removed_lots == ()
    assert not notice(CALL).complete


def test_notices_of_other_countries_are_passed_over() -> None:
    with pytest.raises(SkipRow):
        notice(CALL.replace(">FRA</cbc:IdentificationCode>", ">BEL</cbc:IdentificationCode>"))


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
DTD = '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">'


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (CALL[:3000], "xml"),
        ("", "xml"),
        ("texte", "xml"),
        ("<html></html>", "xml"),
        ("<TED_EXPORT/>", "ancien_format"),
        (CALL.replace("?>", f"?>{BOMB}", 1).replace(">Tonte<", ">&b;<"), "doctype"),
        (CALL.replace("?>", f"?>{FILE}", 1).replace(">Tonte<", ">&a;<"), "doctype"),
        (CALL.replace("?>", f"?>{DTD}", 1), "doctype"),
        ("<ContractNotice>" + "<a>" * 200 + "</a>" * 200 + "</ContractNotice>", "xml"),
        (CALL.replace('encoding="UTF-8"', 'encoding="inconnu"'), "xml"),
        (CALL.replace("2026-06-30", "0202-06-30").replace("2026-07-02", "0202-07-02"), "date"),
        (CALL.replace(">Entretien d'espaces verts<", "><"), "vide"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_reason(broken: str, code: str) -> None:
    with pytest.raises(InvalidRow) as refused:
        notice(broken)
    assert refused.value.code == code


def test_a_title_may_hold_html_and_never_keeps_it() -> None:
    html = "&lt;p&gt;Tonte&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt; 5 ha"
    assert notice(CALL.replace(">Tonte<", f">{html}<")).lots[0].title == "Tonte < 5 ha"


def kinds(rows: list[Row[NoticeRecord]]) -> list[str]:
    return ["lu" if r.record else r.refusal.code if r.refusal else "ignoré" for r in rows]


FILES = {"a/1.xml": CALL, "b.xml": CALL[:999], "c.XML.txt": "?", "d.xml": AWARD}


def folder(where: Path) -> Path:
    for name, text in FILES.items():
        path = where / "avis" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return where / "avis"


def zipped(where: Path) -> Path:
    with zipfile.ZipFile(where / "avis.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
    return where / "avis.zip"


@pytest.mark.parametrize("make", [folder, zipped])
def test_a_folder_or_a_zip_is_read_whole_but_for_what_is_broken(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    assert kinds(list(read(make(tmp_path)))) == ["lu", "xml", "lu"]


def test_a_document_too_long_is_refused_alone_and_a_bomb_stops_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "MAX_DOCUMENT", 1_000_000)
    monkeypatch.setattr(bundles, "BOMB_BYTES", 3_000_000)
    path = tmp_path / "avis.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", "<a>" + " " * 1_000_000)
        archive.writestr("b.xml", CALL)
    assert kinds(list(read(path))) == ["document", "lu"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.writestr(f"{number}.xml", "<a>" + " " * 900_000)
    with pytest.raises(UnreadableFile, match="bien plus"):
        list(read(path))


def test_a_folder_without_xml_and_a_broken_zip_are_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="aucun fichier"):
        list(read(tmp_path))
    broken = tmp_path / "avis.zip"
    broken.write_bytes(zipped(tmp_path).read_bytes()[:400])
    with pytest.raises(UnreadableFile, match="abîmé"):
        list(read(broken))


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_notice_damaged_in_its_zip_is_refused_alone(tmp_path: Path, method: int) -> None:
    path = tmp_path / "avis.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.xml", CALL)
        archive.writestr("b.xml", CALL)
    data = bytearray(path.read_bytes())
    data[60:90] = b"\xff" * 30  # within the first notice
    path.write_bytes(data)
    assert kinds(list(read(path))) == ["document", "lu"]


def test_a_zip_with_a_name_that_is_no_utf8_is_said(tmp_path: Path) -> None:
    path = tmp_path / "avis.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("é.xml", CALL)
    path.write_bytes(path.read_bytes().replace("é.xml".encode(), b"\xff\xff.xml"))
    with pytest.raises(UnreadableFile):
        list(read(path))


@pytest.mark.parametrize(
    ("name", "nature", "lots"),
    [
        ("cn_24_FRA_comments", "call", 2),
        ("can_24_FRA_comments", "award", 2),
        ("INVALID_change-cn_24_FRA_comments", "correction", 2),
        ("cn_81_FRA", "call", 1),
    ],
)
def test_the_official_french_examples_are_read(
    shared_data: Path, name: str, nature: str, lots: int
) -> None:
    (row,) = read(shared_data / "contracts" / "eforms" / f"{name}.xml")
    assert row.record
    assert (row.record.nature, len(row.record.lots)) == (nature, lots)
    assert row.record.folder


@given(
    st.sampled_from([CALL, AWARD]),
    st.integers(0, 10_000),
    st.text(max_size=30),
    st.booleans(),
)
def test_anything_anywhere_in_a_notice_gives_a_notice_or_a_refusal(
    text: str, place: int, value: str, drop: bool
) -> None:
    _read(damaged(text, place, value, drop=drop))


@given(st.binary(max_size=200))
def test_any_bytes_give_a_notice_or_a_refusal(data: bytes) -> None:
    for start in (b"", b"<", b"<?xml version='1.0'?><ContractNotice>"):
        _read(start + data)


def _read(data: bytes) -> None:
    try:
        transform(data, "avis.xml", [])
    except (InvalidRow, SkipRow):
        return
