"""Take the screenshots of the README from the real site with the sample data.

`python tools/make_screenshots.py http://127.0.0.1:8000` while `make demo` runs; needs the
development environment and Chromium. Writes docs/screenshots/*.png.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
PAGES = {
    "structures": "/structures?q=espaces+verts&lieu=Lyon&rayon=200",
    "besoin": "/besoins/nouveau?quoi=Entretien+des+espaces+verts&lieu=Lyon&montant=35000",
}


def main() -> None:
    site = sys.argv[1].rstrip("/")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        for name, path in PAGES.items():
            page.goto(site + path)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
        page.goto(f"{site}/marches?social=oui&reserve=siae")
        page.locator(".result a").first.click()
        page.screenshot(path=FOLDER / "marche.png")
        browser.close()


if __name__ == "__main__":
    main()
