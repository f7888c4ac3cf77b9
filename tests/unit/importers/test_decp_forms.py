"""Essential data of public contracts: each form gives the same contract, a damaged one its rest."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annuaire.contracts.records import NoticeRecord
from importers.files.blocks import open_blocks
from importers.rows import Row, UnreadableFile
from importers.sources.decp import read
from tests.factories.decp import (
    BUYER,
    COMPANY,
    TODAY,
    change,
    contract,
    one,
    records,
    winner,
    write_json,
    write_value,
    write_xml,
)

FIXTURES = Path(__file__).parents[2] / "fixtures" / "decp"
FORMS: dict[str, Callable[[Path, dict[str, Any]], Path]] = {
    "2022": lambda p, c: write_json(p, c),
    "2019": lambda p, c: write_value(p, {"marches": [c]}),
    "bare": lambda p, c: write_value(p, [c]),
    "after other keys": lambda p, c: write_value(
        p, {"v": {"marche": [1]}, "marches": {"marche": [c]}}
    ),
    "xml": lambda p, c: write_xml(p, c),
    "gzip": lambda p, c: _gzipped(write_json(p, c)),
    "zip": lambda p, c: _zipped(write_json(p, c)),
}


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


@pytest.mark.parametrize("element", [1, "x", None, [], [[]], True])
def test_an_element_that_is_no_contract_costs_itself_alone(element: Any, tmp_path: Path) -> None:
    found = list(read(write_json(tmp_path / "decp.json", element, contract()), TODAY))
    assert found[0].refusal
    assert found[1].record


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
        list(read(write_value(tmp_path / "decp.json", {"results": [contract()]}), TODAY))


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
