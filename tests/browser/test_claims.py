"""A structure claimed, edited, moderated and shared, in a real browser with a real mail server."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from annuaire.app import create_app
from annuaire.claims.service import Wanted
from annuaire.config import Settings
from annuaire.contracts.publishing import Changes, publish
from annuaire.db import db, writing
from annuaire.runs import open_run
from tests.browser.seeing import see_no_defect
from tests.factories.accounts import make_user, sign_in
from tests.factories.claims import KEYS, KNOWN, add_claimed, begin
from tests.factories.moderation import held_reading, one_in_each_queue
from tests.factories.notices import call
from tests.factories.smtp import Mailbox, Received

pytestmark = pytest.mark.browser

HERE = f"/structures/{KEYS[0]}"
WEEKS = timedelta(weeks=3)
CAMILLE, ALEX = "camille@gmail.com", "alex@exemple.fr"
#: The pages that are read as they stand; the journey looks at the others on its way.
OF_A_MEMBER = (
    HERE, "/structures?q=proprete", f"{HERE}/audience", f"{HERE}/demandes",
    f"{HERE}/pourquoi?lot=x", "/espace/garde", f"{HERE}/rattachement",
    f"/structures/{KEYS[1]}/rattachement",
)  # fmt: skip
OF_MODERATORS = (
    "/moderation", "/moderation/journal", "/moderation/statistiques",
    f"/moderation/structures/{KEYS[0]}", "/moderation/lectures",
    "/moderation/remarques",
    "/moderation/consultations",
)  # fmt: skip

Opens = Callable[[int], Page]


@pytest.fixture
def app(mailing_site: str, tmp_path: Path) -> Iterator[Flask]:
    """The site's own database, from here."""
    settings = Settings(
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'annuaire.db'}",
        secret_key=(tmp_path / "secret_key").read_text(encoding="ascii"),
        public_url=mailing_site,
    )
    made = create_app(settings)
    with made.app_context():
        add_claimed(db.session)
        yield made
        db.engine.dispose()


@pytest.fixture
def opens(app: Flask, mailing_site: str, browser: Browser) -> Opens:
    """Opens a browser in which a person is signed in."""

    def page(user_id: int) -> Page:
        cookie = sign_in(app, user_id).get_cookie("compte")
        assert cookie
        context = browser.new_context(base_url=mailing_site, reduced_motion="reduce")
        held = {"name": "compte", "value": cookie.value, "url": mailing_site}
        context.add_cookies([held])  # type: ignore[list-item]  # as Playwright writes them
        return context.new_page()

    return page


def letter(mailbox: Mailbox, address: str, about: str) -> Received:
    """The letter to an address whose subject holds words, once it is there."""
    for _ in range(200):
        for found in mailbox.to(address):
            if about in found.subject:
                return found
        time.sleep(0.05)
    pytest.fail(f"no « {about} » to {address}: {[(m.to, m.subject) for m in mailbox.letters]}")


def link(found: Received, part: str) -> str:
    address = re.search(rf"http://\S+{part}\S*", found.text)
    assert address, found.text
    return address[0]


def sees_no_defect(page: Page, path: str | None = None) -> None:
    """Axe finds nothing, and 320 pixels are enough."""
    if path:
        page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    see_no_defect(page)
    page.set_viewport_size({"width": 320, "height": 512})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size({"width": 1280, "height": 720})


def says(page: Page, words: str) -> None:
    expect(page.get_by_role("main")).to_contain_text(words)


