"""Each rule of the data files keeps the promises written beside it."""

import pytest

from annuaire.clauses import negation
from annuaire.clauses.citations import SUITING
from annuaire.clauses.detect import detect, read
from annuaire.clauses.findings import SOCIAL_TYPES, PlainText, all_lots, total_hours
from annuaire.clauses.fold import fold
from annuaire.clauses.rules import RULE_FILES, Rule, all_rules, raw, spoken, traps

EXAMPLES = [(rule, text) for rule in all_rules() for text in rule.examples]
COUNTEREXAMPLES = [(rule, text) for rule in all_rules() for text in rule.counterexamples]
HOURS = [(m["name"], *case) for m in raw("hours")["mark"] for case in m["examples"]]
LOTS = [(m["name"], *case) for m in raw("lots")["mark"] for case in m["examples"]]
NEGATION = raw("denials")["negation"]
OPTIONAL = raw("denials")["optional"]


def found_types(rule: Rule, text: str) -> set[str]:
    field = min(rule.fields, default="execution")
    return {finding.type for finding in detect([PlainText(field, text)])}


def is_of(rule: Rule, kind: str) -> bool:
    return kind.startswith(rule.type)  # "reserved" stands for the reserved types


@pytest.mark.parametrize(("rule", "text"), EXAMPLES, ids=[f"{r.id}: {t}" for r, t in EXAMPLES])
def test_example_is_found(rule: Rule, text: str) -> None:
    assert any(is_of(rule, kind) for kind in found_types(rule, text))


@pytest.mark.parametrize("rule", [r for r in all_rules() if r.examples], ids=lambda r: r.id)
def test_rule_finds_itself_an_example_that_no_other_took(rule: Rule) -> None:
    field = min(rule.fields, default="execution")
    texts = ([PlainText(field, text)] for text in rule.examples)
    assert any(finding.rule == rule.id for each in texts for finding in detect(each))


@pytest.mark.parametrize(
    ("rule", "text"), COUNTEREXAMPLES, ids=[f"{r.id}: {t}" for r, t in COUNTEREXAMPLES]
)
def test_counterexample_is_left_alone(rule: Rule, text: str) -> None:
    assert not any(is_of(rule, kind) for kind in found_types(rule, text))


def test_every_rule_has_examples_a_description_and_a_known_type() -> None:
    for rule in all_rules():
        assert rule.description
        assert rule.examples or rule.companion
        assert rule.counterexamples
        assert rule.type in {*SOCIAL_TYPES, "environment", "reserved"}
        assert 0 < rule.confidence <= 1


def test_article_written_beside_a_rule_is_one_of_its_type() -> None:
    for row in (row for name in RULE_FILES for row in raw(name)["rule"]):
        if row["type"] == "reserved":  # to whom, and so the article, is told by the words around
            assert not row.get("article"), row["id"]
        else:
            assert row["article"] in SUITING[row["type"]], row["id"]


def test_no_rule_matches_what_the_cheap_tests_pass_over() -> None:
    texts = [fold(text) for _, text in EXAMPLES + COUNTEREXAMPLES]
    passed_over = [
        (rule.id, text)
        for rule in all_rules()
        for text in texts
        if not (rule.may_match(text) and spoken(text, min(rule.fields, default="execution")))
        and rule.pattern.search(text)
    ]
    assert passed_over == []


def test_rule_identifiers_are_unique() -> None:
    identifiers = [rule.id for rule in all_rules()] + [trap.id for trap in traps()]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("text", NEGATION["examples"])
def test_denied_clause_gives_no_finding_and_is_reported(text: str) -> None:
    texts = [PlainText("execution", text)]
    found, denied = read(texts)
    assert found == []
    assert denied
    assert all(text[n.start : n.end] == n.evidence for n in denied)


@pytest.mark.parametrize("text", NEGATION["counterexamples"])
def test_words_of_denial_elsewhere_leave_the_clause(text: str) -> None:
    assert detect([PlainText("execution", text)])


@pytest.mark.parametrize(
    ("text", "optional"),
    [(text, True) for text in OPTIONAL["examples"]]
    + [(text, False) for text in OPTIONAL["counterexamples"]],
)
def test_inviting_clause_is_told_from_a_binding_one(text: str, optional: bool) -> None:
    assert negation.is_optional(fold(text), (0, len(text))) is optional


@pytest.mark.parametrize(
    ("identifier", "text", "caught"),
    [(t.id, text, True) for t in traps() for text in t.examples]
    + [(t.id, text, False) for t in traps() for text in t.counterexamples],
)
def test_trap_catches_only_what_speaks_of_something_else(
    identifier: str, text: str, caught: bool
) -> None:
    trap = next(trap for trap in traps() if trap.id == identifier)
    assert trap.catches(fold(text), 0, len(text)) is caught


@pytest.mark.parametrize(("mark", "text", "hours"), HOURS)
def test_mark_of_a_figure_gives_the_hours_of_its_example(
    mark: str, text: str, hours: float
) -> None:
    assert (total_hours(detect([PlainText("execution", text)])) or 0) == hours, mark


@pytest.mark.parametrize(("mark", "text", "lots"), LOTS)
def test_mark_of_lots_gives_those_of_its_example(mark: str, text: str, lots: list[str]) -> None:
    assert list(all_lots(detect([PlainText("execution", text)]))) == lots, mark
