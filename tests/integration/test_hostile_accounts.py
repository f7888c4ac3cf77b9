"""The forms of who is signed in, sent anything: an answer in words, nothing that a page runs."""

import re
from urllib.parse import quote_plus

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts import limits
from annuaire.accounts.models import User
from annuaire.db import writing
from tests.factories.accounts import PASSWORD, SIRET, make_user, rows, sign_in
from tests.factories.pages import token_of
from tests.integration.test_hostile_requests import HOSTILE, SANE, check_sane

BLUEPRINTS = ("account.", "account_security.", "buying.", "signing_")
#: Each field of those forms, with a value that passes: what is tried is one of them at a time.
FIELDS = {
    "nom": "Camille", "courriel": "b@mairie-exemple.fr", "mot_de_passe": PASSWORD,
    "encore": PASSWORD, "code": "123456", "acte": "preparer", "fermer": "1", "siret": SIRET,
    "organisation": "1", "pour": "1", "territoire": "59", "employeur": "Essai", "raison": "Essai",
    "next": "/aide", "sorte": "territoires", "numero": "1", "par": "lien", "retirer": "oui",
    "toutes": "oui",
}  # fmt: skip
BELOW_500 = SANE | {403, 410}


@pytest.mark.database("postgresql")  # which refuses texts that SQLite keeps
def test_every_form_of_the_accounts_takes_every_hostile_text(
    app: Flask, base: Session, monkeypatch: pytest.MonkeyPatch, long_run: bool
) -> None:
    monkeypatch.setattr(limits, "attempt", lambda *_: None)
    make_user(base, "chef@exemple.fr", role="administrator")
    asked = 0
    for number, rule in enumerate(app.url_map.iter_rules()):
        if not rule.endpoint.startswith(BLUEPRINTS) or "POST" not in (rule.methods or ()):
            continue
        with writing(base):
            for user in base.scalars(select(User).where(User.email != "chef@exemple.fr")):
                base.delete(user)
        user_id = make_user(base, "a@mairie-exemple.fr", role="administrator", buyer=True)
        browser = sign_in(app, user_id)
        token = quote_plus(token_of(browser.get("/espace/compte").text))
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        for start, field in enumerate(FIELDS):
            if (start + number) % 2 and not long_run:
                continue
            one = (start * 7 + number * 11) % len(HOSTILE)
            for text in HOSTILE if long_run else HOSTILE[one : one + 1]:
                others = "&".join(f"{k}={quote_plus(v)}" for k, v in FIELDS.items() if k != field)
                answer = browser.post(
                    path, data=f"csrf_token={token}&{others}&{field}={text}", buffered=True,
                    content_type="application/x-www-form-urlencoded",
                )  # fmt: skip
                asked += 1
                if answer.status_code not in (403, 410):
                    check_sane(answer, "POST", f"{path} {field}={text[:60]}")
                assert answer.status_code in BELOW_500
    assert asked > 125
    for user in rows(base, select(User)):
        assert "<script" not in user.name
        assert user.name.isprintable()


def test_forged_cookie_is_a_visitor(app: Flask, base: Session) -> None:
    make_user(base)
    browser = app.test_client()
    for cookie in ("", "a", "a" * 4_000, "%00", "';--", '"', "é", "a" * 43, "null", "{}"):
        headers = {"Cookie": f"compte={cookie}"}
        assert browser.get("/espace/compte", headers=headers).status_code == 303, cookie
        assert browser.get("/aide", headers=headers).status_code == 200
