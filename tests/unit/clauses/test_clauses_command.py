"""`annuaire clauses detect`: lines of JSON in, clauses with their proof out."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from annuaire.cli.detecting import clauses


def detect(*lines: str, as_json: bool = True) -> tuple[int, str, str]:
    arguments = ["detect", "-", *(["--json"] if as_json else [])]
    result = CliRunner().invoke(clauses, arguments, input="\n".join(lines))
    return result.exit_code, result.stdout, result.stderr


def rows(*records: dict[str, Any]) -> list[dict[str, Any]]:
    code, out, _ = detect(*(json.dumps(record) for record in records))
    assert code == 0
    return [json.loads(line) for line in out.splitlines()]


def test_offsets_are_those_of_the_key_given() -> None:
    record = {"id": "a", "objet": "Voirie", "texte": "Prix fermes. Clause d'insertion : 120 h."}
    [read] = rows(record)
    assert read["id"] == "a"
    [finding] = read["findings"]
    assert finding["field"] == "texte"
    assert record["texte"][finding["start"] : finding["end"]] == finding["evidence"]
    assert (finding["type"], finding["hours"]) == ("execution_insertion", 120)


def test_title_is_read_as_a_title() -> None:
    title = "Marché d'insertion et de qualification professionnelle 2026"
    [finding] = rows({"objet": title})[0]["findings"]
    assert (finding["type"], finding["field"]) == ("insertion_object", "objet")


def test_what_is_denied_and_where_codes_disagree_is_told() -> None:
    [read] = rows({"texte": "Le marché n'est pas réservé.", "codes": {"MARCHE_RESERVE": "oui"}})
    assert [denied["type"] for denied in read["denied"]] == ["reserved_unspecified"]
    assert [finding["source"] for finding in read["findings"]] == ["code"]
    assert len(read["contradictions"]) == 1


def test_plain_answer_says_lots_hours_weight_and_both_articles() -> None:
    text = (
        "Lot 2 : clause d'insertion de 120 heures (article 14 du code des marchés publics). "
        "Critère social : 10 %."
    )
    code, out, _ = detect(json.dumps({"id": 1, "texte": text}), as_json=False)
    assert code == 0
    assert "lots 2, 120 heures, article L2112-2 (cité : article 14 du code des marchés" in out
    assert "award_criterion, poids 10" in out


@pytest.mark.parametrize(
    ("lines", "code"),
    [(['{"texte": "a"}'], 0), (["nope"], 2), (["[1]"], 2), (["nope", '{"texte": "a"}'], 1)],
)
def test_line_that_is_no_object_is_said_and_the_rest_read(lines: list[str], code: int) -> None:
    assert detect(*lines)[0] == code


@pytest.mark.parametrize("codes", [None, [], "x", {"BT-71": None}, {"BT-71": 3}])
def test_codes_of_any_shape_are_accepted(codes: Any) -> None:
    assert rows({"texte": "Clause d'insertion.", "codes": codes})[0]["contradictions"] == []
