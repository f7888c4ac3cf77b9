"""A register of six cleaning companies, five of which publish an address."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from annuaire.config import Settings
from annuaire.extensions import limiter
from annuaire.sourcing.links import Links
from annuaire.structures.models import Structure
from tests.factories.commands import Run
from tests.factories.files import siae, write_csv
from tests.factories.requests import (
    KEYS,
    address_of,
    changing,
)  # fmt: skip
from tests.integration.conftest import StartFrom


def fill(run: Run, folder: Path) -> None:
    run("import", "siae", write_csv(folder / "siae.csv", [siae(n) for n in range(1, 7)]))


@pytest.fixture
def filled(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, start_from: StartFrom
) -> FlaskClient:
    """Six cleaning companies: five publish an address, the last a telephone alone."""
    monkeypatch.setattr(limiter, "enabled", False)
    start_from(fill)
    with changing(app) as session:
        for number, key in enumerate(KEYS[:5], 1):
            email = {"email": address_of(number)}
            session.execute(update(Structure).where(Structure.key == key).values(**email))
        last = update(Structure).where(Structure.key == KEYS[5])
        session.execute(last.values(phone="0320000000"))
    return client


@pytest.fixture
def links(settings: Settings) -> Links:
    return Links(settings.secret_key, settings.public_url)
