"""A buyer asks three structures, one answers from its mail on a phone without script."""

import re
import time
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.seeing import BOTH, see_no_defect
from tests.factories.smtp import Mailbox, Received

pytestmark = pytest.mark.browser

NEED = "/besoins/nouveau?quoi=nettoyage+de+bureaux&lieu=Lille&montant=9000"
BUYER = "achats@mairie-essai.fr"


def letter_to(letters: Mailbox, address: str, count: int) -> Received:
    """The last of `count` letters to an address, once it has come."""
    for _ in range(150):
        if len(found := letters.to(address)) >= count:
            return found[-1]
        time.sleep(0.1)
    pytest.fail(f"{len(letters.to(address))} letters to {address}, {count} awaited")


def link_in(letter: Received, page: str) -> str:
    found = re.search(rf"http://127\.0\.0\.1:\d+/demandes/{page}/\S+", letter.text)
    assert found, letter.text
    return found[0]


def accessible(page: Page) -> None:
    """What axe sees in light and dark, and that nothing is wider than the window."""
    see_no_defect(page, *BOTH)
    page.emulate_media(color_scheme="light")
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert page.evaluate(wide)


def test_buyer_asks_and_sees_what_a_structure_answers(
    quiet_page: Page, site: str, letters: Mailbox, browser: Browser
) -> None:
    page = quiet_page
    page.goto(site + NEED)
    expect(page.locator("#map .map-point, #map .map-cluster").first).to_be_visible()
    boxes = page.get_by_role("checkbox", name=re.compile("Choisir"))
    for rank in range(3):
        boxes.nth(rank).check()
    page.get_by_role("button", name="Contacter les structures cochées").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Contacter des structures")
    mail = page.get_by_role("link", name=re.compile("Ouvrir dans ma messagerie"))
    assert (mail.get_attribute("href") or "").startswith("mailto:?bcc=contact")
    page.get_by_label("Votre nom").fill("Camille Essai")
    page.get_by_label("Votre organisation").fill("Mairie d’essai")
    page.get_by_label("Votre adresse électronique").fill(BUYER)
    last = date.today() + timedelta(days=9)  # noqa: DTZ011 - local day
    page.get_by_label("Dernier jour pour répondre").fill(last.isoformat())
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("status").first).to_contain_text("Un courriel est parti")

    page.goto(link_in(letter_to(letters, BUYER, 1), "confirmer"))
    accessible(page)
    page.get_by_role("button", name="Confirmer et envoyer").click()
    expect(page.locator(".lead")).to_contain_text("3 structures contactées")
    address = page.locator("td .origin").first.inner_text()
    answering = link_in(letter_to(letters, address, 1), "repondre")

    phone = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    answer = phone.new_page()
    answer.goto(answering)
    answer.get_by_label("Nous sommes intéressés").check()
    answer.get_by_label("Un mot à l’acheteur").fill("Disponibles dès mars.")
    answer.get_by_role("button", name="Envoyer la réponse").click()
    expect(answer.get_by_text("Votre réponse est enregistrée")).to_be_visible()
    answer.get_by_role("link", name="Ne plus recevoir de demandes").click()
    answer.get_by_role("button", name="Ne plus recevoir de demandes").click()
    answer.get_by_role("button", name="Recevoir de nouveau des demandes").click()
    phone.close()
    page.goto(answering)
    accessible(page)

    page.goto(link_in(letter_to(letters, BUYER, 2), "suivi"))
    expect(page.locator(".lead")).to_contain_text("1 intéressée")
    expect(page.get_by_role("row", name=re.compile("Disponibles dès mars"))).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 700})
    accessible(page)
