"""The texts of cases.toml, read as a lawyer would."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from annuaire.clauses.detect import detect
from annuaire.clauses.findings import SOCIAL_TYPES, PlainText, all_lots, total_hours

CASES = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:60] for case in CASES])
def test_text_gives_the_clauses_that_a_careful_reader_finds(case: dict[str, Any]) -> None:
    findings = detect([PlainText(case["field"], case["text"])])
    assert sorted({f.type for f in findings if f.type in SOCIAL_TYPES}) == case["types"]
    assert total_hours(findings) == case.get("hours")
    assert list(all_lots(findings)) == case.get("lots", [])
    assert all(case["text"][f.start : f.end] == f.evidence for f in findings)
