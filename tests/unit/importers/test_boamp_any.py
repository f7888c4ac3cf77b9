"""Whatever the BOAMP's API gives: broken, strange or hostile, it is told and the rest lands."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers.rows import UnreadableFile
from tests.factories.boamp import BUYER, FIXTURES, load, read_one, read_text


def test_an_unknown_or_broken_body_leaves_the_header_with_a_warning() -> None:
    for body in ("{", '{"AUTRE": {}}'):
        (row,) = read_text(json.dumps(load("mapa") | {"donnees": body}))
        assert row.record
        assert row.record.buyer.name == BUYER
        assert [w.field for w in row.warnings] == ["donnees"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"idweb": None, "id": None}, "idweb"),
        ({"idweb": "../../etc"}, "idweb"),
        ({"dateparution": "hier"}, "dateparution"),
        ({"objet": "", "donnees": None}, "objet"),
    ],
)
def test_a_record_without_number_date_or_title_is_refused(
    change: dict[str, Any], field: str
) -> None:
    text = "\n".join(json.dumps(r) for r in (load("mapa") | change, load("mapa")))
    bad, good = read_text(text)
    assert bad.refusal
    assert (bad.number, bad.refusal.field) == (1, field)
    assert (good.number, good.record is not None) == (2, True)


def test_a_broken_line_is_refused_and_the_next_one_lands() -> None:
    good = json.dumps(load("mapa"))
    rows = read_text(f"{good}\n{good[:200]}\n[]\n5\n{good}\n")
    assert [row.number for row in rows] == [1, 2, 4, 5]
    codes = [row.refusal.code if row.refusal else None for row in rows]
    assert codes == [None, "json", "json", None]


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-14:00"])
def test_a_deadline_outside_the_calendar_is_left_out(written: str) -> None:
    record = load("mapa") | {"datelimitereponse": written}
    record["donnees"] = ""
    assert read_one(record).deadline is None


@pytest.mark.parametrize("field", ["datelimitereponse", "datefindiffusion"])
def test_a_date_of_the_year_202_is_marked_with_its_row(field: str) -> None:
    (row,) = read_text(json.dumps(load("mapa") | {field: "0202-06-30T12:00:00+02:00"}))
    assert row.record
    assert [(row.number, w.field, w.code) for w in row.warnings] == [(1, field, "date")]


def test_a_title_of_ten_megabytes_is_cut_with_a_warning() -> None:
    record = load("mapa") | {"objet": "Entretien " * 1_000_000}
    (row,) = read_text(json.dumps(record))
    assert row.record
    assert len(row.record.title) <= 1000
    assert [(w.field, w.code) for w in row.warnings] == [("objet", "trop_long")]


def test_a_broken_document_is_refused_whole() -> None:
    with pytest.raises(UnreadableFile, match="JSON"):
        read_text('{\n "results": [\n')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
PATHS = ("eforms", "eforms_award", "fnsimple", "mapa", "v230")


def _replaced(node: Any, path: list[int], value: Any) -> Any:
    """The tree with one node, found by walking positions, replaced."""
    if not path or not isinstance(node, dict | list) or not node:
        return value
    if isinstance(node, list):
        place = path[0] % len(node)
        return [_replaced(n, path[1:], value) if i == place else n for i, n in enumerate(node)]
    key = sorted(node)[path[0] % len(node)]
    return {k: _replaced(n, path[1:], value) if k == key else n for k, n in node.items()}


@settings(max_examples=300)
@given(st.sampled_from(PATHS), st.lists(st.integers(0, 9), min_size=1, max_size=14), JSON)
def test_anything_anywhere_in_a_record_gives_a_notice_or_a_refusal(
    name: str, path: list[int], value: Any
) -> None:
    record = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    changed = _replaced(record, path, value)
    try:
        rows = read_text(json.dumps(changed))
    except UnreadableFile:
        return
    assert all((row.record is None) != (row.refusal is None) for row in rows)


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_an_unreadable_file(data: bytes) -> None:
    for start in (b"", b"{", b"\x1f\x8b", b"PK\x03\x04", b'{"idweb": "'):
        try:
            rows = read_text(start + data)
        except UnreadableFile:
            continue
        assert all(row.record or row.refusal for row in rows)


def test_an_unknown_field_of_the_dataset_is_told_once() -> None:
    record = load("mapa") | {"empreinte_carbone": "x"}
    first, second = read_text("\n".join(json.dumps(record | {"idweb": f"26-{n}"}) for n in (1, 2)))
    assert [(w.field, w.code) for w in first.warnings] == [
        ("empreinte_carbone", "colonne_nouvelle")
    ]
    assert second.warnings == ()
