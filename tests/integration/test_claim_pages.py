"""« C'est ma structure » page by page, without script: claim, answer, invite, leave."""

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts.limits import LETTERS_PAIR
from annuaire.accounts.members import join
from annuaire.claims.models import Claim
from annuaire.db import writing
from tests.factories.accounts import make_user, sign_in
from tests.factories.claims import KEYS, KNOWN, add_claimed, newest_link, state_of, structure_id
from tests.factories.pages import token_of, words_of

#: Their subject is the pages; tests/integration/test_claims.py holds both databases to the same.
pytestmark = pytest.mark.database("sqlite")
PATH = f"/structures/{KEYS[0]}/rattachement"
TEAM = f"/structures/{KEYS[0]}/equipe"


@pytest.fixture(autouse=True)
def claimed(session: Session) -> None:
    add_claimed(session)


def send(client: FlaskClient, path: str, page: str = "", status: int = 303, **data: str) -> str:
    """Send a form of a page; returns the page to which it leads."""
    token = own_token(client, page or path)
    answer = client.post(path, data={"csrf_token": token, **data})
    assert answer.status_code == status, words_of(answer.text)
    return client.get(answer.headers["Location"]).text if status == 303 else answer.text


def own_token(client: FlaskClient, page: str) -> str:
    """The token of a page's form, made for this browser: the tests' one context keeps the last."""
    g.pop("csrf_token", None)
    return token_of(client.get(page).text)


def claim_of(session: Session, user_id: int) -> int:
    session.rollback()
    wanted = select(Claim.id).where(Claim.user_id == user_id).order_by(Claim.id.desc())
    return session.scalars(wanted.limit(1)).one()


def test_claim_by_mail_from_the_structure_s_page_to_its_team(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    assert f'href="{PATH}"' in client.get(f"/structures/{KEYS[0]}").text
    assert client.get(PATH).headers["Location"].startswith("/connexion?next=")
    user = make_user(session, "camille@gmail.com")
    browser = sign_in(app, user)
    form = browser.get(PATH).text
    assert "c•••@proprete-essai.fr" in form
    assert KNOWN not in form
    page = send(browser, PATH, preuve="domain", adresse="x@autre.fr", status=400)
    assert "n’est pas au nom de domaine" in page
    assert 'value="x@autre.fr"' in page
    for rank in ("", "x", "9999"):  # never the first address instead
        assert "adresses connues" in send(browser, PATH, preuve=f"email-{rank}", status=400)
    page = send(browser, PATH, preuve="email-0")
    assert "Un courriel attend à c•••@proprete-essai.fr" in page
    assert browser.get(TEAM).status_code == 403
    proof = newest_link(session, "/rattachements/preuve/")
    for _ in range(2):  # programs open links too
        assert "Camille Essai" in client.get(proof).text
    page = send(client, proof, reponse="oui")
    assert "votre réponse est enregistrée" in page
    assert "a déjà servi" in client.get(proof).text
    assert client.get("/rattachements/preuve/faux").status_code == 410
    assert "camille@gmail.com" in browser.get(TEAM).text
    assert (
        browser.get(PATH).headers["Location"] == f"/espace/rattachements/{claim_of(session, user)}"
    )
    page = send(browser, f"{TEAM}/invitations", TEAM, courriel="pas une adresse", status=400)
    assert 'value="pas une adresse"' in page
    page = send(browser, f"{TEAM}/invitations", TEAM, courriel="alex@exemple.fr")
    assert "L’invitation est partie" in page
    alex = sign_in(app, make_user(session, "alex@exemple.fr"))
    invitation = newest_link(session, "/espace/invitations/")
    assert browser.get(invitation).status_code == 404
    assert "Personnes rattachées" in send(alex, invitation, reponse="oui")
    send(browser, f"{TEAM}/quitter", TEAM)
    assert browser.get(TEAM).status_code == 403


def test_posted_code_and_the_buttons_of_a_claim(app: Flask, session: Session) -> None:
    user, moderator = make_user(session), make_user(session, "mod@exemple.fr", role="moderator")
    browser, staff = sign_in(app, user), sign_in(app, moderator)
    send(browser, PATH, preuve="letter")
    number = claim_of(session, user)
    there = f"/espace/rattachements/{number}"
    assert staff.get(there).status_code == 404  # it is another's
    assert browser.get(f"/moderation/lettres/{number}").status_code == 403
    letter = send(staff, f"/moderation/lettres/{number}", status=200)
    code = letter.split('code-letter"><strong>')[1].split("<")[0]
    assert "1 rue des Essais" in letter
    assert "Essais restants : 4" in send(browser, f"{there}/code", there, 400, code="FAUX-FAUX")
    page = send(browser, f"{there}/code", there, code=code)
    assert "accordé" in words_of(page)
    assert staff.post(there).status_code == 400  # without the form’s token


def test_who_holds_it_answers_contests_and_what_came_too_late_is_said(
    app: Flask, session: Session
) -> None:
    first = make_user(session, "premier@exemple.fr")
    with writing(session):
        join(session, first, structure_id(session))
    browser = sign_in(app, first)
    other = make_user(session, "deux@proprete-essai.fr")
    second = sign_in(app, other)
    send(second, PATH, preuve="domain", adresse="deux@proprete-essai.fr")
    number = claim_of(session, other)
    assert state_of(session, number) == "asked"
    token = own_token(browser, TEAM)
    for said in ("La demande est refusée", "ne s’y applique plus"):
        answer = browser.post(
            f"{TEAM}/demandes/{number}",
            data={"csrf_token": token, "reponse": "non"},
            follow_redirects=True,
        )
        assert said in answer.text
    there = f"/espace/rattachements/{number}"
    assert "Expliquez" in send(second, there, status=400, acte="contester", message="")
    send(second, there, acte="contester", message="J’en suis la directrice.")
    assert state_of(session, number) == "moderated"
    assert "Choisissez une action" in send(second, there, status=400, acte="autre")
    send(second, there, acte="abandonner")
    assert state_of(session, number) == "abandoned"


def test_nobody_is_buried_under_invitations_taken_back_and_sent_again(
    app: Flask, session: Session
) -> None:
    host = make_user(session)
    with writing(session):
        join(session, host, structure_id(session))
    browser, path = sign_in(app, host), f"{TEAM}/invitations"
    for number in range(1, LETTERS_PAIR.free + 1):
        send(browser, path, TEAM, courriel="Cible@exemple.fr")
        send(browser, path, TEAM, retirer=str(number))
    send(browser, path, TEAM, status=429, courriel="cible@exemple.fr", retirer="x")
    send(browser, path, TEAM, courriel="autre@exemple.fr")
