"""What a person does with their account: password, codes, address, sessions, data, end."""

import re
from html import unescape

import pyotp
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from annuaire.accounts.audit import AuditEntry
from annuaire.accounts.models import MailedLink, RecoveryCode, User, UserSession
from annuaire.accounts.sessions import living
from tests.factories.accounts import (
    PASSWORD,
    letters,
    link_in,
    make_user,
    rows,
    sign_in,
    submit,
)
from tests.factories.pages import words_of

EMAIL = "camille@exemple.fr"
ACCOUNT = "/espace/compte"
TOTP = "/espace/compte/double-authentification"
MORNING = "2026-03-02T09:00:00Z"


def turn_on(browser: FlaskClient) -> tuple[str, list[str]]:
    """Turn the second factor on as a person does; returns the secret and the recovery codes."""
    secret, answer = turn_on_at(browser, TOTP)
    return secret, re.findall(r"<code>([a-z0-9-]{17})</code>", answer.text)


def turn_on_at(browser: FlaskClient, page: str) -> tuple[str, TestResponse]:
    """Turn it on from its page, by the addresses of its forms; returns the secret and what is
    shown then."""
    prepared = browser.get(submit(browser, form_of(browser, page), page, acte="preparer").location)
    secret = re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", prepared.text)
    assert secret
    code = pyotp.TOTP(secret[1]).now()
    return secret[1], submit(browser, form_of(browser, page), page, acte="activer", code=code)


def form_of(browser: FlaskClient, page: str) -> str:
    """Where the first form of a page about the second factor leads."""
    found = re.search(rf'<form action="({TOTP}[^"]*)"', browser.get(page).text)
    assert found
    return unescape(found[1])


def test_password_is_chosen_and_the_other_sessions_end(app: Flask, base: Session) -> None:
    user_id = make_user(base)
    other, browser = sign_in(app, user_id), sign_in(app, user_id)
    path = f"{ACCOUNT}/mot-de-passe"
    for weak in ("motdepasse123", "court", "camille@exemple", "a" * 10_000):
        answer = submit(browser, path, mot_de_passe=weak, encore=weak)
        assert answer.status_code == 400
        assert weak not in answer.text.replace(EMAIL, "")
    assert submit(browser, path, mot_de_passe=PASSWORD, encore="autre").status_code == 400
    assert submit(browser, path, mot_de_passe=PASSWORD, encore=PASSWORD).status_code == 303
    assert other.get(ACCOUNT).status_code == 303
    assert browser.get(ACCOUNT).status_code == 200
    assert letters(base)[-1].subject == "Votre mot de passe a changé"
    (user,) = rows(base, select(User))
    assert PASSWORD not in (user.password_hash or "")
    assert submit(browser, path, retirer="oui").status_code == 303
    assert rows(base, select(User))[0].password_hash is None


def test_second_factor_is_asked_and_its_codes_serve_once(app: Flask, base: Session) -> None:
    user_id = make_user(base)
    with time_machine.travel(MORNING, tick=False) as clock:
        browser = sign_in(app, user_id)
        secret, codes = turn_on(browser)
        assert len(codes) == len(set(codes)) == 10
        kept = rows(base, select(User))[0]
        assert secret not in (kept.totp_secret or "")
        assert not {c.code_hash for c in rows(base, select(RecoveryCode))} & set(codes)
        fresh = app.test_client()
        submit(fresh, "/connexion", courriel=EMAIL, next="/aide")
        answer = submit(fresh, link_in(letters(base)[-1]))
        assert answer.headers["Location"] == "/connexion/code"
        assert fresh.get(ACCOUNT).status_code == 303  # not yet
        now = pyotp.TOTP(secret).now()
        assert submit(fresh, "/connexion/code", code=now).status_code == 400  # served already
        clock.shift(30)
        now = pyotp.TOTP(secret).now()
        answer = submit(fresh, "/connexion/code", code=f"{now[:3]} {now[3:]}")
        assert answer.headers["Location"] == "/aide"
        assert fresh.get(ACCOUNT).status_code == 200
        assert rows(base, living(user_id))[0].second_factor

        lost = app.test_client()
        submit(lost, "/connexion", courriel=EMAIL)
        submit(lost, link_in(letters(base)[-1]))
        assert submit(lost, "/connexion/code", code="aaaaa-bbbbb-ccccc").status_code == 400
        assert submit(lost, "/connexion/code", code=codes[0].upper()).status_code == 303
        assert "il en reste 9" in (letters(base)[-1].text or "")
        again = app.test_client()
        submit(again, "/connexion", courriel=EMAIL)
        submit(again, link_in(letters(base)[-1]))
        assert submit(again, "/connexion/code", code=codes[0]).status_code == 400
        clock.shift(601)
        answer = submit(again, "/connexion/code", code=codes[1])
        assert answer.status_code == 410  # ten minutes after the first factor


