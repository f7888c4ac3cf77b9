"""Buyers and facilitators: their bodies, colleagues, territories, and who vouches for them."""

import re
import tomllib
from html import unescape

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annuaire.accounts import service
from annuaire.accounts.domains import DATA
from annuaire.accounts.models import Seat, Territory, User
from annuaire.claims.known import shared_domains
from annuaire.contracts.models import Buyer
from annuaire.db import writing
from tests.factories.accounts import NOW, SIRET, letters, link_in, make_user, rows, sign_in, submit
from tests.factories.pages import words_of

PATH = "/espace/organisations"
STATE = "11001401600015"
PRO = "camille@mairie-exemple.fr"


def known_buyer(base: Session) -> None:
    with writing(base):
        base.add(Buyer(key=SIRET, siret=SIRET, name="Commune d’essai"))


def test_body_is_taken_by_its_siret_and_waits_for_a_moderator(app: Flask, base: Session) -> None:
    known_buyer(base)
    browser = sign_in(app, make_user(base, PRO))
    answer = submit(browser, PATH, siret="215 903 501 00017")
    assert answer.status_code == 303
    page = words_of(browser.get(PATH).text)
    assert "Commune d’essai" in page
    assert "à vérifier" in page
    moderator = sign_in(app, make_user(base, "m@exemple.fr", role="moderator"))
    queue = "/moderation/organisations"
    assert PRO in moderator.get(queue).text
    (seat,) = rows(base, select(Seat))
    refused = submit(moderator, queue, verdict="refuse", ligne=str(seat.id))
    assert refused.status_code == 400  # without a reason
    submit(moderator, queue, verdict="accept", ligne=str(seat.id), motif="Vue au standard")
    (seat,) = rows(base, select(Seat))
    assert seat.verified_by == "moderator"
    assert letters(base)[-1].recipient == PRO


def test_domain_of_the_address_vouches(app: Flask, base: Session) -> None:
    for number, (email, siret, verified_by) in enumerate(
        [
            ("a@interieur.gouv.fr", STATE, "domain"),
            ("b@interieur.gouv.fr", SIRET, None),
            (PRO, STATE, None),
        ]
    ):
        browser = sign_in(app, make_user(base, email))
        assert submit(browser, PATH, siret=siret, organisation="Essai").status_code == 303
        seat = rows(base, select(Seat).order_by(Seat.id))[number]
        assert (seat.name, seat.verified_by) == ("Essai", verified_by), email


def test_body_that_cannot_be_taken_is_refused_with_a_word(app: Flask, base: Session) -> None:
    browsers = {email: sign_in(app, make_user(base, email)) for email in (PRO, "a@gmail.com")}
    for email, siret, name, said in (
        (PRO, "123", "", "14 chiffres"),
        (PRO, SIRET[:-1] + "8", "", "clé"),
        (PRO, SIRET, "", "écrivez le nom"),
        (PRO, SIRET, "a\u202eb", "invisibles"),
        ("a@gmail.com", SIRET, "Essai", "adresse personnelle"),
    ):
        answer = submit(browsers[email], PATH, siret=siret, organisation=name)
        assert answer.status_code == 400
        assert said in words_of(answer.text)
        assert siret in answer.text  # what was typed is still there
    assert rows(base, select(Seat)) == []


def test_colleague_joins_by_a_mail_and_is_as_verified_as_who_invites(
    app: Flask, base: Session
) -> None:
    browser = sign_in(app, make_user(base, PRO, verified_buyer=True))
    (seat,) = rows(base, select(Seat))
    send = f"{PATH}/inviter"
    assert submit(browser, send, PATH, pour=str(seat.id), courriel="a@gmail.com").status_code == 400
    assert (
        submit(browser, send, PATH, pour="999", courriel="b@mairie-exemple.fr").status_code == 404
    )
    submit(browser, send, PATH, pour=str(seat.id), courriel="dominique@mairie-exemple.fr")
    letter = letters(base)[-1]
    assert letter.recipient == "dominique@mairie-exemple.fr"
    colleague = app.test_client()
    assert "Camille Essai" in colleague.get(link_in(letter)).text
    assert submit(colleague, link_in(letter)).headers["Location"] == PATH
    assert submit(app.test_client(), link_in(letter), "/connexion").status_code == 410
    assert "Camille Essai" in colleague.get(PATH).text
    assert rows(base, select(Seat.verified_by).order_by(Seat.id)) == ["moderator", "colleague"]
    (number,) = rows(base, select(Seat.id).where(Seat.verified_by == "colleague"))
    submit(colleague, f"{PATH}/quitter", PATH, organisation=str(number))
    assert len(rows(base, select(Seat))) == 1


def test_invitation_gives_its_seat_to_a_known_account_and_opens_it_to_nobody(
    app: Flask, base: Session
) -> None:
    browser = sign_in(app, make_user(base, PRO, verified_buyer=True))
    (seat,) = rows(base, select(Seat))
    invited = "dominique@mairie-exemple.fr"
    make_user(base, invited, name="Dominique Essai")
    submit(browser, f"{PATH}/inviter", PATH, pour=str(seat.id), courriel=invited)
    anybody = app.test_client()  # to whom the letter was passed on
    assert submit(anybody, link_in(letters(base)[-1])).headers["Location"] == PATH
    assert anybody.get(PATH).headers["Location"].startswith("/connexion")
    assert "Dominique Essai" in browser.get(PATH).text


