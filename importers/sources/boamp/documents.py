"""JSON in the forms that exports take: a record a line, pages of results, a list of any length."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from annuaire.contracts.records import NoticeRecord
from importers.files.blocks import beginning
from importers.files.json_items import iter_items
from importers.files.lines import Line, iter_lines
from importers.rows import InvalidRow, Row, UnreadableFile
from importers.sources.boamp import api
from importers.sources.boamp.former_api import transform_former

MAX_RECORD = 16_000_000  # bytes of one line: a notice, or a page of at most 100
_TOO_DEEP_OR_BROKEN = (orjson.JSONDecodeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that holds no record, and why."""

    code: str
    message: str


def read_records(path: Path) -> Iterator[Row[NoticeRecord]]:
    """The notices of API records, streamed. Raises UnreadableFile when the file breaks."""
    told: set[str] = set()
    for number, item in _items(path):
        warnings = api.new_fields(item, told)
        try:
            if isinstance(item, Bad):
                raise InvalidRow("", item.code, item.message)
            if not isinstance(item, dict):
                raise InvalidRow("", "json", "Un avis doit être un objet JSON.")
            record = (
                transform_former(item, warnings)
                if "gestion" in item and "donnee" in item
                else api.transform(item, warnings)
            )
        except InvalidRow as refusal:
            yield Row(number, warnings=tuple(warnings), refusal=refusal)
        else:
            yield Row(number, record, tuple(warnings))


def _items(path: Path) -> Iterator[tuple[int, Any]]:
    """(line, value) of each record, or of each line that holds none."""
    if beginning(path).startswith(b"["):  # on one line, it may be longer than any line
        yield from iter_items(path)
        return
    lines = (line for line in iter_lines(path, MAX_RECORD) if line.data.strip())
    first = next(lines, None)
    if first is None:
        raise UnreadableFile(f"{path.name} : le fichier est vide.")
    value = _loads(first)
    if isinstance(value, Bad) and _opens_document(first):
        lines.close()
        yield from iter_items(path)
        return
    yield from _records(first.number, value)
    for line in lines:
        yield from _records(line.number, _loads(line))


def _opens_document(line: Line) -> bool:
    """Whether a first line only begins a document laid out over several."""
    text = line.data.strip()
    return not line.skipped and (text == b"{" or not text.endswith((b"}", b"]")))


def _loads(line: Line) -> Any:
    if line.skipped:
        return Bad("trop_long", f"L'avis dépasse {MAX_RECORD // 10**6} Mo, il est refusé.")
    try:
        return orjson.loads(line.data)
    except _TOO_DEEP_OR_BROKEN:
        return Bad("json", "La ligne n'est pas du JSON correct ; téléchargez le fichier à nouveau.")


def _records(number: int, value: Any) -> Iterator[tuple[int, Any]]:
    """The records in a value: a page's `results`, a list's items, or the value itself."""
    if isinstance(value, dict) and isinstance(value.get("results"), list):
        value = value["results"]
    for item in value if isinstance(value, list) else [value]:
        yield number, item
