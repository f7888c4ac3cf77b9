"""A structure says who it is: shown at once, found, undone, and never lost."""

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from annuaire.db import writing
from annuaire.errors import InvalidInputError
from annuaire.profiles import reviewing, service
from annuaire.profiles.models import ProfileEdit
from annuaire.profiles.views import PER_PAGE
from annuaire.structures.report_form import Reported
from annuaire.structures.reports import answer as answer_report
from annuaire.structures.reports import file_report
from annuaire.structures.service import by_siret
from search.engine import Engine
from search.indexing import drain
from tests.factories.accounts import make_user, sign_in
from tests.factories.pages import token_of
from tests.factories.profiles import FICHE, KEY, OTHER, TODAY, listed, plain, send, speaker


@pytest.fixture
def member(app: Flask, session: Session) -> FlaskClient:
    """The browser of who speaks for the structure of Lille."""
    return speaker(app, session)


def found(client: FlaskClient, query: str) -> set[str]:
    """The keys that the search page lists."""
    page = client.get(f"/structures?{query}").text
    return {key for key in (KEY, OTHER) if f'href="/structures/{key}"' in page}


def test_what_is_said_is_shown_found_and_stands_before_directories(
    app: Flask, session: Session, member: FlaskClient
) -> None:
    answers: list[tuple[str, dict[str, object]]] = [
        ("presentation", {"nom_usage": "Le Phare", "presentation": "Taille de haies."}),
        ("activites", {"activites": ["elagage-bucheronnage"], "offres": "Broyage de souches"}),
        ("zone", {"rayon": "20", "lieux": "Rhône\nCorse-du-Sud"}),
        ("moyens", {"mobilisables": "12", "disponible": "oui", "montant_max": "40000",
                    "cotraitance": "oui", "partenaires": "Des paysagistes"}),
        ("references", {"references-0-objet": "Parc d’essai", "references-0-annee": "2024"}),
        ("qualifications", {"qualifications-0-nom": "Label d’essai", "reseaux": "Réseau d’essai",
                            "qualifications-0-genre": "label"}),
        ("contacts", {"courriel": "phare@essai.fr", "personnes-0-nom": "Camille Essai"}),
    ]  # fmt: skip
    for subject, given in answers:
        assert "déjà visible" in unescape(send(member, subject, **given).text), subject
    visitor = app.test_client()
    page = plain(visitor.get(f"/structures/{KEY}").text)
    for said in ("Le Phare", "Taille de haies.", "Broyage de souches", "Rhône (69)",
                 "12 personnes", "jusqu’à 40 000 € HT", "Des paysagistes", "Parc d’essai",
                 "Label d’essai (label)", "Camille Essai", "phare@essai.fr",
                 "Dit par la structure sur sa fiche"):  # fmt: skip
        assert said in page, said
    assert "Modifier la fiche" not in page
    assert "Modifier la fiche" in member.get(f"/structures/{KEY}").text
    engine: Engine = app.extensions["annuaire.engine"]
    drain(session, engine, TODAY)
    session.rollback()
    for query, keys in [
        ("intervient=Ajaccio", {KEY}),
        ("intervient=Lyon", {KEY}),
        ("intervient=69&cotraitance=oui", {KEY}),
        ("intervient=Brest", set()),
        ("activite=elagage-bucheronnage&q=broyage+de+souches", {KEY}),
        ("label=Label+d’essai&reseau=Réseau+d’essai", {KEY}),
    ]:
        assert found(visitor, query) == keys, query
    need = plain(visitor.get("/besoins/nouveau?quoi=élagage+d'arbres&lieu=Ajaccio").text)
    assert "Le Phare" in need  # 900 km away
    assert "Intervient sur place, d'après sa fiche : Corse-du-Sud (2A)." in need
    listed(session, name="UN AUTRE NOM")  # a later reading changes nothing of what it says
    structure = by_siret(session, KEY)
    assert (structure.name, structure.brand) == ("UN AUTRE NOM", "Le Phare")
    assert (structure.email, structure.origins["email"][0]) == ("phare@essai.fr", "profil")
    assert (structure.phone, structure.origins["phone"][0]) == ("+33320000000", "siae")
    session.rollback()
    gauge = plain(member.get(FICHE).text)
    assert "Fiche complète à 90 %" in gauge
    assert "un logo ou une photo (+4 %)" in gauge


def test_edits_are_undone_and_two_editors_lose_nothing(
    session: Session, member: FlaskClient
) -> None:
    send(member, "contacts", telephone="03 20 11 22 33", courriel="a@essai.fr")
    send(member, "contacts", telephone="03 20 11 22 34", courriel="a@essai.fr")
    first, second = session.scalars(select(ProfileEdit.id).order_by(ProfileEdit.id)).all()
    session.rollback()
    history = member.get(f"{FICHE}/historique").text
    assert "03 20 11 22 33" in plain(history)
    token = token_of(history)

    def undo(number: int) -> TestResponse:
        path = f"{FICHE}/historique/{number}/annuler"
        return member.post(path, data={"csrf_token": token}, follow_redirects=True)

    assert "plus récente a changé : téléphone" in unescape(undo(first).text)
    assert f"La modification {second} est annulée" in unescape(undo(second).text)
    assert by_siret(session, KEY).phone == "+33320112233"
    session.rollback()
    undo(first)
    assert by_siret(session, KEY).phone == "+33320000000"  # the directory's own again
    session.rollback()
    assert "déjà annulée" in unescape(undo(first).text)
    assert undo(9_999).status_code == 404

    version = service.held(session, by_siret(session, KEY).id).version
    session.rollback()
    mine = {"csrf_token": token, "version": str(version), "mobilisables": "5"}
    path = f"{FICHE}/moyens"
    assert "déjà visible" in unescape(member.post(path, data=mine, follow_redirects=True).text)
    # Another subject is no conflict, nor is the same form sent twice.
    other = {"csrf_token": token, "version": str(version), "references-0-objet": "Un parc"}
    assert member.post(f"{FICHE}/references", data=other).status_code == 303
    again = member.post(path, data=mine, follow_redirects=True)
    assert "Rien n’a changé" in unescape(again.text)
    late = member.post(path, data=mine | {"mobilisables": "7", "equipes": "2"})
    assert late.status_code == 409
    assert "Cette page a changé entre-temps" in late.text
    assert "5 personnes" in plain(late.text)
    assert 'value="7"' in late.text
    newer = late.text.split('name="version" value="')[1].split('"')[0]
    kept = mine | {"mobilisables": "7", "equipes": "2", "version": newer}
    assert member.post(path, data=kept).status_code == 303
    content = service.held(session, by_siret(session, KEY).id).content
    assert (content["people"], content["teams"]) == (7, 2)


