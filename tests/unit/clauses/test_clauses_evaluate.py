"""What is measured of the clauses found in labelled texts: figures and errors."""

from pathlib import Path
from typing import Any

import pytest

from annuaire.clauses.evaluate import evaluate, evaluate_records
from annuaire.errors import InvalidInputError


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
