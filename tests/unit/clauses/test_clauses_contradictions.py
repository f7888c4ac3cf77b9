"""Codes that deny what a text states, texts that deny what a code states."""

from dataclasses import dataclass

import pytest

from annuaire.clauses.contradictions import Contradiction, compare
from annuaire.clauses.detect import read
from annuaire.clauses.findings import PlainCode, PlainText

INSERTION = "Le marché comporte une clause d'insertion de 120 heures."
ESAT = "Marché réservé aux ESAT."


def between(texts: list[PlainText], codes: list[PlainCode]) -> list[Contradiction]:
    return compare(*read(texts, codes), codes)


@pytest.mark.parametrize(
    ("text", "field", "value", "kinds"),
    [
        (INSERTION, "criteres_sociaux", "non", ["code_denies"]),
        (INSERTION, "considerationsSociales", "Pas de considération sociale", ["code_denies"]),
        (INSERTION, "BT-06", "none", ["code_denies"]),
        (INSERTION, "BT-775-Lot", "none", ["code_denies"]),
        (INSERTION, "BT-71", "none", []),
        (INSERTION, "criteres_sociaux", "oui", []),
        (INSERTION, "considerationsSociales", "Clause sociale", []),
        (ESAT, "BT-71", "none", ["code_denies"]),
        (ESAT, "MARCHE_RESERVE", "non", ["code_denies"]),
        (ESAT, "BT-736", "no", []),
        (ESAT, "BT-71", "res-ws", []),
        (ESAT, "ATELIERS_PROTEGES", "oui", []),
        ("Marché réservé aux SIAE.", "ATELIERS_PROTEGES", "oui", ["reserved_otherwise"]),
        ("Marché réservé : non.", "BT-71", "res-ws", ["text_denies"]),
        ("Le marché n'est pas réservé.", "MARCHE_RESERVE", "oui", ["text_denies"]),
        ("Aucune clause sociale n'est prévue.", "considerationsSociales", "Clause sociale",
         ["text_denies"]),
        ("Aucune clause sociale n'est prévue.", "considerationsSociales", "Marché réservé", []),
        ("Clause environnementale : oui", "criteres_environnementaux", "non", ["code_denies"]),
        ("Clause incitative d'insertion.", "criteres_sociaux", "non", []),
        ("Prix fermes.", "criteres_sociaux", "oui", []),
        ("Prix fermes.", "criteres_sociaux", "non", []),
    ],
)  # fmt: skip
def test_disagreement_of_a_code_and_a_text_is_told(
    text: str, field: str, value: str, kinds: list[str]
) -> None:
    found = between([PlainText("execution", text)], [PlainCode(field, value)])
    assert [contradiction.kind for contradiction in found] == kinds
    for contradiction in found:
        assert contradiction.code == value
        assert contradiction.evidence in text
        assert contradiction.evidence.rstrip(".") in contradiction.sentence


def test_sentence_quotes_both_sides_in_french() -> None:
    found = between([PlainText("execution", INSERTION)], [PlainCode("criteres_sociaux", "non")])
    assert [contradiction.sentence for contradiction in found] == [
        "Selon le code de l'avis, le marché n'a pas de critère social ; son texte dit pourtant : "
        "« Le marché comporte une clause d'insertion de 120 heures » (clause d'insertion)."
    ]


def test_code_of_one_lot_does_not_contradict_the_text_of_another() -> None:
    texts = [PlainText("execution", "Le lot 2 est réservé aux ESAT.")]
    assert between(texts, [PlainCode("BT-71", "none", "1")]) == []
    assert len(between(texts, [PlainCode("BT-71", "none", "2")])) == 1


def test_text_that_denies_for_one_lot_and_states_for_another_contradicts_nothing() -> None:
    text = "Le lot 1 n'est pas réservé. Le lot 2 est réservé aux ESAT."
    assert between([PlainText("execution", text)], [PlainCode("BT-71", "res-ws")]) == []


@dataclass(frozen=True)
class Stored:
    """A finding as a database gives it back."""

    type: str
    source: str
    evidence: str
    lots: list[str]
    confidence: float = 0.9
    optional: bool = False


def test_stored_findings_are_compared_without_their_texts() -> None:
    stored = [
        Stored("reserved_handicap", "code", "ateliers protégés", []),
        Stored("reserved_siae", "text", "Marché réservé aux SIAE", []),
    ]
    assert [c.kind for c in compare(stored)] == ["reserved_otherwise"]


def test_long_evidence_is_cut_at_a_word() -> None:
    text = "Le marché comporte une clause d'insertion " + "très détaillée " * 30
    found = between([PlainText("execution", text)], [PlainCode("criteres_sociaux", "non")])
    assert len(found[0].sentence) < 330
    assert "…" in found[0].sentence
