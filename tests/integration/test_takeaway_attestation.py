"""The dated attestation of a number: what it states, its own address, what changed since."""

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from annuaire.bench.files import invented_siret
from annuaire.db import writing
from annuaire.structures.models import StructureStatus
from tests.factories.commands import Run
from tests.factories.files import siae, write_csv

ONE, TWO, UNKNOWN = siae(1)["siret"], siae(2)["siret"], invented_siret(500)


@pytest.fixture
def filled(run: Run, client: FlaskClient, tmp_path: Path) -> FlaskClient:
    """A site of two structures."""
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1), siae(2)]))
    return client


def attestation(client: FlaskClient, number: str) -> tuple[str, str]:
    """The address of a new attestation, and its page."""
    led = client.get(f"/verifier/{number}/attestation")
    assert led.status_code == 302
    return led.location, unescape(client.get(led.location).text)


def fingerprint(page: str) -> str:
    found = re.search(r'class="fingerprint">([0-9a-f ]+)<', page)
    assert found
    return found.group(1)


def test_attestation_states_sources_dates_and_what_it_does_not_prove(filled: FlaskClient) -> None:
    address, page = attestation(filled, ONE)
    for said in (
        "PROPRETE D'ESSAI 1",
        "Entreprise d'insertion (EI)",
        "Structures de l'insertion",
        "ne vaut pas certificat du producteur",
        address,
    ):
        assert said in page
    assert re.fullmatch(r"([0-9a-f]{4} ){7}[0-9a-f]{4}", fingerprint(page))


def test_an_old_attestation_says_what_changed_since(filled: FlaskClient, session: Session) -> None:
    address, page = attestation(filled, ONE)
    with writing(session):
        session.execute(update(StructureStatus).values(valid_to=date(2026, 1, 1)))
    later = unescape(filled.get(address).text)
    assert fingerprint(later) == fingerprint(page)
    assert "mais l’annuaire dit autre chose aujourd’hui" in later
    assert "Inclusive aujourd’hui" in later.split("<h1>")[1]


def test_a_forged_attestation_is_refused(filled: FlaskClient) -> None:
    address, _ = attestation(filled, ONE)
    for forged in (f"{address}x", address.replace(ONE, TWO), "/verifier/abc/attestation"):
        assert filled.get(forged).status_code in (400, 404)
    assert "n’est pas celle d’une attestation" in filled.get(f"{address}x").text


def test_an_unknown_number_has_an_attestation_that_claims_nothing(filled: FlaskClient) -> None:
    _, page = attestation(filled, UNKNOWN)
    assert "Cela ne prouve rien" in page
