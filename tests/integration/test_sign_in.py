"""To sign up, in and out: what each page answers, to whom, and what the mails hold."""

from dataclasses import replace

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts import limits, service
from annuaire.accounts.models import MailedLink, User, UserSession
from annuaire.app import create_app
from annuaire.config import Settings
from annuaire.db import db, writing
from tests.factories.accounts import PASSWORD, letters, link_in, make_user, rows, sign_in, submit
from tests.factories.pages import words_of

EMAIL = "camille@exemple.fr"
ROLES = ("user", "moderator", "administrator")


def with_password(base: Session, email: str = EMAIL) -> int:
    user_id = make_user(base, email)
    with writing(base):
        user = service.account(base, user_id)
        service.set_password(base, user, PASSWORD, "http://x.fr", but_session=None)
    return user_id


def is_signed_in(browser: FlaskClient) -> bool:
    return browser.get("/espace/compte").status_code == 200


def test_account_is_made_when_its_link_is_followed(client: FlaskClient, base: Session) -> None:
    answer = submit(client, "/inscription", nom="Camille Essai", courriel=" Camille@Exemple.FR ")
    assert answer.headers["Location"] == "/connexion/envoye"
    assert rows(base, select(User)) == []
    (letter,) = letters(base)
    assert (letter.recipient, letter.purpose) == (EMAIL, "sign_in")
    path = link_in(letter)
    assert not is_signed_in(client)
    client.head(path), client.get(path), client.get(path)  # programs open the links of mails
    answer = submit(client, path)
    assert answer.headers["Location"] == "/espace"
    assert is_signed_in(client)
    assert "Camille Essai" in client.get("/espace/compte").text
    (user,) = rows(base, select(User))
    assert (user.email, user.role) == (EMAIL, "user")


def test_link_serves_once_and_a_quarter_of_an_hour(app: Flask, base: Session) -> None:
    make_user(base)
    browser, thief = app.test_client(), app.test_client()
    submit(browser, "/connexion", courriel=EMAIL)
    path = link_in(letters(base)[-1])
    assert submit(browser, path).status_code == 303
    answer = thief.get(path)
    assert answer.status_code == 410
    assert "déjà servi" in words_of(answer.text)
    assert thief.post(path, data={"csrf_token": "x"}).status_code == 400
    submit(thief, "/connexion", courriel=EMAIL)
    late = link_in(letters(base)[-1])
    with time_machine.travel("2100-01-01", tick=False):
        assert "expiré" in words_of(thief.get(late).text)
    assert "ne mène à rien" in words_of(thief.get("/connexion/lien/faux").text)


def test_whoever_asks_learns_nothing_of_accounts(app: Flask, base: Session) -> None:
    make_user(base)
    stopped = make_user(base, "arret@exemple.fr")
    with writing(base):
        service.suspend(base, service.account(base, stopped), actor_id=None, reason="essai")
    for path in ("/connexion", "/inscription"):
        said = []
        for email in (EMAIL, "arret@exemple.fr", "inconnu@exemple.fr"):
            answer = submit(app.test_client(), path, nom="Essai", courriel=email)
            said.append((answer.status_code, answer.headers["Location"], answer.text))
        assert said[0] == said[1] == said[2]
    links = rows(base, select(MailedLink.purpose).order_by(MailedLink.id))
    assert links == ["sign_in", "none", "sign_up"] * 2
    assert len(letters(base)) == 6


def test_password_signs_in_and_says_nothing_more(app: Flask, base: Session) -> None:
    with_password(base)
    browser = app.test_client()
    refused = [
        submit(browser, "/connexion/mot-de-passe", courriel=email, mot_de_passe="faux mot de passe")
        for email in (EMAIL, "inconnu@exemple.fr")
    ]
    pages = {words_of(r.text).replace("inconnu@exemple.fr", EMAIL) for r in refused}
    assert {r.status_code for r in refused} == {400}
    assert len(pages) == 1
    answer = submit(browser, "/connexion/mot-de-passe", courriel=EMAIL, mot_de_passe=PASSWORD,
                    next="/structures?q=a")  # fmt: skip
    assert answer.headers["Location"] == "/structures?q=a"
    assert is_signed_in(browser)


def test_sign_in_leads_to_this_site_alone(
    app: Flask, base: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "attempt", lambda *_: None)
    make_user(base)
    for asked, reached in (
        ("/structures?q=a&lieu=Lille", "/structures?q=a&lieu=Lille"),
        ("https://ailleurs.fr/", "/espace"),
        ("//ailleurs.fr", "/espace"),
        ("/\\ailleurs.fr", "/espace"),
        ("/\t/ailleurs.fr", "/espace"),
        ("javascript:alert(1)", "/espace"),
        ("/connexion?next=/", "/espace"),
        ("", "/espace"),
    ):
        browser = app.test_client()
        submit(browser, "/connexion", courriel=EMAIL, next=asked)
        answer = submit(browser, link_in(letters(base)[-1]))
        assert answer.headers["Location"] == reached, asked


