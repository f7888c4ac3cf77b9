"""Whatever the text, the proof is in it and nothing breaks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annuaire.clauses import lot_numbers
from annuaire.clauses.codes import all_code_rules
from annuaire.clauses.detect import detect, read
from annuaire.clauses.findings import PlainCode, PlainText, total_hours
from annuaire.clauses.fold import plain

PIECES = st.sampled_from(
    [
        "clause", " d'insertion", "sociale ", "marché réservé ", "aux ESAT", " SIAE ", "lot ",
        "lots 1 à 4", " n° 02", "120 heures", "1 500 h", "cent quarante heures ", " 5 %", "ne ",
        " pas ", "aucune ", ".", ";", "\n", "<br/>", "&#039;", "Ã©", "\ufffd", "L. 2113-12", "?",
        "critère ", "10 points", "environnementale ", "réserver ", "mais ", "c l a u s e ",
        "inser-\ntion", "article 15 du CMP", "respectivement 10, 20 et 30 heures", "İ", "ß",
        "_" * 40, "- " * 30, "lot Heures\n", "1.a\n", "2 | b | 35\n", "lots : ", "0, 0", "chacun ",
        "le 0 (a)", "sauf le 3 ", "soit ", "autant ", "heures : ", "; 4 - VRD ", "(",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join)
FIELDS = st.sampled_from(["title", "lot_title", "description", "execution", "criteria"])


@settings(deadline=None, max_examples=300)
@given(FIELDS, TEXTS)
def test_any_text_gives_findings_whose_evidence_is_in_it(field: str, text: str) -> None:
    findings, negated = read([PlainText(field, text)])
    assert findings == detect([PlainText(field, text)])
    for finding in findings:
        assert finding.evidence
        assert text[finding.start : finding.end] == finding.evidence
        assert finding.start <= finding.mark_start < finding.mark_end <= finding.end
        assert 0 < finding.confidence <= 1
        assert finding.hours is None or 1 <= finding.hours <= 800_000_000
        assert finding.share is None or 0 < finding.share <= 1
        assert all(lot == lot_numbers.clean_number(lot.lower()) for lot in finding.lots)
    total = total_hours(findings)
    assert total is None or total >= 1
    for denied in negated:
        assert text[denied.start : denied.end] == denied.evidence


@pytest.mark.parametrize(
    "rest",
    [
        "lot Heures\n1.a\n2.b",
        "lot/heures titre x\n1 a\n2 b",
        "Les lots : clause d'insertion : 0, 0 et 0.",
        "Les lots sont concernés : le 0 (vitrerie) et le 00 (peinture).",
        "Les lots de vitrerie (0) et de peinture (00) sont concernés.",
    ],
)
def test_what_looks_like_a_table_or_a_list_of_lots_names_none(rest: str) -> None:
    findings = detect(
        [PlainText("execution", f"Le marché comporte une clause d'insertion.\n{rest}")]
    )
    assert findings
    assert not any(finding.lots or finding.hours for finding in findings)


@given(st.text())
def test_any_text_keeps_its_way_back_to_the_original(text: str) -> None:
    prepared = plain(text)
    assert len(prepared.clean) == len(prepared.folded)
    places = [prepared.original(i) for i in range(len(prepared.clean) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(text)


CODED = st.sampled_from(sorted({field for rule in all_code_rules() for field in rule.fields}))
VALUES = st.sampled_from(
    ["oui", "non", "none", "res-ws", "Clause sociale", "Pas de…", "env-imp", "other", ";", ", "]
)


@given(CODED | st.text(), st.lists(VALUES | st.text(max_size=4), max_size=4).map("".join))
def test_any_code_is_read_without_fail(field: str, value: str) -> None:
    findings = detect([], [PlainCode(field, value)])
    assert all((f.field, f.evidence, f.source) == (field, value, "code") for f in findings)
    assert len({f.type for f in findings}) == len(findings)


def test_endless_text_without_marks_is_read_in_pieces() -> None:
    text = "clause d'insertion " * 3000
    findings = detect([PlainText("execution", text)])
    assert findings
    assert all(len(finding.evidence) <= 2000 for finding in findings)


@pytest.mark.parametrize("sign", ["_", "* ", '" ', "- ", "° ", "' ", "\u2003", ", "])
def test_line_of_signs_however_long_hides_no_clause(sign: str) -> None:
    line = sign * 900  # a pattern that takes time by the cube of it would not end
    text = f"Lot {line} réservé aux ESAT.\n{line} Travaux : clause environnementale."
    findings = detect([PlainText("execution", text)])
    assert {finding.type for finding in findings} == {"reserved_handicap", "environment"}
    assert all(text[f.start : f.end] == f.evidence for f in findings)
