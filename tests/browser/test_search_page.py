"""The search page in a real browser: moving the map, the tree of activities."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

HERE = "Chercher dans cette zone"


def test_moving_the_map_searches_there(quiet_page: Page, site: str) -> None:
    page = quiet_page
    page.emulate_media(reduced_motion="reduce")  # each key then zooms at once
    page.goto(f"{site}/structures?q=proprete&lieu=Lyon&rayon=30")
    around_lyon = page.locator("#nombre").inner_text()
    here = page.get_by_role("button", name=HERE)
    expect(page.locator(".map-cluster").first).to_be_visible()
    expect(here).to_be_hidden()
    page.locator("#map").focus()
    for _ in range(12):
        page.keyboard.press("-")  # Leaflet's key: zoom out
    expect(here).to_be_visible()
    here.click()
    expect(page.locator("#nombre")).not_to_have_text(around_lyon)
    expect(page.locator("#nombre")).to_contain_text("zone de la carte")
    asked = parse_qs(urlsplit(page.url).query)
    assert re.fullmatch(r"point:4\d\.\d+,\d\.\d+", asked["lieu"][0])
    assert asked["rayon"] == ["300"]  # more is seen; no radius is greater
    expect(page.get_by_label("Où ?")).to_have_value(re.compile(r"^zone de la carte \("))
    expect(here).to_be_hidden()
    expect(page.locator("#map")).to_be_focused()
    page.go_back()
    expect(page.locator("#nombre")).to_have_text(around_lyon)
    expect(page.get_by_label("Où ?")).to_have_value("Lyon")


def test_zone_of_the_map_is_cleared_like_any_place(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/structures?lieu=point:45.76,4.84&rayon=20")
    expect(quiet_page.locator("#nombre")).to_contain_text("31 structures, zone de la carte")
    quiet_page.get_by_label("Où ?").fill("")
    quiet_page.keyboard.press("Enter")
    expect(quiet_page.locator("#nombre")).to_have_text("62 structures")
    assert "lieu" not in quiet_page.url


def test_zone_of_the_map_is_shared_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/structures?lieu=point:45.76,4.84&rayon=20")
    expect(page.locator("#nombre")).to_contain_text("31 structures, zone de la carte")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.locator("#nombre")).to_contain_text("31 structures, zone de la carte")
    page.get_by_role("link", name="Retirer le filtre : Lieu : zone de la carte, 20 km").click()
    expect(page.locator("#nombre")).to_have_text("62 structures")
    context.close()
