"""Two structures that a directory knows, and who speaks for the first of them."""

from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from annuaire import runs
from annuaire.db import writing
from annuaire.structures.records import StatusRecord, StructureRecord
from annuaire.structures.service import Changes, by_siret, upsert
from tests.factories.accounts import make_user, sign_in
from tests.factories.pages import token_of, words_of

KEY, OTHER = "80000000100017", "80000000200015"
FICHE = f"/espace/structure/{KEY}/fiche"
TODAY = date(2026, 11, 28)


def listed(session: Session, name: str = "PROPRETE D'ESSAI") -> None:
    """What a directory says of two structures, of Lille and of Lyon."""
    ei = (StatusRecord("EI"),)
    records = [
        StructureRecord(KEY, name, ei, KEY, city="Lille", postcode="59000", code_insee="59350",
                        departement="59", lat=50.633, lon=3.058, geo_precision="street",
                        phone="+33320000000"),
        StructureRecord(OTHER, "BLANCHISSERIE D'ESSAI", ei, OTHER, city="Lyon", postcode="69003",
                        code_insee="69383", departement="69", lat=45.757, lon=4.855,
                        geo_precision="street"),
    ]  # fmt: skip
    with writing(session):
        run_id = runs.open_run(session, "siae", "essai")
        upsert(session, "siae", run_id, records, Changes(), TODAY)
        runs.close_run(session, run_id, "done", {})


def speaker(app: Flask, session: Session) -> FlaskClient:
    """The browser of who speaks for the structure of Lille."""
    listed(session)
    user_id = make_user(session, structure_id=by_siret(session, KEY).id)
    session.rollback()
    return sign_in(app, user_id)


def send(client: FlaskClient, subject: str, **answers: object) -> TestResponse:
    """Fill a subject's form as it stands, and send it."""
    page = client.get(f"{FICHE}/{subject}").text
    version = page.split('name="version" value="')[1].split('"')[0] if "version" in page else "0"
    data = {"csrf_token": token_of(page), "version": version} | answers
    return client.post(f"{FICHE}/{subject}", data=data, follow_redirects=True)


def plain(page: str) -> str:
    """The words of a page, with plain spaces."""
    return words_of(page).replace("\u202f", " ").replace("\xa0", " ")