def test_address_at_another_domain_has_its_seats_verified_anew(app: Flask, base: Session) -> None:
    browser = sign_in(app, make_user(base, PRO, verified_buyer=True))
    for email, verified_by in (("c.essai@mairie-exemple.fr", ["moderator"]), ("c@x.fr", [None])):
        submit(browser, "/espace/compte/courriel", courriel=email)
        for letter in letters(base)[-2:]:
            submit(app.test_client(), link_in(letter))
        assert rows(base, select(Seat.verified_by)) == verified_by, email
    accomplice = sign_in(app, make_user(base, "d@x.fr"))
    submit(accomplice, PATH, siret=SIRET, organisation="Essai")
    assert rows(base, select(Seat.verified_by)) == [None, None]


def test_no_colleague_at_an_address_that_anyone_gets_vouches_for_another() -> None:
    personal = set(tomllib.loads(DATA.read_text(encoding="utf-8"))["personal"]["domains"])
    assert personal <= shared_domains()
    assert {"nordnet.fr", "mailo.com", "yopmail.fr"} <= personal


def test_who_is_not_verified_sees_no_colleague(app: Flask, base: Session) -> None:
    make_user(base, "secret@autre-exemple.fr", name="Personne Discrète", verified_buyer=True)
    browser = sign_in(app, make_user(base, PRO))
    submit(browser, PATH, siret=SIRET, organisation="Mairie d’essai")
    assert "Discrète" not in browser.get(PATH).text


def test_invitation_of_who_left_opens_nothing(app: Flask, base: Session) -> None:
    user_id = make_user(base, PRO, verified_buyer=True)
    browser = sign_in(app, user_id)
    (seat,) = rows(base, select(Seat))
    submit(browser, f"{PATH}/inviter", PATH, pour=str(seat.id), courriel="b@mairie-exemple.fr")
    submit(browser, f"{PATH}/quitter", PATH, organisation=str(seat.id))
    assert submit(app.test_client(), link_in(letters(base)[-1])).status_code == 410
    assert len(rows(base, select(User))) == 1


def test_territory_is_asked_and_granted(app: Flask, base: Session) -> None:
    user_id = make_user(base, PRO)
    browser = sign_in(app, user_id)
    ask = f"{PATH}/territoire"
    given = {"employeur": "Maison de l’emploi"}
    for typed, said in (
        ("99", "aucun territoire de ce nom"), ("Lille", "n’est ni une intercommunalité"),
        ("", "au moins un territoire"), ("Nord\n" * 11, "11 territoires : 10 au plus"),
        ("Nord\nAtlantide", "Atlantide"),
    ):  # fmt: skip
        wrong = submit(browser, ask, PATH, territoire=typed, **given)
        assert (wrong.status_code, said in words_of(wrong.text)) == (400, True), typed
    assert rows(base, select(Territory)) == []
    submit(browser, ask, PATH, territoire="59", **given)
    again = submit(browser, ask, PATH, territoire="Nord\nBretagne", **given)
    assert "déjà demandé Nord (59)" in words_of(again.text)
    assert "demandé" in words_of(browser.get(PATH).text)
    moderator = sign_in(app, make_user(base, "m@exemple.fr", role="moderator"))
    (territory,) = rows(base, select(Territory))
    asked = {"ligne": str(territory.id), "motif": "Vu avec l’employeur"}
    submit(moderator, "/moderation/facilitateurs", verdict="accept", **asked)
    assert rows(base, select(Territory))[0].granted_at is not None
    assert "Nord (59)" in (letters(base)[-1].text or "")
    decisions = "/moderation/decisions"
    submit(moderator, f"{decisions}/1/annuler", decisions, motif="Plus en poste")
    assert rows(base, select(Territory))[0].granted_at is None
    assert "Plus en poste" in (letters(base)[-1].text or "")


def test_facilitator_looks_after_groupings_several_departements_and_a_region(
    app: Flask, base: Session
) -> None:
    browser = sign_in(app, make_user(base, PRO))
    typed = "Métropole Européenne de Lille\n59\nPas-de-Calais\nBretagne\n62"
    submit(browser, f"{PATH}/territoire", PATH, territoire=typed, employeur="Maison de l’emploi")
    found = rows(base, select(Territory).order_by(Territory.id))
    assert [each.code for each in found] == ["epci:200093201", "59", "62", "region:53"]
    with writing(base):
        base.execute(update(Territory).values(granted_at=NOW))
    for page in ("/espace/compte", PATH, "/espace"):
        words = words_of(browser.get(page).text)
        assert "Métropole Européenne de Lille" in words
        assert "Bretagne (région)" in words
    # Each leads to the open contracts there, as any search of contracts names places.
    links = re.findall(r'href="(/marches\?lieu=[^"]+)"', browser.get("/espace").text)
    assert len(links) == 4
    for link in links:
        assert browser.get(unescape(link)).status_code == 200, link


def test_suspended_account_is_out_until_restored(app: Flask, base: Session) -> None:
    user_id = make_user(base)
    browser = sign_in(app, user_id)
    with writing(base):
        user = service.account(base, user_id)
        service.suspend(base, user, actor_id=None, reason="essai")
    assert browser.get("/espace/compte").status_code == 303
    submit(browser, "/connexion", courriel="camille@exemple.fr")
    assert letters(base)[-1].subject == "Votre compte est suspendu"
    with writing(base):
        service.restore(base, service.account(base, user_id), actor_id=None, reason="essai")
    submit(browser, "/connexion", courriel="camille@exemple.fr")
    assert submit(browser, link_in(letters(base)[-1])).status_code == 303