def test_second_factor_is_not_guessed(app: Flask, base: Session) -> None:
    user_id = make_user(base)
    with time_machine.travel(MORNING, tick=False):
        turn_on(sign_in(app, user_id))
        thief = app.test_client()
        submit(thief, "/connexion", courriel=EMAIL)
        submit(thief, link_in(letters(base)[-1]))
        answers = [submit(thief, "/connexion/code", code=f"{n:06}").status_code for n in range(8)]
    assert answers == [400] * 5 + [429] * 3


def test_sensitive_act_asks_again_who_one_is(app: Flask, base: Session) -> None:
    user_id = make_user(base)
    path = f"{ACCOUNT}/mot-de-passe"
    with time_machine.travel(MORNING, tick=False) as clock:
        browser = sign_in(app, user_id)
        submit(browser, path, mot_de_passe=PASSWORD, encore=PASSWORD)
        clock.shift(901)
        for sensitive in (path, f"{ACCOUNT}/courriel", TOTP, f"{ACCOUNT}/effacer"):
            answer = browser.get(sensitive)
            assert answer.status_code == 303, sensitive
            assert answer.headers["Location"].startswith("/connexion/confirmer?next=")
        answer = submit(browser, f"{ACCOUNT}/effacer", ACCOUNT)
        assert answer.status_code == 303
        assert rows(base, select(User))
        confirm = f"/connexion/confirmer?next={path}"
        before = browser.get_cookie("compte")
        wrong = submit(browser, "/connexion/confirmer", confirm, mot_de_passe="faux", next=path)
        assert wrong.status_code == 400
        answer = submit(browser, "/connexion/confirmer", confirm, mot_de_passe=PASSWORD, next=path)
        assert answer.headers["Location"] == path
        assert browser.get(path).status_code == 200
        after = browser.get_cookie("compte")
        assert before is not None
        assert after is not None
        assert before.value != after.value
        clock.shift(901)
        submit(browser, "/connexion/confirmer", confirm, par="lien", next=path)
        answer = submit(browser, link_in(letters(base)[-1]))
        assert answer.headers["Location"] == path
        assert browser.get(path).status_code == 200


def test_address_changes_when_both_sides_agree(app: Flask, base: Session) -> None:
    browser = sign_in(app, make_user(base))
    make_user(base, "prise@exemple.fr")
    path = f"{ACCOUNT}/courriel"
    assert submit(browser, path, courriel="faux").status_code == 400
    assert submit(browser, path, courriel=EMAIL).status_code == 400
    said = [submit(browser, path, courriel=to).headers["Location"]
            for to in ("prise@exemple.fr", "neuve@exemple.fr")]  # fmt: skip
    assert said == [ACCOUNT, ACCOUNT]
    new, old = letters(base)[-2:]
    assert (new.recipient, old.recipient) == ("neuve@exemple.fr", EMAIL)
    elsewhere = app.test_client()  # a mail is read on any device
    elsewhere.get(link_in(new))
    submit(elsewhere, link_in(new))
    assert EMAIL in browser.get(ACCOUNT).text
    submit(elsewhere, link_in(old))
    assert "neuve@exemple.fr" in browser.get(ACCOUNT).text
    assert letters(base)[-1].recipient == EMAIL
    taken = letters(base)[0]
    assert taken.subject == "Cette adresse a déjà un compte"
    assert not re.search(r"/courriel/[\w-]{43}", taken.text or "")


