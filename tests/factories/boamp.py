"""Records of the BOAMP's API, as the API gives them. Every one is fabricated."""

import json
import tempfile
from pathlib import Path
from typing import Any

from annuaire.contracts.records import NoticeRecord
from importers.rows import Row
from importers.sources.boamp import read

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "boamp"
BUYER = "Commune de Testville (fictive)"


def load(name: str) -> dict[str, Any]:
    """A fixture, with its body as the JSON text that the API gives."""
    record: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    return record | {"donnees": json.dumps(record["donnees"])}


def read_text(text: str | bytes) -> list[Row[NoticeRecord]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "avis.jsonl"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return list(read(path))


def read_one(record: dict[str, Any]) -> NoticeRecord:
    (row,) = read_text(json.dumps(record))
    assert row.record, row.refusal
    return row.record
