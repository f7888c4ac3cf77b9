"""What a buyer takes away, in a real browser: selection, comparison, files, checks."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from tests.browser.seeing import see_no_defect
from tests.factories.files import siae

pytestmark = pytest.mark.browser

ONE, TWO, GARDENS, LAUNDRY = (siae(n)["siret"] for n in (1, 2, 61, 62))
FOUR = f"{ONE},{TWO},{GARDENS},{LAUNDRY}"


def choose(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Ajouter {name} à ma sélection").click()
    expect(page.get_by_role("button", name=f"Retirer {name} de ma sélection")).to_be_visible()


def test_buyer_searches_selects_compares_and_exports(
    quiet_page: Page, site: str, tmp_path: Path
) -> None:
    page = quiet_page
    page.goto(f"{site}/structures?q=d'essai&lieu=Lille&rayon=20&tri=nom")
    address = page.url
    choose(page, "JARDINS D'ESSAI")
    expect(page.locator("#annonce-selection")).to_contain_text("est dans votre sélection")
    expect(page.locator("#nombre-selection")).to_have_text("\u00a0(1)")
    assert page.url == address
    choose(page, "PROPRETE D'ESSAI 1")
    page.get_by_label(re.compile("Atelier et chantier d'insertion")).check()
    expect(page.locator("#nombre")).to_contain_text("1 structure")
    expect(page.get_by_role("button", name="Retirer JARDINS D'ESSAI")).to_be_visible()
    page.get_by_role("link", name=re.compile("Ma sélection")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ma sélection")
    page.get_by_label("Distances depuis").fill("Lyon")
    page.get_by_role("button", name="Calculer").click()
    expect(page.get_by_text("distances depuis Lyon")).to_be_visible()
    page.get_by_role("button", name="Comparer les structures cochées").click()
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_count(3)
    expect(table.get_by_role("row", name=re.compile("^Statuts"))).to_contain_text("différent")
    page.go_back()
    with page.expect_download() as caught:
        page.get_by_role("link", name="Excel (XLSX)").click()
    path = tmp_path / caught.value.suggested_filename
    caught.value.save_as(path)
    book = CalamineWorkbook.from_path(path)
    heading, *rows = book.get_sheet_by_name("Structures").to_python()
    names = [row[heading.index("Nom")] for row in rows]
    assert names == ["JARDINS D'ESSAI", "PROPRETE D'ESSAI 1"]
    assert all(float(row[heading.index("Distance (km)")]) > 400 for row in rows)


def test_search_is_exported_whole_with_its_filters(
    quiet_page: Page, site: str, tmp_path: Path
) -> None:
    quiet_page.goto(f"{site}/structures?lieu=Lyon&rayon=30")
    total = int(quiet_page.locator("#nombre").inner_text().split()[0])
    quiet_page.get_by_text("Emporter cette liste").click()
    with quiet_page.expect_download() as caught:
        quiet_page.get_by_role("link", name="Excel (XLSX)").click()
    path = tmp_path / "all.xlsx"
    caught.value.save_as(path)
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Structures").to_python()
    assert len(rows) - 1 == total > 20


def test_back_returns_to_the_search_with_its_choices(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/structures?q=jardins")
    choose(quiet_page, "JARDINS D'ESSAI")
    quiet_page.get_by_role("link", name="JARDINS D'ESSAI").click()
    expect(quiet_page.get_by_role("button", name="Retirer JARDINS D'ESSAI")).to_be_visible()
    quiet_page.go_back()
    expect(quiet_page.locator("#nombre")).to_contain_text("jardins")
    quiet_page.reload()
    expect(quiet_page.get_by_role("button", name="Retirer JARDINS D'ESSAI")).to_be_visible()


def test_everything_works_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/structures?q=d'essai&lieu=Lille&tri=nom")
    page.get_by_role("button", name="Ajouter JARDINS D'ESSAI").click()
    assert "/structures?q=" in page.url
    page.get_by_role("button", name="Ajouter PROPRETE D'ESSAI 1 à").click()
    page.goto(f"{site}/ma-selection")
    expect(page.locator(".result")).to_have_count(2)
    page.get_by_role("button", name="Comparer les structures cochées").click()
    expect(page.get_by_role("columnheader")).to_have_count(3)
    page.goto(f"{site}/verifier")
    page.get_by_label("Liste collée").fill(f"{ONE}\n123\n")
    page.get_by_role("button", name="Vérifier la liste").click()
    page.get_by_role("button", name="Inclusive aujourd’hui (1)").click()
    expect(page.get_by_role("row")).to_have_count(2 + 2)  # the answers, then the sources
    context.close()


def test_keyboard_alone_selects_and_compares(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/structures?q=jardins")
    button = quiet_page.get_by_role("button", name="Ajouter JARDINS D'ESSAI")
    button.focus()
    quiet_page.keyboard.press("Enter")
    held = quiet_page.get_by_role("button", name="Retirer JARDINS D'ESSAI")
    expect(held).to_be_focused()
    quiet_page.keyboard.press("Space")
    expect(button).to_be_focused()
    quiet_page.goto(f"{site}/structures/comparer?structures={FOUR}")
    table = quiet_page.locator(".compare")
    for _ in range(30):
        quiet_page.keyboard.press("Tab")
        if table.evaluate("box => box === document.activeElement"):
            break
    expect(table).to_be_focused()


def test_address_of_a_selection_is_copied_and_opened_by_another(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/ma-selection?structures={ONE},{TWO}")
    page.get_by_role("button", name="Copier l’adresse").click()
    expect(page.locator("#annonce-selection")).to_have_text("Copié.")
    copied = page.evaluate("navigator.clipboard.readText()")
    path = copied[copied.index("/ma-selection") :]
    context.close()
    other = browser.new_context()
    page = other.new_page()
    page.goto(site + path)
    expect(page.locator(".result")).to_have_count(2)
    page.get_by_role("button", name="Copier dans ma sélection").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ma sélection")
    expect(page.locator(".result")).to_have_count(2)
    other.close()


def test_comparison_scrolls_with_its_criteria_in_sight(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(f"{site}/structures/comparer?structures={FOUR}")
    page.locator(".compare").evaluate("box => { box.scrollLeft = 500; }")
    criterion = page.get_by_role("rowheader").first.bounding_box()
    assert criterion is not None
    assert criterion["x"] >= 0
    context.close()


def test_list_in_a_file_is_checked_and_its_answer_downloaded(
    quiet_page: Page, site: str, tmp_path: Path
) -> None:
    sent = tmp_path / "fournisseurs.csv"
    sent.write_text(f"Nom;SIRET\nA;{ONE}\nB;55210055400013\nC;123\n", encoding="utf-8")
    quiet_page.goto(f"{site}/verifier")
    quiet_page.get_by_label("Ou un fichier").set_input_files(sent)
    quiet_page.get_by_role("button", name="Vérifier la liste").click()
    expect(quiet_page.get_by_role("heading", level=1)).to_contain_text("3 numéros vérifiés")
    see_no_defect(quiet_page)
    with quiet_page.expect_download() as caught:
        quiet_page.get_by_role("button", name="LibreOffice (ODS)").click()
    path = tmp_path / "answer.ods"
    caught.value.save_as(path)
    heading, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Résultats").to_python()
    assert [row[heading.index("Ligne")] for row in rows] == [2, 3, 4]
    assert rows[0][heading.index("Résultat")] == "Inclusive aujourd’hui"


def test_attestation_is_reached_and_keeps_its_own_address(quiet_page: Page, site: str) -> None:
    quiet_page.goto(f"{site}/verifier")
    quiet_page.get_by_label("SIRET ou SIREN").fill(ONE)
    quiet_page.get_by_role("button", name="Vérifier", exact=True).click()
    quiet_page.get_by_role("link", name="Attestation datée").click()
    seal = quiet_page.locator(".fingerprint").inner_text()
    quiet_page.goto(quiet_page.url)
    assert quiet_page.locator(".fingerprint").inner_text() == seal
    quiet_page.emulate_media(media="print")
    expect(quiet_page.get_by_text("ne vaut pas certificat du producteur")).to_be_visible()
    expect(quiet_page.get_by_role("navigation", name="Menu principal").locator("ul")).to_be_hidden()
