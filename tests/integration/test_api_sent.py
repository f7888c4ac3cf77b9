"""What platforms send to the API: needs, texts and numbers, answered or refused."""

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from annuaire.api.views.base import TOO_MANY
from annuaire.extensions import limiter
from tests.factories.api import fill, found, refused
from tests.factories.commands import Run
from tests.factories.files import siae
from tests.integration.conftest import StartFrom


@pytest.fixture
def site(start_from: StartFrom, client: FlaskClient) -> Iterator[FlaskClient]:
    """A browser on such a site of the test's own."""
    start_from(fill)
    limiter.reset()  # what other tests asked is not counted here, nor what is asked here there
    yield client
    limiter.reset()


def test_match_says_what_the_command_says(site: FlaskClient, run: Run) -> None:
    sent = {"text": "nettoyage de bureaux", "place": "Lille", "amount_eur": 25000, "limit": 3}
    answer = found(site.post("/api/v1/match", json=sent))
    printed = run("match", "--text", sent["text"], "--place", "Lille", "--amount", "25000",
                  "--limit", "3", "--json")  # fmt: skip
    told = json.loads(printed.stdout.splitlines()[-1])
    assert {**answer, "took_ms": 0} == {**told, "took_ms": 0}
    assert answer["suggestions"][0]["reasons"]
    assert answer["route"][0]["code"] == "direct"


def test_match_of_a_lot_of_a_contract(site: FlaskClient) -> None:
    lot = found(site.post("/api/v1/match", json={"contract": "boamp-26-3", "lot": "2"}))
    assert lot["need"]["text"] == "tonte"
    refused(site.post("/api/v1/match", json={"contract": "boamp-26-3", "lot": "9"}), 404)


def test_suggestions_are_filtered_as_on_the_site(site: FlaskClient) -> None:
    sent = {"text": "nettoyage de bureaux", "place": "Lille"}
    everyone = found(site.post("/api/v1/match", json=sent))["suggestions"]
    for filters in ({"disponible": "oui"}, {"cotraitance": "oui"}, {"type": ["EITI"]}):
        kept = found(site.post("/api/v1/match", json={**sent, "filters": filters}))
        assert everyone
        assert kept["suggestions"] == []
    near = {**sent, "filters": {"distance": 100, "famille": ["insertion", "handicap", "ess"]}}
    assert found(site.post("/api/v1/match", json=near))["suggestions"] == everyone
    for bad in ({"type": ["X"]}, {"distance": 26}, {"disponible": "non"}, {"kinds": []}, "EI"):
        refused(site.post("/api/v1/match", json={**sent, "filters": bad}), 422)


def test_clauses_are_detected_with_their_place(site: FlaskClient) -> None:
    texts = [
        {"kind": "lot_title", "text": "Peinture", "lot": "1"},
        {"kind": "lot_title", "text": "Ménage, lot réservé aux EA et aux ESAT.", "lot": "2"},
        {"text": "Le titulaire réserve 200 heures à des personnes éloignées de l'emploi."},
    ]
    sent = {"texts": texts, "codes": [{"field": "BT-775", "value": "none"}]}
    answer = found(site.post("/api/v1/clauses/detect", json=sent))
    assert (answer["social"], answer["hours"]) == (True, 200)
    reserved, hours = sorted(answer["findings"], key=lambda each: each["text_index"])
    assert (reserved["type"], reserved["text_index"], reserved["lots"]) == (
        "reserved_handicap", 1, ["2"],
    )  # fmt: skip
    for each in (reserved, hours):
        text = texts[each["text_index"]]["text"]
        assert text[each["start"] : each["end"]] == each["evidence"]
    assert answer["contradictions"][0]["kind"] == "code_denies"


def test_numbers_are_checked_in_their_order(site: FlaskClient) -> None:
    numbers = [siae(3)["siret"], "356 000 000 00048", "12"]
    answer = found(site.post("/api/v1/check", json={"numbers": numbers}))
    verdicts = [item["verdict"] for item in answer["items"]]
    assert verdicts == ["inclusive", "inconnue", "invalide"]
    assert answer["counts"] == {"inclusive": 1, "inconnue": 1, "invalide": 1}
    assert answer["items"][0]["url"].endswith(f"/structures/{numbers[0]}")


NOT_READ = (
    (b"{", "application/json", 400),
    (b"[" * 10_000, "application/json", 400),
    (b'{"text": "vitres"}', "text/plain", 415),
    (b'{"text": "' + b"a" * 1_000_000 + b'"}', "application/json", 413),
    (b'{"text": "' + b"a" * 7_000_000 + b'"}', "application/json", 413),
    (b'{"text": 3}', "application/json", 422),
)


def test_a_body_that_cannot_be_read_is_refused(site: FlaskClient) -> None:
    for path in ("match", "clauses/detect", "check"):
        for body, content_type, status in NOT_READ:
            sent = site.post(f"/api/v1/{path}", data=body, content_type=content_type)
            refused(sent, status)


def test_limits_are_told_before_they_are_reached(site: FlaskClient) -> None:
    limiter.reset()
    first = site.post("/api/v1/check", json={"numbers": ["1"]})
    assert first.headers["RateLimit-Policy"] == '"adresse";q=30;w=60'
    assert first.headers["RateLimit"].startswith('"adresse";r=29;t=')
    for _ in range(29):
        site.post("/api/v1/check", json={"numbers": ["1"]})
    last = site.post("/api/v1/check", json={"numbers": ["1"]})
    assert refused(last, 429)["detail"] == TOO_MANY
    assert 1 <= int(last.headers["Retry-After"]) <= 61
