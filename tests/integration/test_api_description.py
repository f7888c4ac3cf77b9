"""The description of the API, held to what the API does: whatever schemathesis makes of it."""

import re
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, assume, given, settings
from openapi_spec_validator import validate
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from annuaire.api.describing.operations import OPERATIONS
from annuaire.extensions import limiter
from annuaire.platforms.keys import SCOPES
from tests.factories.commands import Run, last_json
from tests.factories.files import awards, notice, siae, write_csv

PATH = "/api/v1/openapi.json"
EXAMPLES = 7  # of each operation, and as many that its description refuses


def test_the_description_is_openapi_and_names_every_address(client: FlaskClient) -> None:
    answer = client.get(PATH)
    validate(answer.json)
    described = {
        (method.upper(), f"/api/v1{path}")
        for path, methods in answer.json["paths"].items()
        for method in methods
    }
    served = {
        (method, re.sub(r"<(?:int:)?([^>]+)>", r"{\1}", rule.rule))
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint not in ("api.openapi", "api.docs")
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"}
    }
    assert described == served


def test_the_page_says_what_the_description_says(client: FlaskClient) -> None:
    page = client.get("/api/v1/docs")
    assert "Une liste donne 20 réponses, 100 au plus" in page.text
    assert "à 120 demandes par minute" in page.text
    for operation in OPERATIONS:
        assert f'id="demande-{operation.id}"' in page.text
    leads = set(re.findall(r'href="#([^"]+)"', page.text))
    assert leads <= set(re.findall(r'id="([^"]+)"', page.text))
    assert "Set-Cookie" not in page.headers


@pytest.fixture
def described(app: Flask, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The description of a site that holds something, and counts no requests."""
    monkeypatch.setattr(limiter, "enabled", False)
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(n) for n in range(1, 5)]))
    won = awards(("Lot 1 : vitres", "PROPRETE D'ESSAI 1", 9000.0))
    notices = [notice(1), notice(2, nature="attribution", attributions_json=won)]
    run("import", "boamp", write_csv(tmp_path / "boamp.csv", notices))
    printed = run("keys", "create", "Essai", "--owner", "a@exemple.fr", "--platform", "exemple",
                  *(word for scope in SCOPES for word in ("--scope", scope)), "--json")  # fmt: skip
    return schemathesis.openapi.from_wsgi(PATH, app), last_json(printed)["key"]


def test_the_api_does_what_its_description_says(described: Any) -> None:
    ours = {operation.id: operation for operation in OPERATIONS}
    description, key = described
    for result in description.get_all_operations():
        theirs = result.ok()
        operation = ours.pop(theirs.definition.raw["operationId"])
        _holds(theirs.as_strategy(generation_mode=GenerationMode.POSITIVE), key)
        if operation.body or any(each["in"] == "query" for each in operation.parameters):
            _holds(theirs.as_strategy(generation_mode=GenerationMode.NEGATIVE), key)
    assert not ours


def _holds(cases: Any, key: str) -> None:
    @given(case=cases)
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), database=None)
    def holds(case: Any) -> None:
        # An empty value is one that a form left empty: it asks nothing, and is no mistake.
        assume(not _has_empty(case.query or {}))
        # A place or a day that fits the description may yet be unknown: it is then refused.
        plain = {"Accept-Encoding": "identity", "Authorization": f"Bearer {key}"}
        case.call_and_validate(headers=plain, excluded_checks=[positive_data_acceptance])

    holds()


def _has_empty(query: dict[str, Any]) -> bool:
    lists = (value if isinstance(value, list) else [value] for value in query.values())
    return any(not values or any(not str(each).strip() for each in values) for values in lists)