def test_sessions_are_listed_and_closed(app: Flask, base: Session) -> None:
    user_id = make_user(base)
    stranger = sign_in(app, make_user(base, "autre@exemple.fr"))
    one, two, here = (sign_in(app, user_id) for _ in range(3))
    numbers = [each.id for each in rows(base, living(user_id))]
    page = words_of(here.get(ACCOUNT).text)
    assert page.count("Fermer la session") == 3
    submit(stranger, f"{ACCOUNT}/sessions", ACCOUNT, fermer=str(numbers[-1]))
    assert one.get(ACCOUNT).status_code == 200  # a stranger closes none of it
    submit(here, f"{ACCOUNT}/sessions", ACCOUNT, fermer=str(numbers[-1]))
    assert one.get(ACCOUNT).status_code == 303
    submit(here, f"{ACCOUNT}/sessions", ACCOUNT, toutes="oui")
    assert two.get(ACCOUNT).status_code == 303
    assert here.get(ACCOUNT).status_code == 200


def test_account_is_taken_away_and_erased_in_two_clicks(app: Flask, base: Session) -> None:
    user_id = make_user(base, buyer=True, facilitator=True)
    browser = sign_in(app, user_id)
    told = browser.get(f"{ACCOUNT}/export.json").get_json()
    assert told["accounts.erasing"]["email"] == EMAIL
    assert [o["siret"] for o in told["accounts.erasing"]["organisations"]]
    answer = submit(browser, f"{ACCOUNT}/effacer")
    assert answer.headers["Location"] == "/"
    assert browser.get(ACCOUNT).status_code == 303
    for model in (User, UserSession, MailedLink, RecoveryCode):
        assert rows(base, select(model)) == [], model
    (last,) = [each for each in letters(base) if each.state == "waiting"]
    assert last.subject == "Votre compte est effacé"
    acts = [e.action for e in rows(base, select(AuditEntry))]
    assert acts == ["accounts.erased"]


def test_only_administrator_cannot_leave(app: Flask, base: Session) -> None:
    browser = sign_in(app, make_user(base, role="administrator"))
    answer = submit(browser, f"{ACCOUNT}/effacer")
    assert answer.status_code == 400
    assert "seul administrateur" in words_of(answer.text)
    assert rows(base, select(User))


def test_moderator_without_second_factor_is_asked_for_it(app: Flask, base: Session) -> None:
    user_id = make_user(base, role="moderator")
    browser = sign_in(app, user_id, second_factor=False)
    asked = browser.get("/moderation?a=1").location
    assert asked == f"{TOTP}?next=%2Fmoderation%3Fa%3D1"
    for elsewhere in ("https://ailleurs.fr/", "//ailleurs.fr", "/\\ailleurs.fr"):
        assert "ailleurs" not in browser.get(TOTP, query_string={"next": elsewhere}).text
    _, shown = turn_on_at(browser, asked)
    assert 'href="/moderation?a=1"' in shown.text
    assert browser.get("/moderation").status_code == 200


def test_name_that_deceives_is_refused_with_a_word(app: Flask, base: Session) -> None:
    browser = sign_in(app, make_user(base))
    for name in ("", "a\u202eb", "a\u200bb", "x" * 300, "http://mal.fr"):
        answer = submit(browser, f"{ACCOUNT}/nom", ACCOUNT, nom=name)
        assert answer.status_code == 400, name
        assert 'href="#champ-nom"' in answer.text
    assert rows(base, select(User))[0].name == "Camille Essai"
