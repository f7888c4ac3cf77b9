"""Ten thousand hostile values through every form and parameter: an answer in words to each, never
an error of ours, and nothing kept that a page shown later would run."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from annuaire.accounts import limits
from annuaire.accounts.models import User
from annuaire.accounts.policy import table
from annuaire.alerts.links import CONFIRM, LEAVE, MINE, REFUSE
from annuaire.alerts.links import Site as AlertSite
from annuaire.claims import service
from annuaire.claims.service import Wanted
from annuaire.config import Settings
from annuaire.contracts.models import Contract
from annuaire.db import writing
from annuaire.extensions import limiter
from annuaire.mail.models import MailLetter
from annuaire.moderation.queues import QUEUES
from annuaire.profiles.fields import SUBJECTS
from annuaire.sourcing.links import Links
from annuaire.structures.models import Structure
from tests.factories.accounts import PASSWORD, SIRET, make_user, sign_in
from tests.factories.claims import NOW, SITE
from tests.factories.commands import Run
from tests.factories.hostile import CANARY, HOSTILE_TEXT, would_run
from tests.factories.hostile_walk import Walk, watched
from tests.integration.conftest import StartFrom

#: By name, a value that passes.
SOUND = {
    "nom": "Camille", "courriel": "b@mairie-exemple.fr", "mot_de_passe": PASSWORD,
    "encore": PASSWORD, "acte": "masquer", "siret": SIRET, "territoire": "59", "next": "/aide",
    "employeur": "Essai", "raison": "Essai", "motif": "Essai", "message": "Essai", "texte": "Essai",
    "adresse": "/marches?q=a", "preuve": "word", "reponse": "oui", "verdict": "accept",
    "champ": "phone", "valeur": "a", "code": "AAAA-AAAA", "titre": "a", "note": "b",
    "lot": "boamp-26-1", "objet": "Essai", "file": "doublons", "retour": "/espace",
    "q": "nettoyage",
    "lieu": "Lille", "quoi": "nettoyage de bureaux", "montant": "9000", "date": "2026-03-02",
    "activite": "maraichage", "departement": "59", "rayon": "20", "sorte": "marches",
    "recherche": "q=papier", "client": "Essai", "annee": "2024", "genre": "label",
    "telephone": "03 20 00 00 00", "site": "essai.fr", "role": "logo", "montant_min": "1",
    "montant_max": "2", "facons": "service", "cotraitance": "oui", "accord": "oui",
}  # fmt: skip
#: Acts after which who sends them is nobody any more.
LAST = {
    "signing_in.out",
    "team.leave",
    "buying.leave",
    "account.erase",
    "account_security.end_sessions",
}
#: By part: how many walks, and how many values they send at the least. Of the three, the whole
#: suite draws for PostgreSQL that of who is signed in, which keeps what is sent.
PARTS = {"pages": (2, 2_400), "formulaires": (8, 3_200), "espaces": (3, 4_400)}
TOTAL = 10_000
OF_A_WALK = st.lists(HOSTILE_TEXT, min_size=40, max_size=40)


def fill(run: Run, _: Path) -> None:
    assert run("demo", "--no-serve").exit_code == 0


def test_parts_together_are_ten_thousand() -> None:
    assert sum(least for _, least in PARTS.values()) >= TOTAL


@pytest.mark.parametrize("part", PARTS)
def test_hostile_values_are_answered_and_never_run(
    app: Flask, base: Session, start_from: StartFrom, monkeypatch: pytest.MonkeyPatch, part: str,
    database: str, long_run: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(limits, "attempt", lambda *_: None)
    start_from(fill)
    first = base.scalars(select(Structure).order_by(Structure.id).limit(1)).one()
    structure_id, key = first.id, first.key
    walk = Walk(app, watched(app), SOUND, _parts(app, base, key))
    base.rollback()
    opens = _visitor(app) if part != "espaces" else _person(app, base, structure_id)
    walks, least = PARTS[part]
    if database == "postgresql":  # which refuses texts that SQLite keeps: one walk says it
        walks, least = 1, least // walks // 2
    walks *= 5 if long_run else 1
    number = 0

    @settings(max_examples=walks, phases=[Phase.generate], deadline=None)
    @given(OF_A_WALK)
    def walked(texts: list[str]) -> None:
        nonlocal number
        number += 1
        browser = opens(number)
        walk.kept.clear()
        for at, (rule, method) in enumerate(_addresses(app, part)):
            turned = texts[at % 40 :] + texts[: at % 40]
            for path in walk.paths(rule):
                walk.send_all(browser, path, method, turned)
            if "<" in rule.rule:
                walk.send_in_path(browser, rule, method, turned[0])

    walked()
    for letter in base.scalars(select(MailLetter)):
        assert would_run(letter.html or "") == []
    assert walk.sent >= least
    assert walk.shown > 20, f"« {CANARY} » is shown on no page: nothing was tried"


def _parts(app: Flask, base: Session, key: str) -> dict[str, list[str]]:
    """By name of a part of an address, what leads somewhere."""
    kept: Settings = app.extensions["annuaire.settings"]
    alerts, links = AlertSite("", kept.secret_key), Links(kept.secret_key, "")
    wanted = select(Contract.reference).order_by(Contract.id).limit(1)
    signed = [alerts.link(purpose, 1) for purpose in (CONFIRM, LEAVE, REFUSE)]
    signed += [alerts.link(MINE, "a@mairie-exemple.fr")]
    signed += [links.path(page, 1) for page in ("confirmer", "suivi", "repondre")]
    found = {
        "key": [key],
        "number": [key],
        "reference": [base.scalars(wanted).one()],
        "queue": list(QUEUES),
        "subject": list(SUBJECTS),
        "ending": ["csv"],
        "name": ["siae"],
        "departement": ["59"],
        "kind": ["structures"],
        "slug": ["a"],
        "coverage.code": ["maraichage", "59", "59350"],
    }  # fmt: skip
    return found | {f"{path.rsplit('/', 1)[0]}/": [path.rsplit("/", 1)[1]] for path in signed}


def _addresses(app: Flask, part: str) -> list[tuple[Rule, str]]:
    """The addresses of a part, what ends everything last."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint in LAST, rule.rule))
    free = [rule for rule in rules if table()[rule.endpoint] & {"visitor", "key"}]
    if part == "pages":
        return [(rule, "GET") for rule in free if "GET" in (rule.methods or ())]
    if part == "formulaires":
        return [(rule, "POST") for rule in free if "POST" in (rule.methods or ())]
    return [
        (rule, method) for rule in rules if rule not in free or rule.endpoint in LAST
        for method in ("GET", "POST") if method in (rule.methods or ())
    ]  # fmt: skip


def _visitor(app: Flask) -> Callable[[int], FlaskClient]:
    return lambda _: app.test_client()


def _person(app: Flask, base: Session, structure_id: int) -> Callable[[int], FlaskClient]:
    """Who may all that can be asked for by someone signed in, new at each walk."""

    def opened(number: int) -> FlaskClient:
        user_id = make_user(
            base, f"{number}@mairie-exemple.fr", role="administrator", structure_id=structure_id,
            verified_buyer=True, facilitator=True,
        )  # fmt: skip
        other = make_user(base, f"{number}@exemple.fr")
        with writing(base):
            claimant = base.get_one(User, other)
            service.start(base, structure_id + number, claimant, Wanted("letter"), SITE, NOW)
        return sign_in(app, user_id)

    return opened
