"""What every page is held to: no defect that axe sees, in light and dark; 320 pixels are enough,
which is a window of 640 at 200 %; nothing moves for who asked for it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.pages import PAGES

pytestmark = pytest.mark.browser

MOVING = """() => [...document.querySelectorAll("body *")].filter((e) => {
  const { transitionDuration, animationDuration } = getComputedStyle(e);
  return [transitionDuration, animationDuration].some((duration) => parseFloat(duration) > 0.01);
}).length"""


def open_everything(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")


@pytest.mark.parametrize("path", PAGES)
def test_page_has_no_accessibility_defect(page: Page, site: str, path: str) -> None:
    page.emulate_media(reduced_motion="reduce")  # else axe sees colours half way to the others
    page.goto(site + path)
    open_everything(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal, by the loop
        found = Axe().run(page)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_a_window_of_640_pixels_at_200_percent(
    browser: Browser, site: str, path: str
) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 512}, device_scale_factor=2, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(site + path)
    open_everything(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(MOVING) == 0
    context.close()
