"""A structure edits its page in a real browser: all see it and find it, without script too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from annuaire.app import create_app
from annuaire.config import Settings
from annuaire.db import db, writing
from annuaire.structures.models import Structure
from tests.browser.pages import EDITED, MEMBER_PAGES
from tests.browser.seeing import see_no_defect
from tests.factories.accounts import make_user, sign_in
from tests.factories.pictures import photo

pytestmark = pytest.mark.browser

FICHE = f"/espace/structure/{EDITED}/fiche"


@pytest.fixture(scope="module")
def cookies(site_folder: Path, site: str) -> Iterator[list[dict[str, str]]]:
    """What the browser of who speaks for a structure holds."""
    settings = Settings(
        data_dir=site_folder,
        database_url=f"sqlite:///{site_folder / 'annuaire.db'}",
        secret_key=(site_folder / "secret_key").read_text(encoding="ascii"),
    )
    app = create_app(settings)
    with app.app_context():
        with writing(db.session) as session:
            structure_id = session.scalars(
                select(Structure.id).where(Structure.key == EDITED)
            ).one()
        user_id = make_user(db.session, "camille@exemple.fr", structure_id=structure_id)
    found = sign_in(app, user_id).get_cookie("compte")
    assert found
    yield [{"name": "compte", "value": found.value, "url": site}]
    with app.app_context():
        db.engine.dispose()


def opened(browser: Browser, cookies: list[dict[str, str]], **options: object) -> BrowserContext:
    context = browser.new_context(reduced_motion="reduce", **options)  # type: ignore[arg-type]  # plain options
    context.add_cookies(cookies)  # type: ignore[arg-type]  # as Playwright writes them
    return context


def test_structure_says_where_it_works_and_is_found_there(
    browser: Browser, quiet_page: Page, cookies: list[dict[str, str]], site: str, tmp_path: Path
) -> None:
    context = opened(browser, cookies)
    page = context.new_page()
    page.goto(f"{site}{FICHE}/zone")
    page.get_by_role("textbox", name="Rayon").fill("40")
    page.get_by_label("Lieux").fill("Corse-du-Sud")
    page.locator("#area-map").click(position={"x": 300, "y": 200})
    expect(page.get_by_label("Autour de")).to_have_value(re.compile("zone de la carte"))
    expect(page.locator("#area-map path.radius")).to_be_visible()
    page.get_by_label("Autour de").fill("")
    page.get_by_role("radio", name="un sommet du contour").check()
    page.locator("#area-map").click(position={"x": 150, "y": 120})
    page.locator("#area-map").click(position={"x": 350, "y": 120})
    page.locator("#area-map").press("ArrowDown")  # the others without a mouse
    page.get_by_role("button", name="Ajouter le sommet sous la croix").press("Enter")
    page.locator("#area-map").press("Enter")
    page.get_by_role("button", name="Retirer le dernier sommet").press("Enter")
    expect(page.locator("#contour-dit")).to_contain_text("3 sommets")
    expect(page.locator("#area-map path.ring").first).to_be_visible()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status").first).to_contain_text("déjà visible")
    page.goto(f"{site}{FICHE}/activites")
    page.locator("summary", has_text="Espaces verts").click()
    page.get_by_label("Entretien des espaces verts").check()
    page.get_by_label("Offres").fill("Murets en pierre sèche")
    page.get_by_role("button", name="Enregistrer").click()
    (tmp_path / "a.jpg").write_bytes(photo(900, 600))
    page.goto(f"{site}{FICHE}/photos")
    page.get_by_label("Image", exact=True).set_input_files(tmp_path / "a.jpg")
    page.get_by_label("Ce que montre l’image").fill("Un muret")
    page.get_by_role("button", name="Ajouter").click()
    page.goto(f"{site}/structures/{EDITED}")
    expect(page.get_by_role("heading", name="Dit par la structure")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("un contour dessiné de")
    expect(page.get_by_role("img", name="Un muret")).to_be_visible()
    # A visitor finds it where it says to work: the index follows by itself.
    quiet_page.goto(f"{site}/structures?intervient=Ajaccio&q=muret")
    expect_found(quiet_page)
    context.close()


def expect_found(page: Page) -> None:
    """The structure is listed, within two seconds of the edit."""
    link = page.get_by_role("link", name="PROPRETE D'ESSAI 29")
    for _ in range(20):
        if link.count():
            break
        page.wait_for_timeout(100)
        page.reload()
    expect(link).to_be_visible()


def test_every_page_of_a_member_is_accessible_narrow_and_works_without_script(
    browser: Browser, cookies: list[dict[str, str]], site: str
) -> None:
    context = opened(browser, cookies, viewport={"width": 320, "height": 512})
    page = context.new_page()
    for address in MEMBER_PAGES:
        page.goto(site + address)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        see_no_defect(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, address
    context.close()
    plain = opened(browser, cookies, java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{site}{FICHE}/zone")
    page.get_by_label("Lieux").fill("Atlantide")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("Lieu inconnu")
    expect(page.get_by_label("Lieux")).to_have_value("Atlantide")
    plain.close()


def test_second_of_two_editors_is_told_and_loses_nothing(
    browser: Browser, cookies: list[dict[str, str]], site: str
) -> None:
    context = opened(browser, cookies)
    first, second = context.new_page(), context.new_page()
    for page, text in ((first, "Par le premier."), (second, "Par le second.")):
        page.goto(f"{site}{FICHE}/presentation")
        page.get_by_label("Présentation").fill(text)
    first.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(first.get_by_role("status").first).to_contain_text("déjà visible")
    second.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(second.get_by_role("alert").first).to_contain_text("a changé entre-temps")
    expect(second.get_by_role("main")).to_contain_text("Par le premier.")
    expect(second.get_by_label("Présentation")).to_have_value("Par le second.")
    see_no_defect(second)
    second.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(second.get_by_role("status").first).to_contain_text("déjà visible")
    context.close()
