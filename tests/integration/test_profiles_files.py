"""Pictures and proofs of a structure's page: looked at, kept apart, served safely."""

import io
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from annuaire.config import Settings
from tests.factories.pages import token_of
from tests.factories.pictures import CARRIED, gif, pdf, photo
from tests.factories.profiles import FICHE, KEY, send, speaker


@pytest.fixture
def member(app: Flask, session: Session) -> FlaskClient:
    """The browser of who speaks for the structure of Lille."""
    return speaker(app, session)


@pytest.mark.database("sqlite")  # files are the subject
def test_pictures_and_proofs_are_kept_apart_and_served_safely(
    app: Flask, member: FlaskClient, settings: Settings
) -> None:
    def upload(subject: str, data: bytes, field: str, **more: str) -> TestResponse:
        return send(member, subject, **{field: (io.BytesIO(data), "a.jpg")}, **more)

    assert upload("photos", gif(), "fichier", texte="Un atelier").status_code == 400
    form = {"method": "POST", "content_type": "multipart/form-data; boundary=x"}
    huge = member.open(f"{FICHE}/photos", input_stream=io.BytesIO(bytes(50 << 20)), **form)
    assert (huge.status_code, "plus de 15 Mo" in unescape(huge.text)) == (413, True)
    huge = app.test_client().open(
        f"{FICHE}/photos", input_stream=io.BytesIO(bytes(50 << 20)), **form
    )
    assert (huge.status_code, "<form" in huge.text) == (413, False)  # a stranger sees no page
    assert "ce que montre" in upload("photos", photo(), "fichier", texte="").text
    added = upload("photos", photo(900, 300), "fichier", texte="Un atelier")
    assert "est sur votre page" in unescape(added.text)
    visitor = app.test_client()
    address = visitor.get(f"/structures/{KEY}").text.split('srcset="')[1].split(" ")[0]
    with visitor.get(address) as image:
        assert image.mimetype == "image/webp"
        assert image.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in image.headers["Content-Security-Policy"]
        assert CARRIED.encode() not in image.data
    assert visitor.get(address.replace("-320", "-321")).status_code == 404

    name = "qualifications-0-"
    wrong = {f"{name}nom": "Q", f"{name}fin": "32/01/2027"}
    sent = upload("qualifications", pdf(), f"{name}fichier", **wrong)
    assert sent.status_code == 400
    proof = sent.text.split("justificatifs/")[1].split('"')[0]  # kept, though a date is wrong
    kept = send(member, "qualifications", **{f"{name}nom": "Q", f"{name}preuve": proof})
    assert "déjà visible" in unescape(kept.text)
    with member.get(f"{FICHE}/justificatifs/{proof}") as served:
        assert served.data.startswith(b"%PDF")
        assert served.headers["Content-Disposition"].startswith("attachment")
    assert visitor.get(f"{FICHE}/justificatifs/{proof}").status_code == 303
    many = {f"qualifications-{n}-fichier": (io.BytesIO(b"x"), "a.pdf") for n in range(31)}
    assert "31 fichiers" in send(member, "qualifications", **many).text  # none is opened
    stolen = send(member, "qualifications", **{f"{name}nom": "Q", f"{name}preuve": "999"})
    assert "pas de cette structure" in unescape(stolen.text)

    sha256 = address.split("/")[-1].split("-")[0]
    token = token_of(member.get(f"{FICHE}/photos").text)
    member.post(f"{FICHE}/photos", data={"csrf_token": token, "retirer": sha256})
    assert visitor.get(address).status_code == 404
    assert len([*(settings.data_dir / "uploads").rglob("*-*")]) == 3  # two widths and a proof
