"""Problems, by RFC 9457."""

import pytest

from annuaire.problems import TITLES, answers_programs, problem


def test_a_problem_without_a_type_is_about_its_status() -> None:
    assert problem(404, "Rien ici.") == {
        "type": "about:blank",
        "title": "Introuvable",
        "status": 404,
        "detail": "Rien ici.",
    }


def test_errors_are_told_field_by_field() -> None:
    told = problem(422, "Non.", [{"pointer": "#/text", "detail": "Ce champ manque."}], "https://x/")
    assert told["errors"] == [{"pointer": "#/text", "detail": "Ce champ manque."}]
    assert told["type"] == "https://x/"


@pytest.mark.parametrize(("status", "like"), [(418, 400), (507, 500)])
def test_a_status_without_words_has_those_of_its_kind(status: int, like: int) -> None:
    assert problem(status, "")["title"] == TITLES[like]


@pytest.mark.parametrize(
    ("path", "program"),
    [
        ("/api/v1/structures", True),
        ("/flux/marches.json", True),
        ("/health", True),
        ("/apiculture", False),
        ("/structures", False),
    ],
)
def test_programs_are_told_from_people_by_the_address(path: str, program: bool) -> None:
    assert answers_programs(path) is program