def test_structure_is_claimed_edited_refused_restored_and_shared(
    app: Flask, opens: Opens, browser: Browser, mailing_site: str, mailbox: Mailbox
) -> None:
    camille = opens(make_user(db.session, CAMILLE, name="Camille Essai"))
    staff = opens(make_user(db.session, "mod@exemple.fr", name="Morgan", role="moderator"))

    camille.goto(HERE)
    camille.get_by_role("link", name="C’est ma structure").click()
    sees_no_defect(camille)
    camille.get_by_label("Un courriel à c•••@proprete-essai.fr").check()
    camille.get_by_role("button", name="Demander le rattachement").click()
    says(camille, "Un courriel attend à c•••@proprete-essai.fr")
    sees_no_defect(camille)
    known = browser.new_context(base_url=mailing_site).new_page()
    known.goto(link(letter(mailbox, KNOWN, "demande à gérer"), "/rattachements/preuve/"))
    sees_no_defect(known)
    known.get_by_role("button", name="Oui, je confirme").click()
    says(known, "votre réponse est enregistrée")
    letter(mailbox, CAMILLE, "Vous êtes rattaché")

    camille.goto("/espace")
    says(camille, "PROPRETE D'ESSAI 1")
    sees_no_defect(camille)
    camille.get_by_role("link", name="Équipe de PROPRETE").click()
    camille.get_by_label("Son adresse électronique").fill(ALEX)
    camille.get_by_role("button", name="Inviter").click()
    says(camille, "L’invitation est partie")
    sees_no_defect(camille)
    alex = opens(make_user(db.session, ALEX, name="Alex Essai"))
    alex.goto(link(letter(mailbox, ALEX, "invitation"), "/espace/invitations/"))
    sees_no_defect(alex)
    alex.get_by_role("button", name="Accepter").click()
    says(alex, CAMILLE)

    camille.goto(f"/espace/structure/{KEYS[0]}/fiche/presentation")
    camille.get_by_label("Présentation").fill("Nettoyage de vitres en hauteur.")
    camille.get_by_role("button", name="Enregistrer", exact=True).click()
    says(camille, "C’est enregistré")

    staff.goto("/moderation")
    staff.get_by_role("link", name="Modifications de fiches").press("Enter")  # no mouse is needed
    sees_no_defect(staff)
    staff.get_by_role("link", name="PROPRETE D'ESSAI 1 : ").first.press("Enter")
    says(staff, "Nettoyage de vitres en hauteur.")
    staff.get_by_label("Raison").fill("Ces vitres sont celles d’une autre structure.")
    sees_no_defect(staff)
    staff.get_by_role("button", name="Refuser la modification").press("Enter")
    says(staff, "1 décision prise")
    assert "une autre structure" in letter(mailbox, CAMILLE, "Réponse de la modération").text
    camille.goto("/espace")
    says(camille, "Modification refusée")
    camille.goto(HERE)
    expect(camille.get_by_role("main")).not_to_contain_text("Nettoyage de vitres")
    staff.goto("/moderation/decisions")
    sees_no_defect(staff)
    staff.get_by_label("Raison").fill("C’était bien la sienne.")
    staff.get_by_role("button", name="Annuler la décision").click()
    says(staff, "La décision est annulée")
    camille.goto(HERE)
    says(camille, "Nettoyage de vitres en hauteur.")
    for page, paths in ((camille, OF_A_MEMBER), (staff, OF_MODERATORS)):
        for path in paths:
            sees_no_defect(page, path)
    for number in (2, 3):
        begin(db.session, make_user(db.session, f"{number}@exemple.fr"),
              Wanted("word", words="Je la dirige."), number)  # fmt: skip
    posted = begin(db.session, make_user(db.session, "5@exemple.fr"), Wanted("letter"), 5)
    sees_no_defect(staff, f"/moderation/lettres/{posted}")
    staff.get_by_role("button", name="Tirer le code").click()
    says(staff, "remettez-lui ce code")
    sees_no_defect(staff)
    staff.goto("/moderation/rattachements")
    for number in (2, 3):
        staff.get_by_label(f"Choisir PROPRETE D'ESSAI {number}").check()
    staff.get_by_label("Raison").fill("Vus au téléphone.")
    staff.get_by_role("button", name="Accepter le rattachement").click()
    says(staff, "2 lignes : accepter le rattachement ?")
    sees_no_defect(staff)
    with writing(db.session):
        run_id = open_run(db.session, "boamp", "essai.csv")
        publish(db.session, run_id, [call()], Changes())
    for queue, number in one_in_each_queue(db.session).items():
        sees_no_defect(staff, f"/moderation/{queue}/{number}")
    sees_no_defect(staff, f"/moderation/lectures/{held_reading(db.session)}")
    both = make_user(db.session, "agent@exemple.fr", verified_buyer=True, facilitator=True)
    agent = opens(both)
    for path in ("/espace", "/espace/organisations", "/espace/territoires", "/espace/cles",
                 "/connexion/confirmer"):  # fmt: skip
        sees_no_defect(agent, path)
    writes_a_consultation(agent)
    camille.goto(f"{HERE}/pourquoi?lot=boamp-26-1")
    says(camille, "D’où viennent les points")
    sees_no_defect(camille)


def writes_a_consultation(agent: Page) -> None:
    sees_no_defect(agent, "/espace/consultations")
    agent.get_by_role("button", name="Commencer", exact=True).press("Enter")
    agent.get_by_role("textbox", name="Objet").first.fill("Nettoyage de la mairie d’essai")
    agent.get_by_label("Conditions d’exécution").fill("140 heures d'insertion pour le lot 1.")
    agent.get_by_role("button", name="Publier", exact=True).press("Enter")
    says(agent, "Date limite")
    sees_no_defect(agent)  # with what is wrong
    agent.get_by_label("Adresse de l’avis officiel").fill("https://www.boamp.fr/avis/26-9")
    agent.get_by_label("Date limite de réponse").fill(f"{datetime.now(UTC) + WEEKS:%Y-%m-%d}")
    agent.get_by_label("Département").first.fill("59")
    agent.get_by_role("button", name="Enregistrer et voir").press("Enter")
    says(agent, "Ce qui est compris")
    sees_no_defect(agent)
    agent.get_by_role("button", name="Publier", exact=True).press("Enter")
    says(agent, "Écrite sur ce site par l’acheteur")
