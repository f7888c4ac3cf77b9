"""« Analyser un document » as a person uses it: a file dropped, a result read and taken away."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from tests.browser.seeing import BOTH, see_no_defect
from tests.factories import documents as made

pytestmark = pytest.mark.browser

CLAUSE = "Le titulaire du lot n° 1 réserve 350 heures d'insertion."
LINES = ("Lot n° 1 : Nettoyage des écoles", "Lot n° 2 : Tonte des pelouses", CLAUSE)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_file_is_analysed_read_and_taken_away(quiet_page: Page, site: str, tmp_path: Path) -> None:
    sent = tmp_path / "rc.pdf"
    sent.write_bytes(made.pdf(LINES[:2], LINES[2:]))
    quiet_page.goto(f"{site}/marches/analyser")
    quiet_page.get_by_label("Un fichier").set_input_files(sent)
    quiet_page.get_by_label("Où ?").fill("Lille")
    quiet_page.get_by_role("button", name="Analyser").click()
    expect(quiet_page.get_by_role("heading", level=1)).to_contain_text("1 clause repérée, 2 lots")
    expect(quiet_page.locator(".notice-text mark")).to_have_text(CLAUSE)
    see_no_defect(quiet_page, *BOTH)
    quiet_page.set_viewport_size({"width": 320, "height": 512})
    assert fits(quiet_page)
    with quiet_page.expect_download() as caught:
        quiet_page.get_by_role("button", name="Excel (XLSX)").click()
    path = tmp_path / "result.xlsx"
    caught.value.save_as(path)
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Lots et clauses").to_python()
    assert [row[0] for row in rows[1:]] == ["Lot", "Lot", "Clause"]
    quiet_page.get_by_role("link", name="Chercher des structures pour le lot 1").click()
    expect(quiet_page.get_by_role("heading", level=1)).to_have_text("Nettoyage des écoles")
    expect(quiet_page.locator(".suggestion").first).to_be_visible()


def test_keyboard_and_no_script_are_enough(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/marches/analyser")
    page.get_by_role("button", name="Analyser").press("Enter")
    page.get_by_role("link", name="Collez un texte, ou choisissez un fichier.").press("Enter")
    expect(page.get_by_label("Ou un texte collé")).to_be_focused()
    page.keyboard.type("\n".join(LINES))
    page.get_by_role("button", name="Analyser").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 clause repérée")
    page.get_by_role("link", name=re.compile("^Ligne 3")).press("Enter")
    assert page.url.endswith("#passage-1")
    link = page.get_by_role("link", name="Chercher des structures pour tout le document")
    link.press("Enter")
    expect(page.get_by_label("Quoi ?")).to_have_value(re.compile("Nettoyage"))
    context.close()
