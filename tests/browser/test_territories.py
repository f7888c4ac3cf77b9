"""The pages of activities and territories, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

PAGES = (
    "/activites",
    "/activites/blanchisserie",
    "/activites/linge/59",
    "/activites/elagage-bucheronnage/2A",
    "/departements/69",
    "/communes/69123",
    "/zones-blanches",
    "/zones-blanches?activite=blanchisserie&rayon=25",
    "/zones-blanches?activite=proprete&departement=59",
)


@pytest.mark.parametrize("path", PAGES)
def test_page_has_no_accessibility_defect(page: Page, site: str, path: str) -> None:
    page.goto(site + path)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_a_narrow_screen(browser: Browser, site: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(site + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_buyer_goes_from_an_activity_to_where_it_is_missing(quiet_page: Page, site: str) -> None:
    quiet_page.goto(site)
    quiet_page.get_by_role("link", name="Activités", exact=True).click()
    quiet_page.get_by_role("link", name="Blanchisserie, location et entretien du linge").click()
    quiet_page.get_by_role("link", name="Où il n’y en a aucune à moins de 50 km").click()
    expect(quiet_page.get_by_role("img", name="Carte des départements")).to_be_visible()
    quiet_page.get_by_label("Rayon").select_option("100 km")
    quiet_page.get_by_role("button", name="Voir").click()
    expect(quiet_page.get_by_role("heading", name="à plus de 100 km")).to_be_visible()
    quiet_page.get_by_role("link", name="Isère (38)").click()
    expect(quiet_page.get_by_role("columnheader", name="Intercommunalité")).to_be_visible()
    with quiet_page.expect_download() as download:
        quiet_page.get_by_role("link", name="Télécharger le tableau").click()
    assert download.value.suggested_filename == "zones-blanches-blanchisserie-100km.csv"
