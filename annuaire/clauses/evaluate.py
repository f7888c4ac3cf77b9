"""Measure the detection on a labelled file of JSON lines."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from annuaire.clauses.detect import detect
from annuaire.clauses.findings import (
    SOCIAL_TYPES,
    Finding,
    PlainText,
    all_lots,
    is_environmental,
    is_social,
    total_hours,
)
from annuaire.errors import InvalidInputError

# Field of the labelled file → our name for that kind of text. Nothing else is ever read.
INPUTS = (("objet", "title"), ("lot", "lot_title"), ("texte", "execution"))


class _Counts:
    """True and false positives, and misses."""

    def __init__(self) -> None:
        self.hit = self.extra = self.missed = 0

    def add(self, expected: bool, found: bool) -> None:
        self.hit += expected and found
        self.extra += found and not expected
        self.missed += expected and not found

    def figures(self) -> dict[str, float | None]:
        precision = _ratio(self.hit, self.hit + self.extra)
        recall = _ratio(self.hit, self.hit + self.missed)
        f1 = _ratio(2 * self.hit, 2 * self.hit + self.extra + self.missed)
        return {"precision": precision, "recall": recall, "f1": f1}


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def inputs(record: dict[str, Any]) -> list[PlainText]:
    """The texts of a labelled record, and only them."""
    return [
        PlainText(name, record[key])
        for key, name in INPUTS
        if isinstance(record.get(key), str) and record[key]
    ]


def evaluate(path: Path) -> dict[str, Any]:
    """`evaluate_records` on a file of JSON lines. Raises InvalidInputError when a line is no JSON
    object, or the file no text."""
    try:
        with path.open(encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines if line.strip()]
    except ValueError as error:
        raise InvalidInputError(f"{path.name} : ce n'est pas du JSON ligne à ligne.") from error
    if not all(isinstance(record, dict) for record in records):
        raise InvalidInputError(f"{path.name} : chaque ligne doit être un objet JSON.")
    return evaluate_records(records)


def evaluate_records(records: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Precision, recall and F1 of the clauses found against those labelled. `hours_exact` and
    `lots_exact` are shares of the records that state hours or lots; None when there are none."""
    social, environment = _Counts(), _Counts()
    types = {kind: _Counts() for kind in SOCIAL_TYPES}
    exact: dict[str, list[bool]] = {"hours": [], "lots": []}
    errors, missing, n = [], 0, 0
    for record in records:
        n += 1
        texts = inputs(record)
        findings = detect(texts)
        missing += _evidence_missing(texts, findings)
        found, expected = _summary(findings), _expected(record)
        social.add(expected["social"], found["social"])
        if "environment" in record:
            environment.add(expected["environment"], found["environment"])
        for kind, counts in types.items():
            counts.add(kind in expected["types"], kind in found["types"])
        for key, results in exact.items():
            if expected[key]:
                results.append(expected[key] == found[key])
        if _differs(record, expected, found):
            errors.append({"idweb": record.get("idweb"), "expected": expected, "found": found})
    return {
        "n": n,
        "social": social.figures(),
        "environment": environment.figures(),
        "types": _type_figures(types),
        "hours_exact": _ratio(sum(exact["hours"]), len(exact["hours"])),
        "lots_exact": _ratio(sum(exact["lots"]), len(exact["lots"])),
        "evidence_missing": missing,
        "errors": errors,
    }


def _type_figures(types: dict[str, _Counts]) -> dict[str, Any]:
    micro = _Counts()
    figures: dict[str, Any] = {"micro_f1": None}
    for kind, counts in types.items():
        micro.hit += counts.hit
        micro.extra += counts.extra
        micro.missed += counts.missed
        if counts.hit + counts.extra + counts.missed:
            figures[kind] = {"n": counts.hit + counts.missed, **counts.figures()}
    figures["micro_f1"] = micro.figures()["f1"]
    return figures


def _summary(findings: list[Finding]) -> dict[str, Any]:
    return {
        "social": is_social(findings),
        "types": sorted({f.type for f in findings if f.type in SOCIAL_TYPES}),
        "environment": is_environmental(findings),
        "hours": total_hours(findings),
        "lots": list(all_lots(findings)),
    }


def _expected(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "social": bool(record.get("social")),
        "types": sorted(record.get("types") or []),
        "environment": bool(record.get("environment")),
        "hours": record.get("hours"),
        "lots": sorted(map(str, record.get("lots") or []), key=_lot_order),
    }


def _lot_order(lot: str) -> tuple[int, str]:
    return (int("".join(filter(str.isdigit, lot)) or 0), lot)


def _differs(record: dict[str, Any], expected: dict[str, Any], found: dict[str, Any]) -> bool:
    keys = ["social", "types"] + [k for k in ("environment", "hours", "lots") if k in record]
    return any(expected[key] != found[key] for key in keys)


def _evidence_missing(texts: list[PlainText], findings: list[Finding]) -> int:
    by_field = {text.field: text.text for text in texts}
    return sum(
        not f.evidence or by_field.get(f.field, "")[f.start : f.end] != f.evidence for f in findings
    )
