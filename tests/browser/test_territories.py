"""The pages of activities and territories, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


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
