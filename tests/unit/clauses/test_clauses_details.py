"""What a finding says beside its type: lots, weight, share, article, doubt; codes."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from annuaire.clauses.detect import detect
from annuaire.clauses.findings import (
    Finding,
    PlainCode,
    PlainText,
    is_environmental,
    is_social,
    total_hours,
)
from annuaire.clauses.labels import LABELS, citation_label


def one(text: str, field: str = "execution") -> Finding:
    findings = detect([PlainText(field, text)])
    assert len(findings) == 1, findings
    return findings[0]


@pytest.mark.parametrize(
    ("text", "article", "cited"),
    [
        ("Marché réservé, article L. 2113-12", "L2113-12", "L2113-12"),
        ("Marché réservé (article 15 du code des marchés publics)", "L2113-12", "CMP2006 15"),
        (
            "Clause d'insertion (article 14 du code des marchés publics)",
            "L2112-2",
            "CMP2006 14",
        ),
        (
            "Clause d'insertion en application de l'article 38 de l'ordonnance n° 2015-899",
            "L2112-2",
            "ORD2015-899 38",
        ),
        (
            "Marché réservé aux SIAE, article 36 de l'ordonnance n° 2015-899",
            "L2113-13",
            "ORD2015-899 36",
        ),
        (
            "Critère social pondéré à 10 % (article 53 du code des marchés publics)",
            "R2152-7",
            "CMP2006 53",
        ),
        ("clause d'insertion, article L 21 12-2", "L2112-2", "L2112-2"),
        ("Clause d'insertion (article L2111-1)", "L2112-2", "L2111-1"),
        ("Clause d'insertion", "L2112-2", None),
        ("Marché réservé", None, None),
    ],
)
def test_article_is_todays_and_keeps_the_one_cited(
    text: str, article: str | None, cited: str | None
) -> None:
    finding = one(text)
    assert (finding.article, finding.article_cited) == (article, cited)


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("Critère d'insertion : 10 %", 10),
        ("Critère n°3 : Insertion sociale - pondération : 15", 15),
        ("Valeur sociale de l'offre : 12,5 points, prix : 60 points", 12.5),
        ("critères d'attribution à caractère social", None),
    ],
)
def test_weight_of_a_criterion_is_kept_as_written(text: str, weight: float | None) -> None:
    assert one(text).weight == weight


def test_lots_with_hours_of_their_own_make_one_finding_each() -> None:
    text = "Clause d'insertion :\nLot 1 : 120 heures\nLot 2 : 80 heures"
    findings = detect([PlainText("execution", text)])
    assert {(f.lots, f.hours) for f in findings} == {(("1",), 120), (("2",), 80)}
    assert total_hours(findings) == 200


def test_share_of_the_hours_is_a_fraction() -> None:
    assert one("5 % des heures seront confiées à des personnes éloignées de l'emploi").share == 0.05


def test_inviting_clause_is_optional_and_less_sure() -> None:
    inviting, binding = one("Clause incitative d'insertion"), one("Clause obligatoire d'insertion")
    assert inviting.optional
    assert not binding.optional
    assert inviting.confidence < binding.confidence


def test_mark_is_the_decisive_words_within_the_evidence() -> None:
    text = "Durée : un an. Le marché comporte une clause d'insertion sociale. Prix fermes."
    finding = one(text)
    assert finding.evidence == "Le marché comporte une clause d'insertion sociale."
    assert text[finding.mark_start : finding.mark_end] == "clause d'insertion"


def test_offsets_are_those_of_the_damaged_text() -> None:
    text = "Prix&nbsp;fermes.<br/>Clause d&#039;inser-\ntion obligatoire."
    finding = one(text)
    assert text[finding.start : finding.end] == finding.evidence
    assert text[finding.mark_start : finding.mark_end].startswith("Clause d&#039;inser-")


def test_text_of_a_lot_gives_its_lot() -> None:
    assert detect([PlainText("lot_title", "Blanchisserie - lot réservé", "04")])[0].lots == ("4",)


def test_kind_told_in_another_text_settles_a_bare_reservation() -> None:
    texts = [
        PlainText("title", "Entretien - marché réservé"),
        PlainText("execution", "Le marché est réservé à des ESAT."),
    ]
    assert [f.type for f in detect(texts)] == ["reserved_handicap"] * 2


@pytest.mark.parametrize(
    ("field", "value", "types"),
    [
        ("BT-71", "res-ws", ["reserved_unspecified"]),
        ("BT-71-Lot", "res-pub-ser", ["reserved_ess"]),
        ("BT-71", "none", []),
        ("BT-736", "yes", ["execution_insertion"]),
        ("BT-736", "no", []),
        ("BT-736", "not-known", []),
        ("BT-06", "soc-obj", ["execution_social_other"]),
        ("BT-06", "env-imp", ["environment"]),
        ("BT-06", "inn-pur", []),
        ("BT-775", "opp", ["execution_insertion"]),
        ("BT-775", "gen-eq", ["execution_social_other"]),
        ("BT-774", "circ-econ", ["environment"]),
        ("BT-776", "prod-innov", []),
        ("considerationsSociales", "Clause sociale", ["execution_social_other"]),
        (
            "considerationsSociales",
            "Clause sociale, Critère social",
            ["execution_social_other", "award_criterion"],
        ),
        ("considerationsSociales", "Marché réservé;Clause sociale", ["reserved_unspecified"]),
        ("considerationsSociales", "Concession réservée", ["reserved_unspecified"]),
        ("considerationsSociales", "Pas de considération sociale", []),
        ("considerationsEnvironnementales", "Critère environnemental", ["environment"]),
        ("considerationsEnvironnementales", "Pas de considération environnementale", []),
        ("MARCHE_RESERVE", "ATELIERS_PROTEGES", ["reserved_handicap"]),
        ("MARCHE_RESERVE", "oui", ["reserved_unspecified"]),
        ("MARCHE_RESERVE", "non", []),
        ("criteres", "social", ["execution_social_other"]),
        ("criteres", "environnemental", ["environment"]),
        ("criteres_sociaux", "oui", ["execution_social_other"]),
        ("criteres_sociaux", "non", []),
        ("criteres_environnementaux", "oui", ["environment"]),
        ("unheard_of", "oui", []),
    ],
)
def test_code_is_read(field: str, value: str, types: list[str]) -> None:
    findings = detect([], [PlainCode(field, value)])
    assert set(types) <= {finding.type for finding in findings}
    assert bool(types) == bool(findings)
    for finding in findings:
        assert finding.source == "code"
        assert (finding.evidence, finding.start, finding.end) == (value, 0, 0)


def test_flag_of_the_bulletin_is_less_sure_than_a_text() -> None:
    flag = detect([], [PlainCode("criteres_sociaux", "oui")])[0]
    assert flag.confidence < one("Le marché comporte une clause sociale").confidence


def test_social_and_environmental_are_told_apart() -> None:
    social = detect([PlainText("execution", "clause d'insertion")])
    green = detect([PlainText("execution", "clause environnementale")])
    assert (is_social(social), is_environmental(social)) == (True, False)
    assert (is_social(green), is_environmental(green)) == (False, True)


def test_every_type_found_has_a_french_label() -> None:
    assert set(LABELS) >= {"environment", "award_criterion", "insertion_object", "reserved_ess"}


# Values of the official lists that state no clause; every other value must be read.
SILENT = {
    "reserved-procurement": {"none"},
    "strategic-procurement": {"none", "inn-pur"},
    "social-objective": {"none"},
    "environmental-impact": {"none"},
    "innovative-acquisition": {"mar-nov", "proc-innov", "prod-innov", "rd-act", "none"},
    "reserved-execution": {"no", "not-known"},
}


@pytest.mark.parametrize("name", [name for name in SILENT if name != "reserved-execution"])
def test_every_value_of_the_official_lists_is_read_or_known_to_be_silent(
    name: str, shared_data: Path
) -> None:
    path = shared_data / f"contracts/eforms/{name}.gc"
    tree = ElementTree.parse(path)  # noqa: S314 - an official list, on our own disk
    codes = [
        value.findtext("SimpleValue") or ""
        for value in tree.iter("Value")
        if value.get("ColumnRef") == "code"
    ]
    assert codes
    for code in codes:
        assert bool(detect([], [PlainCode(name, code)])) == (code not in SILENT[name]), code


@pytest.mark.parametrize(
    ("cited", "words"),
    [
        ("L2113-12", "article L2113-12"),
        ("CMP2006 14", "article 14 du code des marchés publics de 2006"),
        ("ORD2015-899 36", "article 36 de l'ordonnance n° 2015-899"),
        ("DEC2016-360 13", "article 13 du décret n° 2016-360"),
    ],
)
def test_citation_is_shown_in_words(cited: str, words: str) -> None:
    assert citation_label(cited) == words
