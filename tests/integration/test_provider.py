"""To sign in by an OpenID Connect provider, on one that runs beside the test."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts.models import ProviderIdentity, Seat, User
from annuaire.accounts.views.provider import init_provider
from annuaire.extensions import settings as settings_of
from tests.factories.accounts import SIRET, letters, link_in, make_user, rows, sign_in, submit
from tests.factories.pages import words_of
from tests.factories.provider import CLIENT, SECRET, Provider, provider

EMAIL = "camille@mairie-exemple.fr"
PERSON = {"sub": "abc-123", "email": EMAIL, "given_name": "Camille", "usual_name": "Essai",
          "siret": SIRET, "email_verified": True}  # fmt: skip
ACCOUNT = "/espace/compte"


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture
def running(server: Provider, app: Flask) -> Provider:
    """A provider that tells of PERSON, and a site that knows it."""
    server.claims, server.signs, server.lies = dict(PERSON), True, {}
    server.left.clear()
    with app.app_context():
        known = replace(
            settings_of(), oidc_issuer=server.issuer, oidc_client_id=CLIENT,
            oidc_client_secret=SECRET,
        )  # fmt: skip
    app.extensions["annuaire.settings"] = known
    init_provider(app, known)
    return server


def go(browser: FlaskClient, query: str = "") -> Any:
    """Leave for the provider and come back, as a browser does."""
    away = browser.get(f"/connexion/fournisseur{query}").headers["Location"]
    back = requests.get(away, allow_redirects=False, timeout=10).headers["Location"]
    return browser.get(back.removeprefix("http://127.0.0.1:8000"))


def test_site_without_a_provider_has_no_such_page(client: FlaskClient) -> None:
    assert client.get("/connexion/fournisseur").status_code == 404
    assert client.get("/connexion/fournisseur/retour?code=a&state=b").status_code == 404
    assert "ProConnect" not in client.get("/connexion").text


def test_person_comes_in_with_their_body(running: Provider, app: Flask, base: Session) -> None:
    browser = app.test_client()
    assert "Se connecter avec ProConnect" in browser.get("/connexion").text
    assert go(browser, "?next=/aide").headers["Location"] == "/aide"
    assert browser.get(ACCOUNT).status_code == 200
    (user,) = rows(base, select(User))
    assert (user.email, user.name) == (EMAIL, "Camille Essai")
    (seat,) = rows(base, select(Seat))
    assert (seat.siret, seat.verified_by) == (SIRET, "provider")
    asked = running.asked[-1]
    assert asked["code_challenge_method"] == "S256"
    assert asked["nonce"]
    running.signs = False
    running.claims["email"] = "ailleurs@mairie-exemple.fr"  # a new address, the same person
    assert go(app.test_client()).headers["Location"] == "/espace"
    assert len(rows(base, select(User))) == 1


def test_address_that_the_provider_does_not_vouch_for_is_proved_by_mail(
    running: Provider, app: Flask, base: Session
) -> None:
    make_user(base, EMAIL)
    running.claims["email_verified"] = False
    browser = app.test_client()
    assert go(browser).headers["Location"] == "/connexion/envoye"
    assert browser.get(ACCOUNT).status_code == 303
    assert rows(base, select(ProviderIdentity)) == []
    submit(browser, link_in(letters(base)[-1]))
    assert browser.get(ACCOUNT).status_code == 200
    assert go(app.test_client()).headers["Location"] == "/espace"


def test_address_given_to_the_provider_by_another_ties_nothing(
    running: Provider, app: Flask, base: Session
) -> None:
    """Who gives the provider somebody's address has them mailed a link, and wins nothing by it."""
    make_user(base, EMAIL)
    running.claims["email_verified"] = False
    thief, victim = app.test_client(), app.test_client()
    go(thief)
    submit(victim, link_in(letters(base)[-1]))
    assert victim.get(ACCOUNT).status_code == 200
    assert rows(base, select(ProviderIdentity)) == []
    assert go(thief).headers["Location"] == "/connexion/envoye"


