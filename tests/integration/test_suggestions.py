"""Proposals while one types, and the structures near another: pages that use the search's help."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search.meilisearch import MeilisearchEngine
from tests.factories.commands import Run
from tests.factories.files import LYON, siae, write_csv
from tests.integration.conftest import StartFrom


def fill(run: Run, folder: Path) -> None:
    """Three laundries, one of them far, and a garden."""
    rows = [
        siae(1, name="BLANCHISSERIE D'ESSAI", naf="9601A"),
        siae(2, name="LINGE <b>NET</b>", naf="9601A"),
        siae(3, name="JARDINS D'ESSAI", naf="8130Z", kind="ACI"),
        siae(4, name="LAVERIE LOINTAINE", naf="9601A", **LYON),
    ]
    run("import", "siae", write_csv(folder / "siae.csv", rows))


@pytest.fixture
def filled(start_from: StartFrom, client: FlaskClient) -> FlaskClient:
    """A browser on such a site of the test's own."""
    start_from(fill)
    return client


def proposed(client: FlaskClient, typed: str) -> list[tuple[str, str]]:
    answer = client.get("/structures/suggestions", query_string={"q": typed})
    assert answer.status_code == 200
    assert "max-age=300" in answer.headers["Cache-Control"]
    return [(found["kind"], found["text"]) for found in answer.json["suggestions"]]


def test_what_is_typed_proposes_activities_towns_and_names(filled: FlaskClient) -> None:
    found = proposed(filled, "blanchiss")
    assert ("structure", "BLANCHISSERIE D'ESSAI") in found
    assert any(kind == "activité" for kind, _ in found)
    assert ("commune", "Lyon") in proposed(filled, "lyo")


@pytest.mark.parametrize("typed", ["", " ", "'", '"', "\x01", "é" * 10_000, "<script>", "zzzzzz"])
def test_any_text_has_an_answer(filled: FlaskClient, typed: str) -> None:
    assert isinstance(proposed(filled, typed), list)


def test_a_page_shows_the_structures_near_it(filled: FlaskClient) -> None:
    first = filled.get("/structures?q=blanchisserie").text
    url = re.search(r'<h3><a href="(/structures/\d+)">', first)
    assert url
    page = filled.get(url.group(1)).text
    near = page.split('id="proches"')[1]
    assert near.count('<li class="result">') == 1
    assert "<b>NET" not in near
    assert "JARDINS" not in near
    assert "LOINTAINE" not in near


def test_pages_by_identifier_stay_open_while_the_server_is_away(
    app: Flask, filled: FlaskClient
) -> None:
    first = filled.get("/structures?q=blanchisserie").text
    url = re.search(r'<h3><a href="(/structures/\d+)">', first)
    assert url
    app.extensions["annuaire.engine"] = MeilisearchEngine("http://127.0.0.1:9")
    page = filled.get(url.group(1))
    assert page.status_code == 200
    assert 'id="proches"' not in page.text
    searched = filled.get("/structures?q=blanchisserie")
    assert (searched.status_code, "La recherche ne répond pas" in searched.text) == (503, True)
    assert filled.get("/structures/suggestions?q=lin").status_code == 503