def test_many_edits_are_read_page_by_page_and_hide_nothing_that_waits(
    session: Session, member: FlaskClient
) -> None:
    send(member, "presentation", presentation="La première")
    session.rollback()
    with writing(session):
        first = session.scalars(select(ProfileEdit)).one()
        first.state = "waiting"
        session.add_all(
            ProfileEdit(
                profile_id=first.profile_id, subject="moyens", version=number,
                made_at=first.made_at, diff={"people": [number, number + 1]}, state="accepted",
            )
            for number in range(PER_PAGE)
        )  # fmt: skip
    assert "La première" not in member.get(f"{FICHE}/historique").text
    assert "La première" in member.get(f"{FICHE}/historique?page=2").text
    assert "attend la modération" in member.get(FICHE).text


def test_a_page_that_would_be_another_waits_for_a_person(
    session: Session, member: FlaskClient
) -> None:
    send(member, "presentation", nom_usage="Tout Autre")
    send(member, "contacts", telephone="03 20 99 99 99")
    last = unescape(send(member, "activites", activites=["maraichage"]).text)
    assert "pas encore visible" in last
    assert "attend la modération" in last
    assert "maraichage" not in [a.code for a in by_siret(session, KEY).activities]
    session.rollback()
    waiting = session.scalars(select(ProfileEdit.id).where(ProfileEdit.state == "waiting")).one()
    session.rollback()
    with writing(session):
        with pytest.raises(InvalidInputError, match="pourquoi"):
            reviewing.refuse(session, waiting, None, " ", TODAY)
        reviewing.accept(session, waiting, None, TODAY)
    assert "maraichage" in [a.code for a in by_siret(session, KEY).activities]
    shown = session.scalars(select(ProfileEdit.id).where(ProfileEdit.state == "shown")).all()
    session.rollback()
    with writing(session):
        reviewing.refuse(session, min(shown), None, "Ce nom est celui d’une autre.", TODAY)
    assert by_siret(session, KEY).brand is None
    session.rollback()
    assert "Ce nom est celui d’une autre." in unescape(member.get(FICHE).text)
    with writing(session), pytest.raises(InvalidInputError, match="déjà refusée"):
        reviewing.accept(session, min(shown), None, TODAY)


@pytest.mark.database("sqlite")  # nothing is written
def test_bad_answers_are_said_the_rest_is_kept_and_a_preview_writes_nothing(
    app: Flask, session: Session, member: FlaskClient
) -> None:
    cases: list[tuple[str, dict[str, object], str]] = [
        ("presentation", {"nom_usage": "a" * 300, "presentation": "Gardé tel quel"}, "tel quel"),
        ("activites", {"activites": ["x"] * 500, "offres": "Gardée"}, "Gardée"),
        ("zone", {"rayon": "50", "centre": "point:48.0,-5.9", "lieux": "Atlantide"}, "Atlantide"),
        ("moyens", {"mobilisables": "-4", "partenaires": "Gardé"}, "Gardé"),
        ("references", {"references-0-objet": "Gardé", "references-0-annee": "2999"}, "Gardé"),
        ("contacts", {"site": "javascript:alert(1)", "personnes-0-nom": "Gardée"}, "Gardée"),
    ]
    for subject, answers, kept in cases:
        answer = send(member, subject, **answers)
        assert (answer.status_code, 'role="alert"' in answer.text) == (400, True), subject
        assert kept in unescape(answer.text), subject
    shown = send(member, "moyens", mobilisables="5", action="apercu")
    assert "Aperçu, pas encore enregistré" in shown.text
    assert "5 personnes" in plain(shown.text)
    assert plain(member.get(FICHE).text).count("Rien n’est dit.") == 8
    # What is not theirs to change is reported, and its answer comes back here.
    form = member.get(f"/structures/{KEY}/signaler?motif=error").text
    assert 'value="camille@exemple.fr"' in form
    with writing(session):
        wrong = Reported("error", "Le nom est faux.", "camille@exemple.fr")
        number = file_report(session, by_siret(session, KEY), wrong)
    answer_report(session, number, "Demandé à l’ASP.", "Une modératrice")
    session.commit()
    assert "Réponse : Demandé à l’ASP." in plain(member.get(FICHE).text)
    # And only who speaks for the structure comes here at all.
    stranger = sign_in(app, make_user(session, "autre@exemple.fr"))
    assert stranger.get(FICHE).status_code == 403
    assert member.get(f"/espace/structure/{OTHER}/fiche").status_code == 403
    assert app.test_client().get(FICHE).status_code == 303
    assert member.get(f"{FICHE}/inconnue").status_code == 404