def test_token_that_lies_opens_nothing(running: Provider, app: Flask, base: Session) -> None:
    for lies in (
        {"nonce": "autre"}, {"aud": "autre"}, {"iss": "http://mal.fr"}, {"exp": 1},
        {"forged": True}, {"sub": "une autre personne"},
    ):  # fmt: skip
        running.lies = lies
        browser = app.test_client()
        assert go(browser).headers["Location"] == "/connexion", lies
        assert "n’a pas abouti" in words_of(browser.get("/connexion").text), lies
    assert rows(base, select(User)) == []


def test_return_that_one_did_not_ask_for_opens_nothing(
    running: Provider, app: Flask, base: Session
) -> None:
    """Who lures a person to their own return does not sign them in to their account."""
    thief, victim = app.test_client(), app.test_client()
    away = thief.get("/connexion/fournisseur").headers["Location"]
    back = requests.get(away, allow_redirects=False, timeout=10).headers["Location"]
    path = back.removeprefix("http://127.0.0.1:8000")
    assert victim.get(path).headers["Location"] == "/connexion"
    assert victim.get(ACCOUNT).status_code == 303
    assert victim.get("/connexion/fournisseur/retour").headers["Location"] == "/connexion"
    error = victim.get("/connexion/fournisseur/retour?error=access_denied&error_description=<b>")
    assert error.headers["Location"] == "/connexion"
    assert "<b>" not in victim.get("/connexion").text


def test_provider_that_is_away_is_told(running: Provider, app: Flask) -> None:
    app.extensions["authlib.integrations.flask_client"].create_client(
        "oidc"
    ).server_metadata.clear()
    with app.app_context():
        gone = replace(settings_of(), oidc_issuer="http://127.0.0.1:9")
    init_provider(app, gone)
    browser = app.test_client()
    assert browser.get("/connexion/fournisseur").headers["Location"] == "/connexion"
    assert "n’a pas abouti" in words_of(browser.get("/connexion").text)


def test_sign_out_ends_the_session_of_the_provider_too(
    running: Provider, app: Flask, base: Session
) -> None:
    browser = app.test_client()
    go(browser)
    page = browser.get(ACCOUNT)
    assert f"form-action 'self' {running.issuer};" in page.headers["Content-Security-Policy"]
    out = submit(browser, "/deconnexion", ACCOUNT)
    assert browser.get(ACCOUNT).status_code == 303  # whatever the provider then does
    assert out.headers["Location"].startswith(f"{running.issuer}/session/end?")
    back = requests.get(out.headers["Location"], allow_redirects=False, timeout=10)
    assert running.left[-1]["sub"] == PERSON["sub"]
    home = browser.get(back.headers["Location"].removeprefix("http://127.0.0.1:8000"))
    assert home.headers["Location"] == "/"
    assert "déconnecté, ici et chez ProConnect" in words_of(browser.get("/aide").text)
    # Once, and by who left alone.
    for who in (browser, app.test_client()):
        again = who.get(back.headers["Location"].removeprefix("http://127.0.0.1:8000"))
        assert again.headers["Location"] == "/"
        assert "ici et chez ProConnect" not in words_of(who.get("/aide").text)
    go(browser)
    assert submit(browser, "/deconnexion", ACCOUNT).headers["Location"] != "/"


def test_sign_out_of_who_came_in_otherwise_asks_the_provider_nothing(
    running: Provider, app: Flask, base: Session
) -> None:
    browser = sign_in(app, make_user(base, EMAIL))
    assert submit(browser, "/deconnexion", ACCOUNT).headers["Location"] == "/"
    assert running.left == []


@pytest.mark.parametrize("ends", [None, "http://ailleurs.example/end", "http://127.0.0.1:9/end"])
def test_provider_that_cannot_end_its_session_is_said(
    running: Provider, app: Flask, base: Session, ends: str | None
) -> None:
    browser = app.test_client()
    go(browser)
    known = app.extensions["authlib.integrations.flask_client"].create_client("oidc")
    known.server_metadata["end_session_endpoint"] = ends
    if ends is None:
        del known.server_metadata["end_session_endpoint"]
    assert submit(browser, "/deconnexion", ACCOUNT).headers["Location"] == "/"
    assert "fermez aussi votre session chez lui" in words_of(browser.get("/aide").text)
    assert browser.get(ACCOUNT).status_code == 303
