"""The table of rights against the site: every address, every method, every kind of person."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import Rule

from annuaire.accounts.models import User
from annuaire.accounts.policy import WORDS, allows, subject, table
from annuaire.db import writing
from annuaire.structures.models import Structure
from tests.factories.accounts import NOW, make_user, sign_in

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
KEY = "21590350100017"
REACHED = "reached"

#: Every kind of person: what they are given, and how the table names them.
PEOPLE: Mapping[str, dict[str, object] | None] = {
    "visitor": None,
    "forged": None,
    "signed_in": {},
    "member": {"structure_id": 1},
    "buyer": {"buyer": True},
    "verified_buyer": {"verified_buyer": True},
    "facilitator": {"facilitator": True},
    "moderator": {"role": "moderator"},
    "administrator": {"role": "administrator"},
}


@pytest.fixture
def people(app: Flask, base: Session) -> dict[str, FlaskClient]:
    """A browser for each kind of person; the structure of the addresses is the member's."""
    given = {"origins": {}, "created_at": NOW, "updated_at": NOW}
    base.add(Structure(id=1, key=KEY, siret=KEY, name="Essai", **given))
    base.commit()
    browsers = {}
    for name, held in PEOPLE.items():
        if held is None:
            browsers[name] = app.test_client()
            continue
        user_id = make_user(base, f"{name}@exemple.fr", **held)  # type: ignore[arg-type]  # a table of cases
        browsers[name] = sign_in(app, user_id)
    browsers["forged"].set_cookie("compte", "a" * 43)
    return browsers


def address(rule: Rule) -> str:
    """An address of the rule: the structure's key wherever it takes a text."""
    path = re.sub(r"<any\(([^,)]+)[^>]*>", r"\1", rule.rule)
    path = re.sub(r"<int:[^>]+>", "1", path)
    return re.sub(r"<[^>]+>", KEY, path)


def may(endpoint: str, person: str) -> bool:
    """What the table says, told from its words alone."""
    who = table()[endpoint]
    held = {"visitor"} if person in {"visitor", "forged"} else {"visitor", "signed_in", person}
    held |= {"buyer"} if person == "verified_buyer" else set()
    held |= {"moderator"} if person == "administrator" else set()
    return bool(who & held)


def expected(endpoint: str | None, person: str) -> set[int]:
    """How an endpoint answers a person, or a method that an address does not take."""
    if endpoint is None:
        return {405}
    if "key" in table()[endpoint]:
        return {401}  # nobody here holds a key
    if may(endpoint, person):
        return {200}
    return {303, 401} if person in {"visitor", "forged"} else {403}


def test_every_route_has_its_line_and_every_line_its_route(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints - set(table()) == set(), "to add to annuaire/accounts/data/policy.toml"
    assert set(table()) - endpoints == set(), "to take out of annuaire/accounts/data/policy.toml"


@pytest.mark.database("sqlite")  # its subject is the table, the same for both
def test_every_route_and_method_answers_each_person_as_the_table_says(
    app: Flask, people: dict[str, FlaskClient]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for endpoint in app.view_functions:
        app.view_functions[endpoint] = lambda **_: REACHED
    app.before_request_funcs.pop("provider")  # by which a site without a provider has no such page
    adapter = app.url_map.bind("localhost")
    asked = 0
    for path in sorted({address(rule) for rule in app.url_map.iter_rules()}):
        for method in METHODS:
            try:
                endpoint, _ = adapter.match(path, method=method)
            except MethodNotAllowed:
                endpoint = None
            asking = people if endpoint else {k: people[k] for k in ("visitor", "administrator")}
            for person, browser in asking.items():
                answer = browser.open(path, method=method)
                said = f"{method} {path} ({endpoint}) by {person}: {answer.status_code}"
                asked += 1
                assert answer.status_code in expected(endpoint, person), said
                assert (REACHED in answer.text) == (
                    answer.status_code == 200 and method not in {"HEAD", "OPTIONS"}
                ), said
    assert asked > 3_000


@pytest.mark.database("sqlite")
def test_endpoint_without_a_line_is_refused_to_everyone(
    app: Flask, people: dict[str, FlaskClient]
) -> None:
    app.add_url_rule("/oubliee", "oubliee", lambda: REACHED)
    for person, browser in people.items():
        answer = browser.get("/oubliee")
        assert REACHED not in answer.text
        assert answer.status_code == (303 if person in {"visitor", "forged"} else 403)


def test_suspended_person_is_a_visitor(
    app: Flask, base: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in sorted(WORDS - {"visitor", "member", "key"}):
        user_id = make_user(base, f"{who}@exemple.fr", **PEOPLE[who])  # type: ignore[arg-type]  # a table of cases
        monkeypatch.setitem(table(), "pages.help_page", frozenset({who}))  # type: ignore[arg-type]  # a dict behind its Mapping
        browser = sign_in(app, user_id)
        assert browser.get("/aide").status_code == 200
        with writing(base):
            base.get_one(User, user_id).suspended_at = NOW
        assert browser.get("/aide").headers["Location"] == "/connexion?next=%2Faide"


def test_role_opens_a_page_that_members_have_too_with_the_second_factor_alone(
    app: Flask, base: Session, people: dict[str, FlaskClient]
) -> None:
    path = f"/espace/structure/{KEY}/fiche/historique"
    weak = {
        name: sign_in(app, make_user(base, f"{name}@essai.fr", **held), second_factor=False)  # type: ignore[arg-type]  # a table of cases
        for name, held in PEOPLE.items()
        if held and name in {"member", "moderator", "administrator"}
    }
    assert people["moderator"].get(path).status_code == 200
    assert weak["member"].get(path).status_code == 200
    for name in ("moderator", "administrator"):
        for asked in (path, f"/espace/structure/{KEY}/fiche/justificatifs/1"):
            answer = weak[name].get(asked)
            there = f"/espace/compte/double-authentification?{urlencode({'next': asked})}"
            assert answer.headers.get("Location") == there, asked


def test_words_of_the_table_are_told_apart() -> None:
    administrator, buyer = subject(1, "administrator"), subject(2, "user", buyer=True)
    assert allows(frozenset({"moderator"}), administrator)
    assert not allows(frozenset({"administrator"}), subject(3, "moderator"))
    assert not allows(frozenset({"verified_buyer"}), buyer)
    assert not allows(frozenset({"member"}), administrator)
    assert allows(frozenset({"member"}), buyer, member=True)
    assert not allows(frozenset(), administrator, member=True)
