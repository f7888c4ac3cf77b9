"""A purchase plan sent, analysed by the worker beside the site, read and erased, in a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.seeing import see_no_defect

pytestmark = pytest.mark.browser


def test_buyer_sends_a_plan_and_reads_its_result(
    quiet_page: Page, site: str, tmp_path: Path
) -> None:
    page, plan = quiet_page, tmp_path / "plan.csv"
    plan.write_text("Objet;Montant;Lieu\nNettoyage de bureaux;9000;Lille\nTonte;abc;\n", "utf-8")
    page.goto(f"{site}/plan-d-achat")
    page.get_by_label("Fichier").set_input_files(plan)
    page.get_by_role("button", name="Analyser le plan").click()
    expect(page.locator("#avancement")).to_contain_text("Analyse terminée", timeout=30_000)
    page.reload()
    expect(page.get_by_text("Refusée, montant")).to_be_visible()
    expect(page.get_by_role("link", name="PROPRETE D'ESSAI").first).to_be_visible()
    see_no_defect(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel (XLSX)").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("button", name="Effacer ce plan").click()
    expect(page.get_by_text("sont effacés")).to_be_visible()
