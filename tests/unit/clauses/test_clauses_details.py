"""What a finding says beside its type: lots, weight, share, article, doubt; codes; figures."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from annuaire.clauses.detect import detect
from annuaire.clauses.evaluate import evaluate, evaluate_records
from annuaire.clauses.findings import (
    Finding,
    PlainCode,
    PlainText,
    is_environmental,
    is_social,
    total_hours,
)
from annuaire.clauses.labels import LABELS, citation_label
from annuaire.errors import InvalidInputError


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


def test_evaluation_reads_the_texts_and_never_the_labels() -> None:
    record = {
        "idweb": "1",
        "texte": "Le marché comporte une clause d'insertion de 120 heures pour le lot 2.",
        "criteres_sociaux_dila": "oui",
        "social": True,
        "types": ["execution_insertion"],
        "hours": 120,
        "lots": ["2"],
        "environment": False,
    }
    silent = {"idweb": "2", "objet": "Travaux", "evidence": "clause d'insertion", "social": False}
    figures = evaluate_records([record, silent])
    assert figures["n"] == 2
    assert figures["social"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert (figures["hours_exact"], figures["lots_exact"]) == (1.0, 1.0)
    assert figures["types"]["micro_f1"] == 1.0
    assert (figures["evidence_missing"], figures["errors"]) == (0, [])


def test_evaluation_lists_what_it_gets_wrong() -> None:
    record = {"idweb": "9", "texte": "Prix fermes.", "social": True, "types": ["award_criterion"]}
    figures = evaluate_records([record])
    assert figures["social"]["recall"] == 0
    assert figures["errors"][0]["idweb"] == "9"


@pytest.mark.parametrize("content", [b"[1]\n", b"{\n", b"\xff\xfe{}\n"])
def test_evaluation_says_in_french_that_a_file_is_no_json_lines(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_bytes(content)
    with pytest.raises(InvalidInputError, match=r"labels\.jsonl : .*JSON"):
        evaluate(path)


def test_labelled_execution_texts_reach_the_figures(shared_data: Path) -> None:
    figures = evaluate(shared_data / "contracts/clauses/gold.jsonl")
    assert figures["social"]["precision"] >= 0.99
    assert figures["social"]["recall"] >= 0.99
    assert figures["hours_exact"] >= 0.93
    assert figures["lots_exact"] >= 0.93
    assert figures["types"]["micro_f1"] >= 0.9
    assert figures["evidence_missing"] == 0


def test_labelled_titles_reach_the_figures(shared_data: Path) -> None:
    figures = evaluate(shared_data / "contracts/clauses/gold_titles.jsonl")
    assert figures["social"]["precision"] >= 0.93
    assert figures["social"]["recall"] >= 0.9
    common = [f for f in figures["types"].values() if isinstance(f, dict) and f["n"] >= 10]
    assert all(f["f1"] >= 0.9 for f in common)
    assert figures["evidence_missing"] == 0


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
    ("record", "social", "n_types"),
    [
        ({"texte": "Clause d'insertion."}, None, None),
        ({"texte": "Clause d'insertion.", "types": ["execution_insertion"]}, 1.0, 1.0),
        ({"texte": "Clause d'insertion.", "types": "execution_insertion", "lots": None}, 1.0, 1.0),
        ({"texte": "Clause d'insertion.", "social": True, "hours": "?"}, 1.0, None),
        ({"title": "Marché réservé ESAT", "social": True}, 1.0, None),
        ({"text": "Clause d'insertion.", "field": "title", "social": True}, 1.0, None),
        ({"id": 3, "social": False, "types": []}, None, None),
    ],
)
def test_evaluation_counts_only_the_labels_that_a_record_has(
    record: dict[str, Any], social: float | None, n_types: float | None
) -> None:
    figures = evaluate_records([record])
    assert figures["social"]["f1"] == social
    assert figures["types"]["micro_f1"] == n_types
    assert figures["errors"] == []


def test_evaluation_reads_the_text_alone_where_there_is_one() -> None:
    record = {"objet": "Marché réservé ESAT", "texte": "Prix fermes.", "social": False}
    assert evaluate_records([record])["social"] == {"precision": None, "recall": None, "f1": None}


def test_evaluation_compares_weights_shares_and_lots_as_written() -> None:
    record = {
        "texte": "Lot 02 : 5 % des heures en insertion. Critère social : 10 points.",
        "percent": 5,
        "weight": 10.0,
        "lots": ["02"],
        "types": ["execution_insertion", "award_criterion"],
    }
    figures = evaluate_records([record])
    assert figures["errors"] == []
    assert (figures["percent_exact"], figures["weight_exact"]) == (1.0, 1.0)
    assert figures["lots_exact"] == 1.0


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
