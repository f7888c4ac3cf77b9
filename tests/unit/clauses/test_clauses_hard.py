"""The texts of `hard/`, by family, as a careful reader labels them.

A case with a `gap` is one that the rules still read otherwise, and why: it must go on failing,
so that the day a rule mends it the gap is taken away. `unsure` marks a label on which another
careful reader could differ.
"""

import html
import textwrap
import tomllib
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annuaire.clauses.detect import detect
from annuaire.clauses.findings import (
    SOCIAL_TYPES,
    Finding,
    PlainText,
    all_lots,
    is_environmental,
    total_hours,
)

FILES = sorted((Path(__file__).parent / "hard").glob("*.toml"))
CASES = [
    {"family": path.stem, "field": "title" if path.stem == "titles" else "execution", **case}
    for path in FILES
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]
VALUES = {"weight": "weight", "share": "share", "article": "article", "cited": "article_cited"}
KNOWN = {
    *(
        "family",
        "field",
        "title",
        "text",
        "types",
        "why",
        "gap",
        "unsure",
        "environment",
        "hours",
        "lots",
    ),
    *("optional", *VALUES),
}


def read(case: dict[str, Any], text: str | None = None) -> list[Finding]:
    above = [PlainText("title", case["title"])] if "title" in case else []
    own = PlainText(case["field"], case["text"] if text is None else text)
    return detect([*above, own])


def as_param(case: dict[str, Any]) -> Any:
    # A gap is another reading: a text that breaks the reader fails, gap or not.
    gap = pytest.mark.xfail(strict=True, raises=AssertionError, reason=case.get("gap"))
    marks = [gap] if "gap" in case else []
    return pytest.param(case, id=f"{case['family']}: {case['text'][:60]}", marks=marks)


def summary(findings: list[Finding]) -> tuple[list[str], float | None, list[str]]:
    kinds = sorted({f.type for f in findings if f.type in SOCIAL_TYPES})
    return kinds, total_hours(findings), list(all_lots(findings))


@pytest.mark.parametrize("case", [as_param(case) for case in CASES])
def test_hard_text_gives_the_clauses_that_a_careful_reader_finds(case: dict[str, Any]) -> None:
    findings = read(case)
    assert summary(findings) == (sorted(case["types"]), case.get("hours"), case.get("lots", []))
    if "environment" in case:
        assert is_environmental(findings) is case["environment"]
    if "optional" in case:
        assert any(finding.optional for finding in findings) is case["optional"]
    for key, attribute in VALUES.items():
        if key in case:
            assert case[key] in {getattr(finding, attribute) for finding in findings}
    texts = {"title": case.get("title", case["text"]), case["field"]: case["text"]}
    assert all(texts[f.field][f.start : f.end] == f.evidence for f in findings)


def test_cases_use_only_known_keys() -> None:
    assert {key for case in CASES for key in case} <= KNOWN


def test_corpus_is_large_and_its_gaps_few() -> None:
    texts = [case["text"] for case in CASES]
    assert len(texts) == len(set(texts))
    assert len(texts) >= 800
    assert sum("gap" in case for case in CASES) / len(texts) <= 0.03


def without_accents(text: str) -> str:
    kept = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return "".join(kept)


def as_entities(text: str) -> str:
    named = html.entities.codepoint2name
    return "".join(f"&{named[ord(c)]};" if ord(c) in named and ord(c) > 127 else c for c in text)


def typeset(text: str) -> str:
    return text.replace("'", "\u2019").replace(" ", "\xa0")


def in_a_long_text(text: str) -> str:
    before = (
        "Les prestations sont réglées par des prix unitaires révisables. Le groupement conjoint "
        "avec mandataire solidaire est admis. Le candidat produit ses attestations fiscales et "
        "sociales. "
    )
    after = (
        " Le titulaire remet ses factures par voie dématérialisée. Le pouvoir adjudicateur se "
        "réserve le droit de négocier. Une retenue de garantie de 5 % est appliquée. "
    )
    return before * 2 + text.rstrip(".") + "." + after * 2


def folded_into_lines(text: str) -> str:
    return "\n".join(textwrap.wrap(text, 60, break_on_hyphens=False))


DAMAGES: dict[str, Callable[[str], str]] = {
    "capitals without accents": lambda text: without_accents(text).upper(),
    "HTML entities": as_entities,
    "typographic apostrophes and no-break spaces": typeset,
    "one sentence of a long text": in_a_long_text,
    "lines of 60 characters": folded_into_lines,
}
CLEAN = [c for c in CASES if c["family"] != "scanning" and "gap" not in c and "\n" not in c["text"]]


@pytest.mark.parametrize("name", DAMAGES)
def test_dress_of_a_text_changes_nothing_to_what_is_read(name: str) -> None:
    """In 99 % of the texts at least; a title is neither folded nor part of a long text."""
    prose_only = name.startswith(("one sentence", "lines"))
    read_so = [c for c in CLEAN if not prose_only or (c["field"] == "execution")]
    changed = [
        case["text"]
        for case in read_so
        if summary(read(case, DAMAGES[name](case["text"])))
        != (sorted(case["types"]), case.get("hours"), case.get("lots", []))
    ]
    assert len(changed) / len(read_so) <= 0.01, changed
