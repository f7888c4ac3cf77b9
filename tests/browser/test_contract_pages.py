"""Contracts and buyers in a real browser: filters, live update, back, the diary."""

import re
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


def test_filters_update_the_list_the_map_and_the_address(quiet_page: Page, site: str) -> None:
    page = quiet_page
    page.goto(f"{site}/marches")
    expect(page.locator("#nombre")).to_have_text(re.compile(r"4\smarchés"))
    expect(page.locator(".map-cluster").first).to_have_text("4")
    page.get_by_role("group", name="Clauses sociales").get_by_label(re.compile("^oui")).check()
    expect(page.locator("#nombre")).to_have_text(re.compile(r"1\smarché$"))
    assert "social=oui" in page.url
    page.get_by_label("Acheteur").fill("commune")
    page.get_by_label("Acheteur").press("Enter")
    expect(page.locator(".active-filters li")).to_have_count(2)
    page.go_back()
    expect(page.locator(".active-filters li")).to_have_count(1)
    page.get_by_role("link", name=re.compile("Retirer le filtre.*Clauses sociales")).click()
    expect(page.locator("#nombre")).to_have_text(re.compile(r"4\smarchés"))
    assert page.url == f"{site}/marches"


def test_typing_proposes_codes_and_buyers(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/marches")
    quiet_page.get_by_label("Code CPV").press_sequentially("jardin")
    proposed = quiet_page.locator("#champ-cpv-propositions option")
    expect(proposed.first).to_be_attached()
    assert "16160000" in proposed.evaluate_all("found => found.map(option => option.value)")
    # The answer to the code comes while one types the buyer, and takes nothing of it away.
    quiet_page.get_by_label("Acheteur").press_sequentially("commune", delay=60)
    expect(quiet_page.locator("#nombre")).to_have_text("Aucun marché")
    expect(quiet_page.get_by_label("Acheteur")).to_have_value("commune")
    expect(quiet_page.locator("#champ-acheteur-propositions option").first).to_be_attached()


def test_clause_leads_to_its_passage_and_the_buyer_to_its_shares(
    quiet_page: Page, site: str
) -> None:
    quiet_page.goto(f"{site}/marches/boamp-26-1")
    quiet_page.get_by_role("link", name=re.compile("Voir le passage")).first.click()
    passage = quiet_page.locator("mark:has(> :target)")
    expect(passage).to_contain_text("réservé aux structures d'insertion")
    expect(passage).to_be_in_viewport()
    buyer = quiet_page.locator(".identity").get_by_role("link", name="Commune d'essai")
    buyer.click()
    shares = quiet_page.get_by_role("region", name="Part des marchés avec clause")
    expect(shares).to_contain_text(re.compile(r"1 sur 4"))
    quiet_page.get_by_role("link", name="Chercher dans ses marchés").click()
    expect(quiet_page.locator("#nombre")).to_have_text(re.compile(r"4\smarchés"))


def test_deadline_is_kept_in_a_diary(quiet_page: Page, site: str, tmp_path: Path) -> None:
    quiet_page.goto(f"{site}/marches/boamp-26-4")
    expect(quiet_page.get_by_text("En cours")).to_be_visible()
    with quiet_page.expect_download() as caught:
        quiet_page.get_by_role("link", name="Noter dans mon agenda").click()
    path = tmp_path / "echeance.ics"
    caught.value.save_as(path)
    (event,) = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert event["uid"] == "echeance-boamp-26-4@annuaire"


def test_contracts_are_searched_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/marches")
    page.get_by_label("Acheteur").fill("Commune d'essai")
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(page.locator(".active-filters li")).to_have_count(1)
    expect(page.locator(".result")).to_have_count(4)
    context.close()
