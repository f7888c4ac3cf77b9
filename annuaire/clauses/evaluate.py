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
from annuaire.clauses.lot_numbers import clean_number, sort_key
from annuaire.errors import InvalidInputError

EXACT = ("hours", "lots", "percent", "weight")
_SHOWN = 160  # characters of a text beside an error

# Keys of a record → our name for that kind of text. Of a labelled one nothing else is ever read;
# labels of a record with a `texte` describe that text alone, else those of its title and lot title.
TEXTS = (
    ("description", "description"),
    ("texte", "execution"),
    ("text", "execution"),
    ("execution", "execution"),
    ("criteres", "criteria"),
    ("criteria", "criteria"),
)
TITLES = (
    ("objet", "title"),
    ("title", "title"),
    ("titre", "title"),
    ("lot", "lot_title"),
    ("lot_title", "lot_title"),
)


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
    """The texts of a labelled record, and only them: its texts, or else its titles. A key `field`
    says where its one text stands."""
    texts = _there(record, TEXTS) or _there(record, TITLES)
    own = record.get("field")
    if isinstance(own, str) and own and len(texts) == 1:
        return [PlainText(own, texts[0].text)]
    return texts


def _there(record: dict[str, Any], keys: tuple[tuple[str, str], ...]) -> list[PlainText]:
    return [
        PlainText(name, record[key])
        for key, name in keys
        if isinstance(record.get(key), str) and record[key].strip()
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
    """Precision, recall and F1 of the clauses found against those labelled. The figures named
    `…_exact` are shares of the records that state hours, lots, a share of the work (`percent`) or
    the weight of a criterion; None when there are none. A key that a record lacks is not
    counted for it; without `social`, its types tell it."""
    social, environment = _Counts(), _Counts()
    types = {kind: _Counts() for kind in SOCIAL_TYPES}
    exact: dict[str, list[bool]] = {key: [] for key in EXACT}
    errors, missing, n = [], 0, 0
    for number, record in enumerate(records, 1):
        n += 1
        texts = inputs(record)
        findings = detect(texts)
        missing += _evidence_missing(texts, findings)
        found, expected = _summary(findings), _expected(record)
        if "social" in expected:
            social.add(expected["social"], found["social"])
        if "environment" in expected:
            environment.add(expected["environment"], found["environment"])
        if "types" in expected:
            for kind, counts in types.items():
                counts.add(kind in expected["types"], kind in found["types"])
        for key, results in exact.items():
            if expected.get(key):
                results.append(expected[key] == found[key])
        if any(found[key] != value for key, value in expected.items()):
            errors.append(_error(record, number, texts, expected, found))
    return {
        "n": n,
        "social": social.figures(),
        "environment": environment.figures(),
        "types": _type_figures(types),
        **{f"{key}_exact": _ratio(sum(got), len(got)) for key, got in exact.items()},
        "evidence_missing": missing,
        "errors": errors,
    }


def _error(
    record: dict[str, Any],
    number: int,
    texts: list[PlainText],
    expected: dict[str, Any],
    found: dict[str, Any],
) -> dict[str, Any]:
    """One record read otherwise than it is labelled, with the beginning of its text."""
    told = " | ".join(" ".join(text.text.split()) for text in texts)
    return {
        "idweb": record.get("idweb", record.get("id", number)),
        "text": told[:_SHOWN],
        "expected": expected,
        "found": {key: found[key] for key in expected},
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
    told = {f.share for f in findings if f.share is not None}
    share = told.pop() if len(told) == 1 else None  # several: none is that of the whole
    return {
        "social": is_social(findings),
        "types": sorted({f.type for f in findings if f.type in SOCIAL_TYPES}),
        "environment": is_environmental(findings),
        "hours": total_hours(findings),
        "lots": list(all_lots(findings)),
        "percent": None if share is None else round(share * 100, 4),
        "weight": next((f.weight for f in findings if f.weight is not None), None),
    }


def _expected(record: dict[str, Any]) -> dict[str, Any]:
    """What a record's labels say, whatever keys it has."""
    expected: dict[str, Any] = {}
    if "types" in record:
        expected["types"] = sorted(set(_listed(record["types"])) & set(SOCIAL_TYPES))
    if "social" in record or "types" in record:
        expected["social"] = bool(record.get("social", expected.get("types")))
    if "environment" in record:
        expected["environment"] = bool(record["environment"])
    if "lots" in record:
        numbers = (clean_number(lot.lower()) or lot for lot in _listed(record["lots"]))
        expected["lots"] = sorted(dict.fromkeys(numbers), key=sort_key)
    for key in ("hours", "percent", "weight"):
        if key in record:
            expected[key] = _number(record[key])
    return expected


def _listed(value: Any) -> list[str]:
    """A list of labels, or labels parted by commas."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        return []
    return [str(part).strip() for part in parts if str(part).strip()]


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _evidence_missing(texts: list[PlainText], findings: list[Finding]) -> int:
    by_field = {text.field: text.text for text in texts}
    return sum(
        not f.evidence or by_field.get(f.field, "")[f.start : f.end] != f.evidence for f in findings
    )
