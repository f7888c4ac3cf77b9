"""An account from its first mail to its last, in a real browser with a real mail server."""

import re
import time

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.seeing import Scheme, see_no_defect
from tests.factories.smtp import Mailbox, Received

pytestmark = pytest.mark.browser

EMAIL = "camille@mairie-exemple.fr"


def mail(mailbox: Mailbox, number: int) -> Received:
    """The mail of that number to the person, once it is there."""
    for _ in range(200):
        if len(mailbox.to(EMAIL)) > number:
            return mailbox.to(EMAIL)[number]
        time.sleep(0.05)
    pytest.fail(f"mail {number} did not come: {[m.subject for m in mailbox.letters]}")


def link(letter: Received) -> str:
    found = re.search(r"http://\S+/[\w-]{43}", letter.text)
    assert found, letter.text
    return found[0]


def sees_no_defect(page: Page, *schemes: Scheme) -> None:
    """Axe finds nothing (in the light, or in these), and 320 pixels are enough."""
    see_no_defect(page, *schemes)
    page.set_viewport_size({"width": 320, "height": 512})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size({"width": 1280, "height": 720})


def ask_link(page: Page, site: str) -> None:
    page.goto(f"{site}/connexion")
    page.get_by_label("Votre adresse électronique").fill(EMAIL)
    page.get_by_role("button", name="Recevoir un lien").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez votre messagerie")


def test_account_from_its_first_mail_to_its_last(
    browser: Browser, page: Page, mailing_site: str, mailbox: Mailbox
) -> None:
    complaints: list[str] = []
    expected = (
        "Failed to load resource: the server responded with a status of 400"  # a refused form
    )
    page.on(
        "console",
        lambda m: (
            complaints.append(m.text)
            if m.type == "error" and not m.text.startswith(expected)
            else None
        ),
    )
    site = mailing_site
    page.goto(site)
    page.get_by_role("link", name="Se connecter").click()
    page.get_by_role("link", name="Créer un compte").click()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text("2 réponses sont à corriger")
    sees_no_defect(page)
    page.get_by_label("Votre nom").fill("Camille Essai")
    page.get_by_label("Votre adresse électronique").fill(EMAIL)
    page.get_by_role("button", name="Continuer").click()
    first = link(mail(mailbox, 0))
    page.goto(first)
    sees_no_defect(page)
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon espace")
    page.get_by_role("link", name="Mon compte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    sees_no_defect(page, "light", "dark")

    thief = browser.new_context().new_page()
    answer = thief.goto(first)
    assert answer is not None
    assert answer.status == 410
    expect(thief.get_by_role("main")).to_contain_text("déjà servi")
    sees_no_defect(thief)

    page.get_by_role("link", name="Activer la double authentification").click()
    sees_no_defect(page)
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("img", name=re.compile("Code à lire"))).to_be_visible()
    sees_no_defect(page, "light", "dark")
    secret = page.locator("code").inner_text()
    page.get_by_label("Code").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Activer").click()
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.inner_text()
    sees_no_defect(page)

    elsewhere = browser.new_context().new_page()
    ask_link(elsewhere, site)
    elsewhere.goto(link(mail(mailbox, 2)))  # after the word that the second factor is on
    elsewhere.get_by_role("button", name="Me connecter").click()
    sees_no_defect(elsewhere)
    elsewhere.get_by_label("Votre code").fill(recovery)
    elsewhere.get_by_role("button", name="Continuer").click()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Mon espace")

    page.get_by_role("link", name="Je les ai gardés").click()
    page.get_by_role("button", name="Fermer toutes les autres").click()
    expect(page.get_by_role("status").first).to_contain_text("Sessions fermées : 1")
    elsewhere.reload()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Se connecter")

    for name in (
        "Mes organisations et mes collègues",
        "Changer d’adresse",
        "Choisir un mot de passe",
    ):
        page.goto(f"{site}/espace/compte")
        page.get_by_role("link", name=name).click()
        sees_no_defect(page)
    page.goto(f"{site}/espace/compte")
    page.get_by_role("link", name="Effacer mon compte").click()
    sees_no_defect(page)
    page.get_by_role("button", name="Effacer définitivement").click()
    expect(page.get_by_role("status").first).to_contain_text("effacés")
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()
    assert mail(mailbox, 4).subject == "Votre compte est effacé"
    assert complaints == []
