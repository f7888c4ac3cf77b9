"""Keys of the API: what they open, what they are limited to, what is kept of them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from annuaire.accounts.models import User
from annuaire.api.describing.operations import OPERATIONS
from annuaire.api.describing.samples import sample
from annuaire.api.views.base import KEY_READING
from annuaire.api.views.callers import usage_counter
from annuaire.db import writing
from annuaire.extensions import limiter
from annuaire.platforms.keys import Wanted, create, keys_of
from annuaire.platforms.models import ApiKey, ApiUsage, Webhook
from annuaire.platforms.owners import erase, export_of
from annuaire.platforms.webhooks import disable_without_key
from tests.factories.accounts import make_user, sign_in
from tests.factories.commands import Run, last_json

OWNER = "Technique@exemple.fr"


@pytest.fixture(autouse=True)
def uncounted(app: Flask) -> Iterator[None]:
    limiter.reset()
    yield
    limiter.reset()


def made(run: Run, *options: str) -> str:
    printed = run("keys", "create", "Essai", "--owner", OWNER, *options, "--json")
    assert printed.exit_code == 0, printed.output
    key: str = last_json(printed)["key"]
    return key


def asked(client: FlaskClient, key: str, path: str = "/activities", **more: Any) -> TestResponse:
    method = more.pop("method", "get")
    headers = {"Authorization": f"Bearer {key}"}
    return client.open(f"/api/v1{path}", method=method, headers=headers, **more)


def test_a_key_is_shown_once_and_kept_as_a_digest(run: Run, session: Session) -> None:
    key = made(run, "--scope", "read")
    held = session.scalars(select(ApiKey)).one()
    assert key.startswith(f"ann_{held.prefix}_")
    kept = " ".join(str(getattr(held, column.name)) for column in ApiKey.__table__.columns)
    assert key.rpartition("_")[2] not in kept
    assert held.owner == OWNER.lower()
    session.rollback()
    listed = run("keys", "list").stdout
    assert key[4:12] in listed
    assert key not in listed


def test_a_key_gives_a_higher_limit_and_says_what_it_used(
    run: Run, client: FlaskClient, session: Session, app: Flask
) -> None:
    key = made(run, "--scope", "read")
    first = asked(client, key)
    assert first.headers["RateLimit-Policy"] == f'"cle";q={KEY_READING.split()[0]};w=60'
    assert client.get("/api/v1/activities").headers["RateLimit-Policy"].startswith('"adresse"')
    asked(client, key)
    with app.app_context(), writing(session):
        usage_counter().write(session)
    rows = session.execute(select(ApiUsage.operation, ApiUsage.count)).all()
    assert [tuple(row) for row in rows] == [("activities", 2)]
    session.rollback()
    told = asked(client, key, "/key").json
    assert (told["scopes"], told["limits"]["reading"]) == (["read"], 600)
    assert told["usage"][0]["count"] == 2
    assert "2 demandes" in run("keys", "list").stdout


@pytest.mark.database("sqlite")
def test_what_a_key_may_not_is_refused(run: Run, client: FlaskClient) -> None:
    reads, matches = made(run, "--scope", "read"), made(run, "--scope", "match")
    body = {"numbers": ["123"]}
    cases = (
        (reads, "/check", {"method": "post", "json": body}, 403),
        (matches, "/check", {"method": "post", "json": body}, 200),
        (matches, "/activities", {}, 403),
        (reads[:-1] + ("a" if reads[-1] != "a" else "b"), "/activities", {}, 401),
        ("n'importe quoi", "/activities", {}, 401),
    )
    for key, path, more, status in cases:
        answer = asked(client, key, path, **more)
        assert answer.status_code == status, answer.text
        if status != 200:
            assert answer.mimetype == "application/problem+json"
    unknown = asked(client, "ann_x")
    assert unknown.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.database("sqlite")
def test_what_needs_a_key_is_refused_without(client: FlaskClient) -> None:
    needing = [operation for operation in OPERATIONS if operation.needs_key]
    assert {operation.scope for operation in needing} == {"", "contracts:write", "webhooks"}
    for operation in needing:
        path = re.sub(r"{[^}]+}", "1", operation.path)
        assert client.open(f"/api/v1{path}", method=operation.method).status_code == 401


def test_key_of_a_suspended_account_opens_nothing_until_it_is_restored(
    run: Run, client: FlaskClient, session: Session
) -> None:
    key = made(run, "--scope", "webhooks", "--scope", "read")
    user_id = make_user(session, OWNER.lower())
    now = datetime.now(UTC)
    with writing(session):
        session.get_one(User, user_id).suspended_at = now
        family = session.scalars(select(ApiKey.family)).one()
        session.add(
            Webhook(family=family, url="https://x.fr", salt="s", created_at=now, seen_at=now)
        )
    assert asked(client, key).status_code == 401
    with writing(session):
        assert disable_without_key(session, now) == 1
        session.get_one(User, user_id).suspended_at = None
    assert asked(client, key).status_code == 200


def test_key_stays_with_its_account_when_somebody_has_its_former_address(
    app: Flask, session: Session
) -> None:
    first = make_user(session, "camille@exemple.fr")
    with writing(session):
        wanted = Wanted("Essai", "camille@exemple.fr", ["read"], "espace", user_id=first)
        create(session, wanted, datetime.now(UTC))
        session.get_one(User, first).email = "ailleurs@exemple.fr"
    later = make_user(session, "camille@exemple.fr")
    assert session.scalars(keys_of("camille@exemple.fr", later)).all() == []
    assert len(session.scalars(keys_of("ailleurs@exemple.fr", first)).all()) == 1
    session.rollback()
    with writing(session):
        assert erase(session, "camille@exemple.fr") == 0


def test_a_replaced_key_holds_for_a_while_and_a_revoked_one_no_more(
    run: Run, client: FlaskClient, session: Session
) -> None:
    old = made(run, "--scope", "read")
    shown = old.split("_")[1]
    fresh = last_json(run("keys", "rotate", shown, "--overlap", "3", "--json"))["key"]
    assert [asked(client, key).status_code for key in (old, fresh)] == [200, 200]
    now = datetime.now(UTC)
    with writing(session):
        held = session.scalars(select(ApiKey).where(ApiKey.prefix == shown)).one()
        assert timedelta(days=2) < held.expires_at - now < timedelta(days=4)
        held.expires_at = now - timedelta(seconds=1)
    session.rollback()
    assert [asked(client, key).status_code for key in (old, fresh)] == [401, 200]
    assert run("keys", "rotate", shown).exit_code != 0
    session.rollback()
    assert run("keys", "revoke", fresh.split("_")[1], "--why", "perdue").exit_code == 0
    session.rollback()
    assert asked(client, fresh).status_code == 401
    assert "révoquée" in run("keys", "list").stdout


REFUSED = (
    ("Essai", "pas une adresse", ("--scope", "read")),
    ("E", OWNER, ("--scope", "read")),
    ("Essai", OWNER, ("--scope", "contracts:write")),
    ("Essai", OWNER, ("--scope", "contracts:write", "--platform", "Ma Plateforme")),
)


@pytest.mark.database("sqlite")
def test_keys_that_cannot_be_are_refused_in_words(run: Run, session: Session) -> None:
    for name, owner, options in REFUSED:
        printed = run("keys", "create", name, "--owner", owner, *options)
        assert printed.exit_code != 0
    made(run, "--scope", "contracts:write", "--platform", "exemple")
    taken = run("keys", "create", "Autre", "--owner", "b@exemple.fr", "--scope",
                "contracts:write", "--platform", "exemple")  # fmt: skip
    assert "autre titulaire" in str(taken.exception)


@pytest.mark.database("sqlite")
def test_a_key_for_tests_is_answered_by_samples_and_keeps_nothing(
    run: Run, client: FlaskClient, session: Session
) -> None:
    key = made(run, "--scope", "read", "--scope", "match", "--test")
    assert key.startswith("anntest_")
    found = asked(client, key, "/structures?q=rien")
    assert found.json == sample("structures")
    assert found.headers["Annuaire-Test"] == "oui"
    assert found.headers["Cache-Control"] == "no-store"
    assert asked(client, key, "/match", method="post", json={"text": "vitres"}).json == sample(
        "match"
    )
    refused = asked(client, key, "/match", method="post", json={"texte": "vitres"})
    assert refused.status_code == 422


def test_an_owner_has_a_number_of_keys_at_most(
    run: Run, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annuaire.platforms.keys.MOST", 1)
    made(run, "--scope", "read")
    assert "révoquez" in str(run("keys", "create", "Deux", "--owner", OWNER, "--scope",
                                 "read").exception)  # fmt: skip
    with writing(session):
        session.execute(update(ApiKey).values(expires_at=datetime.now(UTC)))
    made(run, "--scope", "read")


def test_owners_make_replace_and_revoke_their_own_keys(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    mine = sign_in(app, make_user(session, "camille@exemple.fr"))
    other = sign_in(app, make_user(session, "claude@exemple.fr"))
    assert client.get("/espace/cles").status_code == 303
    session.rollback()
    refused = mine.post("/espace/cles", data={"nom": "X", "portees": "read"})
    assert refused.status_code == 400
    assert "2 à 80 signes" in refused.text
    asked_more = {"nom": "Profil <acheteur>", "portees": ["read", "contracts:write"]}
    once = mine.post("/espace/cles", data=asked_more)
    (key,) = re.findall(r"ann_\w{8}_\w{40}", once.text)
    assert "no-store" in once.headers["Cache-Control"]
    assert session.scalars(select(ApiKey.scopes)).one() == ["read"]
    session.rollback()
    page = mine.get("/espace/cles").text
    assert (key in page, key[:12] in page, "Profil &lt;acheteur&gt;" in page) == (
        False, True, True,
    )  # fmt: skip
    prefix = key[4:12]
    assert prefix not in other.get("/espace/cles").text
    for act in ("remplacer", "revoquer"):
        assert other.post(f"/espace/cles/{prefix}/{act}").status_code == 404
    (fresh,) = re.findall(r"ann_\w{8}_\w{40}", mine.post(f"/espace/cles/{prefix}/remplacer").text)
    session.rollback()
    assert [asked(client, each).status_code for each in (key, fresh)] == [200, 200]
    session.rollback()
    mine.post(f"/espace/cles/{prefix}/revoquer")
    session.rollback()
    assert [asked(client, each).status_code for each in (key, fresh)] == [401, 200]
    session.rollback()
    assert "par son titulaire" in mine.get("/espace/cles").text


def test_a_holder_is_told_what_is_kept_and_forgotten_at_their_demand(
    run: Run, session: Session, client: FlaskClient
) -> None:
    make_user(session, OWNER.lower())
    keys = made(run, "--scope", "webhooks"), made(run, "--scope", "read")
    with writing(session):
        held = session.scalars(select(ApiKey).order_by(ApiKey.id)).first()
        assert held
        hook = Webhook(family=held.family, url="https://a.example/x", contracts="", salt="s")
        hook.created_at = hook.seen_at = datetime.now(UTC)
        session.add(hook)
    told = export_of(session, OWNER)
    assert len(told["keys"]) == 2
    assert told["webhooks"][0]["url"] == "https://a.example/x"
    session.rollback()
    with writing(session):
        assert erase(session, OWNER) == 2
    assert export_of(session, OWNER) == {"keys": [], "webhooks": []}
    assert set(session.scalars(select(ApiKey.owner))) == {""}
    session.rollback()
    assert [asked(client, key).status_code for key in keys] == [401, 401]
