"""Addresses that webhooks are not sent to, and what cannot be registered."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.db import writing
from annuaire.platforms.sending import send_due
from importers.http import Client, Network
from tests.factories.hooks import HOST, NOW, URL, Platform, wait_for
from tests.factories.publisher import Reply


@pytest.mark.database("sqlite")
def test_redirections_are_not_followed(platform: Platform) -> None:
    platform.hook(contracts="")
    wait_for(platform, "a")
    platform.server.on(URL, Reply(302, headers={"Location": f"https://{HOST}/ailleurs"}))
    assert platform.send(NOW)["failed"] == 1
    assert platform.server.paths() == ["/annuaire"]


INTERNAL = (
    "http://plateforme.example.org/x", "https://plateforme.example.org:8443/x", "https://",
    "https://a:b@plateforme.example.org/x", "ftp://plateforme.example.org", "pas une adresse",
    "https://127.0.0.1/x", "https://[::1]/x", "https://localhost/x", "https://10.0.0.7/x",
    "https://169.254.169.254/latest/meta-data", "https://[::ffff:10.0.0.1]/", "https://2130706433/",
    "https://plateforme.example.org/é", "https://plateforme.example.org/#a", "https://a..b/x",
    f"https://{'a' * 64}.example.org/x",
)  # fmt: skip


@pytest.mark.database("sqlite")
def test_internal_addresses_are_refused_at_registration(
    platform: Platform, client: FlaskClient
) -> None:
    client.application.extensions["annuaire.network"] = Network()
    for url in INTERNAL:
        answer = platform.ask("POST", "/webhooks", {"url": url, "contracts": ""})
        assert answer.status_code == 422, url
        assert answer.get_json(force=True)["errors"][0]["pointer"] == "#/url"


@pytest.mark.database("sqlite")
def test_nobody_waits_for_the_names_of_others(
    platform: Platform, client: FlaskClient, session: Session
) -> None:
    true = platform.server.network

    def slow(host: str) -> Any:
        with writing(session):  # another writer, while the name is looked up
            session.add(outbox.OutboxLine(topic="contracts", object_id=1, created_at=NOW))
        return true.resolve(host)

    client.application.extensions["annuaire.network"] = replace(true, resolve=slow)
    platform.hook(contracts="")
    assert session.scalar(select(func.count()).select_from(outbox.OutboxLine)) == 1


@pytest.mark.database("sqlite")
def test_an_address_that_became_internal_is_refused_at_sending(platform: Platform) -> None:
    platform.hook(contracts="")
    wait_for(platform, "a")
    true = platform.server.network
    inside = Network(resolve=true.resolve, tls=true.tls)  # which permits public addresses alone
    assert inside.permits is not true.permits

    def connect(access: Any) -> Client:
        return Client(access, "annuaire (test)", replace(inside))

    counts = send_due(platform.session, connect, "test", NOW)
    assert (counts["failed"], platform.server.asked) == (1, [])
    log = platform.ask("GET", "/webhooks/1/deliveries").json["items"]
    assert "publique" in log[0]["error"]


@pytest.mark.database("sqlite")
def test_what_cannot_be_registered_is_refused(platform: Platform) -> None:
    cases = (
        ({"url": URL}, "#/contracts"),
        ({"url": URL, "contracts": "couleur=bleu"}, "#/contracts"),
        ({"url": URL, "structures": "type=ZZ"}, "#/structures"),
    )
    for body, pointer in cases:
        answer = platform.ask("POST", "/webhooks", body)
        assert answer.status_code == 422, body
        assert answer.get_json(force=True)["errors"][0]["pointer"] == pointer
    for _ in range(10):
        platform.hook(contracts="")
    assert platform.ask("POST", "/webhooks", {"url": URL, "contracts": ""}).status_code == 422
    assert platform.ask("DELETE", "/webhooks/1").status_code == 200
    assert platform.ask("GET", "/webhooks/1/deliveries").status_code == 404
    assert platform.ask("GET", "/webhooks/99/deliveries").status_code == 404
