"""What every answer carries: headers, static addresses, error pages."""

import re
from functools import partial, update_wrapper
from pathlib import Path

import pytest
from flask import Flask, flash, render_template_string
from flask.testing import FlaskClient
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.web import content_security_policy, init_web, wants_fragment
from search.engine import EngineUnavailable

ROOT = Path(__file__).resolve().parents[3]


FAILURES: dict[str, Exception] = {
    "/bad": InvalidInputError("Le rayon <b>-5</b> n’est pas possible.", "rayon"),
    "/none": NotFoundError("Aucune structure n’a ce SIRET."),
    "/none.json": NotFoundError("Aucune structure n’a ce SIRET."),
    "/many": TooManyRequests(retry_after=60),
    "/away": ServiceUnavailable(),
    "/search-away": EngineUnavailable("127.0.0.1:7700 refused"),
    "/crash": RuntimeError("secret detail"),
}


def fail(app: Flask, error: Exception) -> str:
    app.config["BROKEN"] = isinstance(error, RuntimeError)
    raise error


def make_app(tiles_url: str | None = None) -> Flask:
    app = Flask("annuaire", template_folder=str(ROOT / "templates"))
    app.secret_key = "only for this test"  # noqa: S105
    init_web(app, tiles_url)

    @app.context_processor
    def failing_when_asked() -> dict[str, object]:
        if app.config.get("BROKEN"):
            raise RuntimeError("the database is away")
        return {}

    @app.get("/nonce")
    def nonce() -> str:
        return render_template_string("{{ csp_nonce() }} {{ csp_nonce() }}")

    @app.get("/fragment")
    def fragment() -> str:
        return str(wants_fragment())

    @app.get("/flash")
    def with_message() -> str:
        flash("C’est fait.")
        return render_template_string("{% extends 'layout.html' %}")

    for path, error in FAILURES.items():
        app.add_url_rule(path, path, update_wrapper(partial(fail, app, error), fail))
    return app


@pytest.fixture
def client() -> FlaskClient:
    return make_app().test_client()


def test_policy_names_only_this_site() -> None:
    policy = content_security_policy(None, None)
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize(
    ("tiles", "origin"),
    [
        ("https://tuiles.exemple.fr/{z}/{x}/{y}.png", "https://tuiles.exemple.fr;"),
        ("https://{s}.exemple.fr/{z}/{x}/{y}.png", "https://*.exemple.fr;"),
        ("/tuiles/{z}/{x}/{y}.png", "img-src 'self' data:;"),
    ],
)
def test_policy_lets_images_come_from_the_tile_server(tiles: str, origin: str) -> None:
    assert origin in content_security_policy(None, tiles)


def test_nonce_is_one_per_answer(client: FlaskClient) -> None:
    answers = [client.get("/nonce") for _ in range(2)]
    nonces = []
    for answer in answers:
        first, second = answer.text.split()
        assert first == second
        assert f"'nonce-{first}'" in answer.headers["Content-Security-Policy"]
        nonces.append(first)
    assert nonces[0] != nonces[1]


def test_every_answer_carries_the_headers(client: FlaskClient) -> None:
    for path in ("/nonce", "/nowhere", "/static/img/favicon.svg"):
        headers = client.get(path, buffered=True).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "False"),
        ({"HX-Request": "true"}, "True"),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, "False"),
    ],
)
def test_fragment_is_for_htmx_only(
    client: FlaskClient, headers: dict[str, str], expected: str
) -> None:
    answer = client.get("/fragment", headers=headers)
    assert answer.text == expected
    assert "HX-Request" in answer.vary


def test_static_address_changes_with_content_and_is_kept(client: FlaskClient) -> None:
    address = re.search(r'href="(/static/css/theme\.css\?v=\w{12})"', client.get("/flash").text)
    assert address
    kept = client.get(address[1], buffered=True).headers["Cache-Control"]
    assert "immutable" in kept
    assert "no-cache" not in kept
    bare = client.get("/static/css/theme.css", buffered=True).headers
    assert "immutable" not in bare.get("Cache-Control", "")


def test_layout_shows_messages_and_has_no_inline_code(client: FlaskClient) -> None:
    page = client.get("/flash").text
    assert "C’est fait." in page
    assert not re.search(r"<script(?![^>]*src)|<style|\sstyle=|\son\w+=", page)
    assert not re.search(r'(?:src|href)="https?:', page)


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/nowhere", 404, "Il n’y a rien à cette adresse"),
        ("POST", "/nonce", 405, "Cette page ne s’utilise pas ainsi"),
        ("GET", "/bad", 400, "Le rayon &lt;b&gt;-5&lt;/b&gt; n’est pas possible."),
        ("GET", "/none", 404, "Aucune structure n’a ce SIRET."),
        ("GET", "/many", 429, "attendez une minute"),
        ("GET", "/search-away", 503, "La recherche ne répond pas"),
        ("GET", "/away", 503, "Le service est indisponible"),
    ],
)
def test_errors_are_french_pages_with_their_status(
    client: FlaskClient, method: str, path: str, status: int, words: str
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert words in answer.text
    assert "The requested URL" not in answer.text
    assert "7700" not in answer.text


def test_errors_keep_their_headers(client: FlaskClient) -> None:
    assert "GET" in client.post("/nonce").headers["Allow"]
    for path in ("/many", "/search-away", "/away"):
        assert client.get(path).headers.getlist("Retry-After") == ["60"], path


def test_errors_of_data_addresses_are_in_french(client: FlaskClient) -> None:
    answer = client.post("/none.json")
    assert answer.status_code == 405
    assert answer.json == {
        "error": "L’adresse existe, mais elle n’accepte pas cette action.",
        "status": 405,
    }


def test_errors_of_data_addresses_are_json(client: FlaskClient) -> None:
    answer = client.get("/none.json")
    assert (answer.status_code, answer.json) == (
        404,
        {"error": "Aucune structure n’a ce SIRET.", "status": 404},
    )


def test_a_crash_gives_a_page_without_trace_even_when_contexts_fail(client: FlaskClient) -> None:
    answer = client.get("/crash")
    assert answer.status_code == 500
    assert "Une panne est survenue" in answer.text
    assert "secret detail" not in answer.text
