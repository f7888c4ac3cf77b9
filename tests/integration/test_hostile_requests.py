"""Every address of the site, asked anything, answers something sane: never an error of ours."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from annuaire.accounts import limits
from annuaire.extensions import limiter
from annuaire.structures.models import Structure
from tests.factories.commands import Run
from tests.integration.conftest import StartFrom

#: Texts as they stand in an address, percent-encoded where they must be.
HOSTILE = (
    "", "%20", "%00", "a%00b", "%ED%A0%80", "%FF%FE", "%F4%8F%BF%BF", "%0D%0AX-Injected:%201",
    "..", "../../etc/passwd", "..%2F..%2Fetc%2Fpasswd", "%2e%2e/%2e%2e", "%5C..%5C", "'", "%22",
    "%5C", "';DROP%20TABLE%20structure;--", "%3Cscript%3Ealert(1)%3C/script%3E", "{{7*7}}", "%25",
    "-1", "0", "1e309", "nan", "inf", "-inf", "9223372036854775808", "1" * 400, "a" * 10_000,
    "%C2%A0" * 50, "é" * 300, "%E2%80%AE", "0,0", "-5", "10000", "45.0,-30.0", "90.1,180.1", "true",
    "null", "[]", "*", "AND%20OR%20NOT", "%2B(a%20-b)%5E2~3", "name:a", "a%20%22b", "9" * 4_400,
    "%F0%9F%92%A9", "75056", "59", "2A", "siren:", "finess:", "٣", "Lille", "nettoyage-locaux",
)  # fmt: skip
NAMES = (
    "q", "lieu", "rayon", "type", "famille", "activite", "domaine", "departement", "page", "tri",
    "siret", "structures", "emise", "motif", "code", "lecture", "region", "niveau", "social",
    "environnement", "reserve", "nature", "etat", "objet", "montant", "date", "retour", "q[]",
    "type[]", "voir", "cpv", "texte", "next", "state", "error_description", "quoi", "marche", "lot",
    "sorte", "distance", "declaree", "disponible", "cotraitance",
)  # fmt: skip
#: Posted by mail programs (RFC 8058): the address is the proof, and a forged one leads nowhere.
SIGNED = ("/demandes/arreter/<token>",)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE")
COOKIES = (None, "session=forged", "session=.eJx.a.b", "selection=%00", "session=" + "a" * 4000)
SANE = {200, 301, 302, 303, 304, 308, 400, 401, 404, 405, 410, 413, 414, 415}


def fill(run: Run, _: Path) -> None:
    assert run("demo", "--no-serve").exit_code == 0


@pytest.fixture
def site(
    client: FlaskClient, start_from: StartFrom, monkeypatch: pytest.MonkeyPatch
) -> FlaskClient:
    """A site with the sample data that lets one address ask without end: every request is read."""
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(limits, "attempt", lambda *_: None)
    start_from(fill)
    return client


@pytest.fixture
def keys(site: FlaskClient, session: Session) -> list[str]:
    found = list(session.scalars(select(Structure.key).order_by(Structure.id).limit(3)))
    session.rollback()
    return found


def filled(rule: Rule, value: str) -> str:
    """The address of a rule with one text in the place of each of its parts."""
    return re.sub(r"<[^>]+>", lambda _: value.replace("\\", ""), rule.rule)


def check_sane(answer: TestResponse, method: str, path: str) -> None:
    said = f"{method} {path[:300]} : {answer.status_code}"
    assert answer.status_code in SANE, said
    assert "X-Injected" not in answer.headers, said
    assert "Traceback" not in answer.text[:100_000], said
    assert "<script>alert(1)" not in answer.text, said
    assert answer.headers["X-Content-Type-Options"] == "nosniff", said
    if method == "HEAD":
        assert answer.data == b"", said
    location = answer.headers.get("Location", "/")  # whole where two slashes become one
    assert re.match(r"(http://localhost)?/(?!/)", location), f"{said} {location}"


def ask(client: FlaskClient, method: str, path: str, **more: Any) -> None:
    answer = client.open(path, method=method, buffered=True, **more)
    check_sane(answer, method, path)


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def test_every_route_answers_every_method(app: Flask, site: FlaskClient, keys: list[str]) -> None:
    for rule in rules(app):
        for method in METHODS:
            for value in (keys[0], "1", "59"):
                ask(site, method, filled(rule, value))


def test_head_says_what_get_does(app: Flask, site: FlaskClient, keys: list[str]) -> None:
    files = [f"/structures/export.{ending}" for ending in ("csv", "xlsx", "ods", "geojson")]
    pages = ["/structures", f"/structures/{keys[0]}", "/marches", "/verifier", "/zones-blanches"]
    for path in (*pages, *files, "/marches/export.csv", "/structures/export.exe"):
        get, head = site.get(path, buffered=True), site.head(path, buffered=True)
        assert (head.status_code, head.mimetype) == (get.status_code, get.mimetype), path
        for name in ("Content-Disposition", "Cache-Control", "X-Robots-Tag"):
            assert head.headers.get(name) == get.headers.get(name), (path, name)


def test_any_request_is_answered(
    app: Flask, site: FlaskClient, keys: list[str], long_run: bool
) -> None:
    texts = st.sampled_from(HOSTILE) | st.text(max_size=40).map(
        lambda text: quote_plus(text, errors="replace")
    )
    pairs = st.lists(st.tuples(st.sampled_from(NAMES), texts), max_size=6)

    @settings(
        max_examples=1_500 if long_run else 30,
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(
        st.sampled_from(rules(app)), st.sampled_from(METHODS), texts | st.sampled_from(keys), pairs,
        st.sampled_from(COOKIES), st.booleans(),
    )  # fmt: skip
    def asked(
        rule: Rule, method: str, value: str, given_: list[tuple[str, str]], cookie: str | None,
        part: bool,
    ) -> None:  # fmt: skip
        query = "&".join(f"{name}={text}" for name, text in given_)
        headers = {"Cookie": cookie} if cookie else {}
        headers |= {"HX-Request": "true"} if part else {}
        ask(site, method, f"{filled(rule, value)}?{query}", headers=headers)

    asked()


BODIES: tuple[dict[str, Any], ...] = (
    {"data": b"a" * 7_000_000, "content_type": "application/x-www-form-urlencoded"},
    {"data": b"--x\r\nContent-Disp", "content_type": "multipart/form-data; boundary=x"},
    {"data": b"", "content_type": "multipart/form-data"},
    {"data": b"{", "content_type": "application/json"},
    {"data": b"\xff\x00", "content_type": "application/x-www-form-urlencoded"},
    {"data": {"csrf_token": "wrong", "liste": "1"}},
    {"data": {"csrf_token": "\ud800".encode("utf-8", "surrogatepass")}},
)


@pytest.mark.parametrize("body", range(len(BODIES)))
def test_every_form_refuses_what_is_no_form(
    app: Flask, site: FlaskClient, keys: list[str], body: int
) -> None:
    for rule in rules(app):
        if "POST" in (rule.methods or ()):
            answer = site.post(filled(rule, keys[0]), buffered=True, **BODIES[body])
            refused = {400, 401, 413, 415} | ({404} if rule.rule in SIGNED else set())
            assert answer.status_code in refused, (rule.rule, answer.status_code)
            assert "Traceback" not in answer.text
