"""The forms of claims, moderation and « Mon espace », sent anything: an answer in words, nothing
that a page runs."""

import re
from urllib.parse import quote_plus

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts.members import join
from annuaire.accounts.models import User
from annuaire.claims import service
from annuaire.claims.models import Claim
from annuaire.claims.service import Wanted
from annuaire.db import writing
from annuaire.extensions import limiter
from annuaire.workspace.models import Kept
from tests.factories.accounts import make_user, sign_in
from tests.factories.claims import KEYS, KNOWN, NOW, SITE, add_claimed, structure_id
from tests.factories.pages import token_of
from tests.integration.test_hostile_requests import HOSTILE, SANE, check_sane

BLUEPRINTS = (
    "claims.", "team.", "moderation.", "moderation_", "journal.", "keeping.", "workspace.",
    "why_not.",
)  # fmt: skip
#: Each field of those forms and addresses, with a value that passes: one of them at a time is
#: tried.
FIELDS = {
    "preuve": "word", "adresse": "/marches?q=a", "message": "Essai", "reponse": "oui",
    "courriel": "b@exemple.fr", "motif": "Essai", "retirer": "1", "verdict": "accept",
    "ligne": "1", "confirme": "oui", "acte": "masquer", "champ": "phone", "valeur": "a",
    "decision": "1", "rattachement": "1", "code": "AAAA-AAAA", "titre": "a", "note": "b",
    "oublier": "oui", "lot": "boamp-26-1", "personne": "1", "objet": "claim", "numero": "1",
    "du": "2026-01-01", "au": "2026-01-02", "page": "1", "file": "doublons", "cle": KEYS[0],
    "retour": "/espace",
}  # fmt: skip
BELOW_500 = SANE | {403, 410}


@pytest.mark.database("sqlite")  # the texts themselves are kept on both by test_hostile_text
def test_every_form_and_address_takes_every_hostile_text(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, long_run: bool
) -> None:
    monkeypatch.setattr(limiter, "enabled", False)
    add_claimed(session)
    user_id = make_user(session, "mod@exemple.fr", role="moderator")
    other = make_user(session, KNOWN)
    with writing(session):
        join(session, user_id, structure_id(session))
        claimant = session.get_one(User, other)
        service.start(session, structure_id(session, 2), claimant, Wanted("letter"), SITE, NOW)
    browser = sign_in(app, user_id)
    token = quote_plus(token_of(browser.get(f"/structures/{KEYS[0]}/equipe").text))
    asked = 0
    for number, rule in enumerate(app.url_map.iter_rules()):
        if not rule.endpoint.startswith(BLUEPRINTS):
            continue
        methods = sorted((rule.methods or set()) & {"GET", "POST"})
        path = re.sub(r"<any\(([^,)]+)[^>]*>", r"\1", rule.rule)
        path = re.sub(r"<int:[^>]+>", "1", path)
        path = path.replace("<queue>", "rattachements")
        for start, field in enumerate(FIELDS):
            if not long_run and (start + number) % 4:
                continue  # a fourth of the fields at each address; all of them in the long tests
            one = (start * 7 + number * 11) % len(HOSTILE)
            for text in HOSTILE if long_run else HOSTILE[one : one + 1]:
                others = "&".join(f"{k}={quote_plus(v)}" for k, v in FIELDS.items() if k != field)
                sent = f"csrf_token={token}&{others}&{field}={text}"
                there = re.sub("<[^>]+>", KEYS[0] if start % 2 else text, path)
                for method in methods:
                    answer = browser.open(
                        there, method=method, buffered=True,
                        **({"data": sent, "content_type": "application/x-www-form-urlencoded"}
                           if method == "POST" else {"query_string": sent}),
                    )  # fmt: skip
                    asked += 1
                    if answer.status_code not in (403, 410):
                        check_sane(answer, method, f"{there} {field}={text[:60]}")
                    assert answer.status_code in BELOW_500, (method, there, field, text[:60])
    assert asked > 250
    session.rollback()
    for kept in session.scalars(select(Kept)):
        assert kept.address.startswith("/")
        assert kept.address.isprintable()
    assert session.scalars(select(Claim)).all()
