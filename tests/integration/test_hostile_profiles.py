"""The forms of a profile, sent anything: an answer in words, nothing kept that a page would run."""

import io
from urllib.parse import quote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.extensions import limiter
from annuaire.profiles.models import Profile
from annuaire.structures.service import by_siret
from tests.factories.accounts import make_user, sign_in
from tests.factories.pages import token_of
from tests.factories.registers import open_a_run, read, siae
from tests.integration.test_hostile_requests import HOSTILE, check_sane

KEY = "99000002800010"
FICHE = f"/espace/structure/{KEY}/fiche"
#: Each form with values that pass: what is tried is one of them at a time.
FIELDS = {
    "presentation": {"nom_usage": "Essai", "presentation": "Dit.", "facons": "service",
                     "accessibilite": "Dit.", "version": "0", "action": "apercu"},
    "activites": {"activites": "maraichage", "offres": "Essai"},
    "zone": {"france": "oui", "rayon": "20", "centre": "Lille", "lieux": "Nord"},
    "moyens": {"mobilisables": "1", "equipes": "1", "materiel": "Dit.", "delai": "1",
               "disponible": "oui", "montant_min": "1", "montant_max": "2", "cotraitance": "oui",
               "partenaires": "Dit."},
    "references": {"references-0-objet": "Essai", "references-0-client": "Essai",
                   "references-0-accord": "oui", "references-0-annee": "2024",
                   "references-0-montant": "1"},
    "qualifications": {"qualifications-0-nom": "Essai", "qualifications-0-genre": "label",
                       "qualifications-0-organisme": "Essai", "qualifications-0-fin": "01/01/2027",
                       "qualifications-0-depuis": "01/01/2020", "qualifications-0-preuve": "1",
                       "reseaux": "Essai"},
    "contacts": {"telephone": "03 20 00 00 00", "courriel": "a@essai.fr", "site": "essai.fr",
                 "personnes-0-nom": "Essai", "personnes-0-role": "Essai",
                 "personnes-0-telephone": "03 20 00 00 00", "personnes-0-courriel": "a@essai.fr"},
    "photos": {"role": "logo", "texte": "Essai", "retirer": "a", "fichier": "a"},
    "historique/1/annuler": {"autre": "1"},
}  # fmt: skip


@pytest.fixture
def member(app: Flask, base: Session, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr(limiter, "enabled", False)
    read(base, open_a_run(base), "siae", [siae(KEY, None, "EI")])
    structure_id = by_siret(base, KEY).id
    base.rollback()
    return sign_in(app, make_user(base, structure_id=structure_id))


def test_every_form_of_a_profile_takes_every_hostile_text(
    base: Session, member: FlaskClient, long_run: bool
) -> None:
    token = quote_plus(token_of(member.get(f"{FICHE}/zone").text))
    number = 0
    for subject, fields in FIELDS.items():
        for field in fields:
            number += 1
            for text in HOSTILE if long_run else (HOSTILE[number * 7 % len(HOSTILE)],):
                others = "&".join(f"{k}={quote_plus(v)}" for k, v in fields.items() if k != field)
                path = f"{FICHE}/{subject}"
                answer = member.post(
                    path, data=f"csrf_token={token}&{others}&{field}={text}", buffered=True,
                    content_type="application/x-www-form-urlencoded",
                )  # fmt: skip
                if answer.status_code != 409:
                    check_sane(answer, "POST", f"{path} {field}={text[:60]}")
    for page in ("", "/historique"):
        check_sane(member.get(f"{FICHE}{page}"), "GET", page)
    check_sane(member.get(f"/structures/{KEY}"), "GET", KEY)
    kept = str(base.scalars(select(Profile.content)).one())
    assert "<script" not in kept
    assert "\u202e" not in kept


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
