"""A platform that asks to be told, with its key and its own server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from annuaire.db import writing
from annuaire.extensions import limiter
from annuaire.platforms.models import WebhookDelivery
from annuaire.platforms.sending import add_deliveries, send_due
from tests.factories.commands import Run, last_json
from tests.factories.publisher import Publisher, Reply, lead_commands, publishing

HOST = "plateforme.example.org"
URL = f"https://{HOST}/annuaire"
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Platform:
    """A platform with its key, and its server."""

    client: FlaskClient
    session: Session
    server: Publisher
    key: str

    def ask(self, method: str, path: str, body: Any = None) -> TestResponse:
        self.session.rollback()
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers)
        self.session.rollback()
        return answer

    def hook(self, **searches: str) -> Any:
        answer = self.ask("POST", "/webhooks", {"url": URL} | searches)
        assert answer.status_code == 201, answer.text
        return answer.json

    def told(self) -> list[Any]:
        return [json.loads(asked.body) for asked in self.server.asked]

    def send(self, now: datetime) -> dict[str, int]:
        """Send what is due at a moment."""
        counts = send_due(self.session, lambda access: self.server.client(access), "test", now)
        self.session.rollback()
        return counts


@contextmanager
def platform(
    run: Run, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Platform]:
    """A platform whose server answers 204, while the site's network leads to it alone."""
    printed = run("keys", "create", "Essai", "--owner", "a@exemple.fr", "--scope", "webhooks",
                  "--json")  # fmt: skip
    limiter.reset()
    with publishing(HOST) as server:
        server.on(URL, Reply(204))
        lead_commands(server, monkeypatch)
        client.application.extensions["annuaire.network"] = server.network
        yield Platform(client, session, server, last_json(printed)["key"])
    limiter.reset()


def wait_for(platform: Platform, *subjects: str, hook: int = 1) -> list[str]:
    """Put messages in the log at NOW, as `prepare` does; returns their numbers."""
    with writing(platform.session):
        rows = [
            {"webhook_id": hook, "event": "contract.changed", "subject": subject,
             "changed_at": NOW, "digest": subject, "body": {"data": subject}}
            for subject in subjects
        ]  # fmt: skip
        add_deliveries(platform.session, rows, NOW)
    found = platform.session.scalars(
        select(WebhookDelivery.message_id).order_by(WebhookDelivery.id)
    ).all()
    platform.session.rollback()
    return list(found)
