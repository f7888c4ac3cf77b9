"""The search page by keyboard alone, and without script."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const e = document.activeElement;
  const style = getComputedStyle(e);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const box = e.getBoundingClientRect();
  return {
    name: e.id || e.title || (e.closest("label, li, summary") || e).textContent.trim(),
    place: e.closest(".result-list") ? "result-list" : "",
    seen: (outlined || style.boxShadow !== "none") && box.width > 0 && box.height > 0,
  };
}"""


def walk(page: Page, steps: int = 160) -> list[dict[str, str | bool]]:
    """What Tab reaches, one after the other, from the top of the page to its end."""
    found = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        found.append(page.evaluate(FOCUSED))
    return found


def test_tab_reaches_everything_in_the_order_of_the_page(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/structures")
    expect(quiet_page.locator(".map-cluster").first).to_be_visible()
    reached = walk(quiet_page)
    assert [each for each in reached if not each["seen"]] == []
    names = [str(each["name"]) for each in reached]
    wanted = [
        "Aller au contenu", "champ-q", "champ-lieu", "champ-rayon", "champ-tri", "Rechercher",
        "f-domaine-proprete", "f-type-EI", "Appliquer les filtres", "Suivante", "map",
        "Agrandir la carte", "Réduire la carte",
    ]  # fmt: skip
    places = [next((i for i, name in enumerate(names) if name == each), -1) for each in wanted]
    assert -1 not in places, dict(zip(wanted, places, strict=True))
    assert places == sorted(places), dict(zip(wanted, places, strict=True))
    assert sum(each["place"] == "result-list" for each in reached) == 40  # link and choice


def test_box_keeps_the_focus_when_the_list_changes(quiet_page: Page, site: str) -> None:
    page = quiet_page
    page.goto(f"{site}/structures")
    page.locator("#branche-linge > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    leaf = page.locator("#f-activite-blanchisserie")
    expect(leaf).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#nombre")).to_have_text("1 structure")
    expect(leaf).to_be_checked()
    expect(leaf).to_be_focused()
    assert "activite=blanchisserie" in page.url
    page.keyboard.press("Space")
    expect(page.locator("#nombre")).to_have_text("62 structures")
    expect(leaf).to_be_focused()
    expect(leaf).to_be_visible()


def test_group_is_chosen_by_keyboard_and_leads_to_its_activities(
    quiet_page: Page, site: str
) -> None:
    page = quiet_page
    page.goto(f"{site}/structures")
    page.locator("#f-domaine-linge").focus()
    page.keyboard.press("Space")
    expect(page.locator("#nombre")).to_have_text("1 structure")
    expect(page.locator("#f-domaine-linge")).to_be_focused()
    assert "domaine=linge" in page.url


def test_search_field_keeps_the_focus_after_enter(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/structures")
    quiet_page.locator("#champ-q").focus()
    quiet_page.keyboard.type("jardins")
    quiet_page.keyboard.press("Enter")
    expect(quiet_page.locator("#nombre")).to_contain_text("1 structure")
    expect(quiet_page.locator("#champ-q")).to_be_focused()
    expect(quiet_page.locator("#annonce")).to_contain_text("1 structure")


def test_site_is_searched_filtered_paged_and_chosen_from_without_script(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/structures")
    expect(page.locator("#map")).to_be_hidden()
    page.get_by_label("Quoi ?").fill("proprete")
    page.get_by_role("button", name="Rechercher").click()
    page.locator("#branche-proprete > summary").click()
    page.get_by_label(re.compile("^Nettoyage de locaux")).check()
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(page.locator("#nombre")).to_contain_text("60 structures")
    expect(page.get_by_label(re.compile("^Nettoyage de locaux"))).to_be_checked()
    page.get_by_role("link", name="Suivante").click()
    assert {"page=2", "activite=nettoyage-locaux"} <= set(re.split("[?&]", page.url))
    name = page.locator(".result h3").first.inner_text()
    page.get_by_role("button", name=f"Ajouter {name} à ma sélection").click()
    page.goto(f"{site}/ma-selection")
    expect(page.get_by_role("link", name=name).first).to_be_visible()
    context.close()
