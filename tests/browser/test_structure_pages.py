"""A structure's page and its report form, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.factories.files import siae

pytestmark = pytest.mark.browser

PAGE = f"/structures/{siae(1)['siret']}"
REPORT = f"{PAGE}/signaler"


def open_everything(page: Page) -> None:
    for summary in page.locator("article details > summary").all():
        summary.click()


def test_structure_page_needs_no_script_and_draws_its_map(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + PAGE)
    expect(page.get_by_role("img", name="Position dans le département")).to_be_visible()
    page.get_by_text("Voir champ par champ").click()
    expect(page.get_by_role("row", name=re.compile("^nom PROPRETE"))).to_be_visible()
    context.close()


def test_provenance_is_written_out_on_paper(page: Page, site: str) -> None:
    page.goto(site + PAGE)
    expect(page.get_by_role("columnheader", name="Lecture")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_role("columnheader", name="Lecture")).to_be_visible()


def test_visitor_reports_an_error_with_the_keyboard(quiet_page: Page, site: str) -> None:
    quiet_page.goto(site + PAGE)
    quiet_page.get_by_role("link", name="Signaler une erreur").focus()
    quiet_page.keyboard.press("Enter")
    text = quiet_page.get_by_label("Expliquez")
    text.focus()
    quiet_page.keyboard.press("Tab")
    expect(quiet_page.get_by_label("Votre adresse électronique")).to_be_focused()
    quiet_page.keyboard.press("Tab")  # past the field that only machines see
    expect(quiet_page.get_by_role("button", name="Envoyer")).to_be_focused()
    text.fill("Le téléphone a changé.")
    quiet_page.get_by_role("button", name="Envoyer").press("Enter")
    expect(quiet_page.get_by_role("status")).to_contain_text("Votre signalement est enregistré")
    expect(quiet_page.get_by_role("heading", level=1)).to_contain_text("PROPRETE D'ESSAI 1")


def test_error_of_the_form_leads_to_its_field(page: Page, site: str) -> None:
    page.goto(site + REPORT)
    page.get_by_label("une information est fausse").check()
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Expliquez")).to_be_focused()
    expect(page.get_by_label("une information est fausse")).to_be_checked()
