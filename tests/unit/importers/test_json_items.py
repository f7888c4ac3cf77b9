"""JSON exports: the objects come out one at a time, however pages were saved."""

import gzip
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.files import json_items
from importers.files.json_items import iter_items
from importers.rows import UnreadableFile


def read(folder: Path, data: str | bytes) -> list[Any]:
    path = folder / "a.json"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return [value for _, value in iter_items(path)]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ('[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
        ('{"count": 2, "next": null, "results": [{"a": 1}]}', [{"a": 1}]),
        ('{"results": [{"a": 1}], "meta": {"b": [2]}, "page": 1}', [{"a": 1}]),
        ('{"items": [{"a": {"b": 1.5}}], "total": 6}', [{"a": {"b": 1.5}}]),
        ('[{"results": [{"a": 1}]}, {"results": []}]', [{"a": 1}]),
        ('{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        ('{"results": [{"a": 1}]}\n{"results": [{"a": 2}]}', [{"a": 1}, {"a": 2}]),
        ('[{"a": {"results": [1]}}]', [{"a": {"results": [1]}}]),
        ('[1, "x", {"a": 2}]', [1, "x", {"a": 2}]),
        ("[]", []),
        ("{}", [{}]),
    ],
)
def test_objects_are_found_in_every_form(tmp_path: Path, text: str, items: list[Any]) -> None:
    assert read(tmp_path, text) == items
    assert read(tmp_path, gzip.compress(text.encode())) == items


def test_what_came_before_a_cut_stands(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"results": [{"a": 1}, {"a": 2}, {"a"', encoding="utf-8")
    found = []
    with pytest.raises(UnreadableFile, match="tronqué"):
        found.extend(iter_items(tmp_path / "a.json"))
    assert [value for _, value in found] == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("text", ["[" * 5000, '{"a":' * 5000, '{"results": [' * 5000])
def test_deep_nesting_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFile, match="profond"):
        read(tmp_path, text)


def test_an_endless_object_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_items, "MAX_ITEM", 200_000)
    with pytest.raises(UnreadableFile, match="dépasse"):
        read(tmp_path, '[{"a": "' + "x" * 400_000 + '"}]')


@given(st.binary(max_size=200), st.sampled_from(["", "[", '{"results":[', '[{"a":1},']))
def test_any_bytes_give_values_or_an_unreadable_file(data: bytes, start: str) -> None:
    with tempfile.TemporaryDirectory() as folder, suppress(UnreadableFile):
        read(Path(folder), start.encode() + data)
