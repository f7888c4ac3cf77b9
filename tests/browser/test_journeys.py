"""What a buyer does on the site, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


def test_buyer_searches_from_the_home_page(quiet_page: Page, site: str) -> None:
    quiet_page.goto(site)
    quiet_page.get_by_label("Quoi").fill("blanchiserie")
    quiet_page.get_by_label("Où").fill("Lyon")
    quiet_page.get_by_role("button", name="Rechercher").click()
    expect(quiet_page.get_by_role("heading", name=re.compile("1 structure pour"))).to_be_visible()
    quiet_page.get_by_role("link", name="BLANCHISSERIE D'ESSAI").click()
    expect(quiet_page.get_by_role("heading", level=1)).to_contain_text("BLANCHISSERIE D'ESSAI")


def test_filter_updates_the_list_the_address_and_the_map(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/structures")
    expect(quiet_page.locator("#nombre")).to_contain_text("62 structures")
    quiet_page.get_by_label(re.compile("Atelier et chantier d'insertion")).check()
    expect(quiet_page.locator("#nombre")).to_contain_text("1 structure")
    assert "type=ACI" in quiet_page.url
    quiet_page.go_back()
    expect(quiet_page.locator("#nombre")).to_contain_text("62 structures")


def test_map_shows_all_results_in_clusters(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/structures")
    cluster = quiet_page.locator(".map-cluster").first
    expect(cluster).to_be_visible()
    shown = [int(text) for text in quiet_page.locator(".map-cluster").all_inner_texts()]
    assert sum(shown) == 62


def test_list_is_paged_and_shared_by_its_address(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/structures?q=proprete&lieu=Lyon&rayon=30")
    first = quiet_page.locator(".result h3").all_inner_texts()
    quiet_page.get_by_role("link", name="Suivante").click()
    second = quiet_page.locator(".result h3").all_inner_texts()
    total = int(quiet_page.locator("#nombre").inner_text().split()[0])
    assert (len(first), len(second)) == (20, total - 20)
    assert not set(first) & set(second)
    address = quiet_page.url
    quiet_page.goto(site)
    quiet_page.goto(address)
    assert quiet_page.locator(".result h3").all_inner_texts() == second


def test_contract_shows_the_sentence_that_proves_its_clause(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/marches?social=oui")
    quiet_page.get_by_role("link", name=re.compile("Entretien des espaces verts")).click()
    clauses = quiet_page.get_by_role("region", name="Clauses repérées")
    expect(clauses.locator("mark").first).to_contain_text("réservé aux structures d'insertion")
    expect(clauses).to_contain_text("L2113-13")
    expect(quiet_page.locator(".notice-text mark").first).to_be_visible()


def test_lot_leads_to_structures_with_reasons(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/marches/boamp-26-2")
    quiet_page.get_by_role("table").get_by_role("link").first.click()
    first = quiet_page.locator(".suggestion").first
    expect(first).to_contain_text("PROPRETE D'ESSAI")
    expect(first.get_by_role("list", name="Raisons")).to_contain_text("Lille")


def test_need_form_says_its_errors_and_keeps_what_was_typed(page: Page, site: str) -> None:
    page.goto(f"{site}/besoins/nouveau")
    page.get_by_label("Quoi").fill("nettoyage de bureaux")
    page.get_by_label("Où").fill("Nulle part")
    page.get_by_role("button", name=re.compile("Voir")).click()
    expect(page.get_by_role("alert")).to_contain_text("Lieu inconnu")
    expect(page.get_by_label("Quoi")).to_have_value("nettoyage de bureaux")
    page.get_by_label("Où").fill("Lille")
    page.get_by_role("button", name=re.compile("Voir")).click()
    expect(page.get_by_role("heading", name="Procédures possibles")).to_be_visible()
    expect(page.locator(".suggestion").first).to_contain_text("PROPRETE")


def test_keyboard_alone_searches_and_opens_a_structure(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/structures")
    quiet_page.keyboard.press("Tab")
    expect(quiet_page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    quiet_page.get_by_label("Quoi").focus()
    quiet_page.keyboard.type("jardins")
    quiet_page.keyboard.press("Enter")
    expect(quiet_page.locator("#nombre")).to_contain_text("1 structure")
    quiet_page.get_by_role("link", name="JARDINS D'ESSAI").focus()
    quiet_page.keyboard.press("Enter")
    expect(quiet_page.get_by_role("heading", level=1)).to_contain_text("JARDINS D'ESSAI")


def test_typing_proposes_activities_and_names(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/structures")
    quiet_page.get_by_label("Quoi ?").press_sequentially("blanch")
    options = quiet_page.locator("#champ-q-propositions option")
    expect(options.first).to_be_attached()
    labels = options.evaluate_all("found => found.map(option => option.label)")
    assert "BLANCHISSERIE D'ESSAI (structure)" in labels
    assert any(label.endswith("(activité)") for label in labels)
    quiet_page.get_by_label("Quoi ?").fill("")
    expect(options).to_have_count(0)


def test_site_works_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/structures")
    page.get_by_label("Quoi").fill("jardins")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.locator("#nombre")).to_contain_text("1 structure")
    page.goto(f"{site}/structures?q=blanchisserie&lieu=Lille&rayon=10")
    page.get_by_role("link", name="Chercher dans toute la France").click()
    assert "lieu" not in page.url
    context.close()


def test_empty_search_proposes_what_to_relax(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/structures?q=blanchisserie&lieu=Lille&rayon=10")
    expect(quiet_page.locator("#nombre")).to_contain_text("Aucune structure")
    quiet_page.get_by_role("link", name="Chercher dans toute la France").click()
    expect(quiet_page.locator("#nombre")).to_contain_text("1 structure")