def test_each_sign_in_gives_a_new_secret(app: Flask, base: Session) -> None:
    """What a browser held before signing in, put there by someone else, opens nothing after."""
    make_user(base)
    browser = app.test_client()
    browser.set_cookie("compte", "a" * 43)
    submit(browser, "/connexion", courriel=EMAIL)
    before = browser.get_cookie("session")
    answer = submit(browser, link_in(letters(base)[-1]))
    given = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("compte=")]
    assert len(given) == 1
    assert "HttpOnly" in given[0]
    assert "SameSite=Lax" in given[0]
    first = browser.get_cookie("compte")
    assert first is not None
    assert first.value != "a" * 43
    fixed = app.test_client()
    fixed.set_cookie("compte", "a" * 43)
    assert not is_signed_in(fixed)
    assert before != browser.get_cookie("session")  # the token of its forms is new too
    (kept,) = rows(base, select(UserSession))
    assert first.value not in (kept.token_hash, kept.agent)


def test_signing_out_ends_the_session_for_whoever_has_its_secret(app: Flask, base: Session) -> None:
    browser = sign_in(app, make_user(base))
    stolen = app.test_client()
    kept = browser.get_cookie("compte")
    assert kept is not None
    stolen.set_cookie("compte", kept.value)
    assert is_signed_in(stolen)
    assert browser.get("/deconnexion").status_code == 405
    submit(browser, "/deconnexion", "/espace/compte")
    assert not is_signed_in(browser)
    assert not is_signed_in(stolen)


def test_session_ends_by_itself_when_idle(app: Flask, base: Session) -> None:
    people = {role: make_user(base, f"{role}@exemple.fr", role=role) for role in ROLES}
    for role, hours, lasts in (
        ("user", 1, True), ("user", 167, True), ("user", 169, False),
        ("moderator", 0.9, True), ("moderator", 1.1, False), ("administrator", 1.1, False),
    ):  # fmt: skip
        with time_machine.travel("2026-03-02T09:00:00Z", tick=False) as clock:
            browser = sign_in(app, people[role])
            clock.shift(hours * 3_600)
            assert is_signed_in(browser) is lasts, (role, hours)


def test_session_is_kept_alive_by_use_but_not_for_ever(app: Flask, base: Session) -> None:
    user_id = make_user(base)
    with time_machine.travel("2026-03-02T09:00:00Z", tick=False) as clock:
        browser = sign_in(app, user_id)
        days = 0
        while is_signed_in(browser):
            clock.shift(3 * 86_400)
            days += 3
    assert days == 30


def test_visitor_reads_without_any_cookie(client: FlaskClient) -> None:
    for path in ("/", "/marches", "/aide", "/connexion/envoye"):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers, path
        assert "Se connecter" in answer.text
        assert "Cache-Control" not in answer.headers


def test_pages_of_who_is_signed_in_are_kept_by_nobody(app: Flask, base: Session) -> None:
    browser = sign_in(app, make_user(base))
    assert browser.get("/espace/compte").headers["Cache-Control"] == "no-store"
    answer = browser.get("/aide")
    assert answer.headers["Cache-Control"] == "private"
    assert "Mon espace" in answer.text


@pytest.mark.database("sqlite")  # its subject is what the pages say of themselves
@pytest.mark.parametrize(
    "path",
    [
        "/connexion/lien/{}",
        "/espace/compte/courriel/{}",
        "/invitation/{}",
        "/rattachements/preuve/{}",
        "/alertes/confirmer/{}",
        "/alertes/mes/{}",
        "/alertes/quitter/{}",
        "/demandes/confirmer/{}",
        "/demandes/repondre/{}",
        "/demandes/suivi/{}",
    ],
)
def test_address_with_a_secret_is_kept_by_nobody_and_told_to_no_other_site(
    client: FlaskClient, path: str
) -> None:
    page = client.get(path.format("faux"))
    assert page.status_code in {404, 410}
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_page_of_a_mailed_link_is_kept_by_nobody(client: FlaskClient, base: Session) -> None:
    submit(client, "/connexion", courriel=EMAIL)
    page = client.get(link_in(letters(base)[-1]))
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_production_asks_for_https_everywhere(settings: Settings, base: Session) -> None:
    app = create_app(replace(settings, environment="production"))
    make_user(base)
    browser = app.test_client()
    browser.environ_base["wsgi.url_scheme"] = "https"
    submit(browser, "/connexion", courriel=EMAIL)
    path = link_in(letters(base)[-1])
    answer = submit(browser, path)
    (given,) = [c for c in answer.headers.getlist("Set-Cookie") if "-compte=" in c]
    assert given.startswith("__Host-compte=")
    for mark in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert mark in given.split("; ")
    assert "Domain" not in given
    forms = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("session=")]
    assert all("Secure" in c and "HttpOnly" in c for c in forms)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    with app.app_context():
        db.engine.dispose()
