"""Essential data of public contracts: any content gives contracts or refusals, never a failure."""

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annuaire.bench.decp import write_decp as generate
from importers.rows import UnreadableFile
from importers.sources.decp import read
from tests.factories.decp import (
    TODAY,
    concession,
    contract,
    row,
    write_table,
    write_xml,
)


def test_generated_contracts_are_read_without_a_remark(tmp_path: Path) -> None:
    path = tmp_path / "decp.json"
    count = generate(path, 1_500_000, seed=1)
    found = list(read(path, TODAY))
    assert len(found) == count > 1_000
    assert [one_ for one_ in found if one_.refusal or one_.warnings] == []
    assert len({one_.record.source_key for one_ in found if one_.record}) == count


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
