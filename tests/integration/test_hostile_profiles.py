"""The forms of a profile, sent too much: an answer in words."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from annuaire.extensions import limiter
from annuaire.structures.service import by_siret
from tests.factories.accounts import make_user, sign_in
from tests.factories.pages import token_of
from tests.factories.registers import open_a_run, read, siae

KEY = "99000002800010"
FICHE = f"/espace/structure/{KEY}/fiche"


@pytest.fixture
def member(app: Flask, base: Session, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr(limiter, "enabled", False)
    read(base, open_a_run(base), "siae", [siae(KEY, None, "EI")])
    structure_id = by_siret(base, KEY).id
    base.rollback()
    return sign_in(app, make_user(base, structure_id=structure_id))


@pytest.mark.database("sqlite")  # no question to the database differs
def test_many_rows_and_many_files_are_refused_in_words(member: FlaskClient) -> None:
    token = token_of(member.get(f"{FICHE}/zone").text)
    rows = {f"references-{n}-objet": f"Essai {n}" for n in range(120)}
    many = member.post(f"{FICHE}/references", data={"csrf_token": token} | rows)
    assert (many.status_code, "30 références au plus" in many.text) == (400, True)
    files = {f"qualifications-{n}-fichier": (io.BytesIO(b"%PDF-1.4"), "a.pdf") for n in range(3)}
    wrong = member.post(f"{FICHE}/qualifications", data={"csrf_token": token} | files)
    assert (wrong.status_code, wrong.text.count("abîmé")) == (400, 6)  # summed up, and beside each


def test_body_too_heavy_for_any_of_these_addresses_is_refused_in_words(client: FlaskClient) -> None:
    told = {"CONTENT_LENGTH": str(31 << 20)}
    for path in (f"/fichiers/images/{'a' * 64}-320.webp", f"{FICHE}/justificatifs/1"):
        answer = client.get(
            path, content_type="application/x-www-form-urlencoded", environ_overrides=told
        )
        assert (answer.status_code, "15 Mo" in answer.text) == (413, True)
