"""What every page is held to: no defect that axe sees, in light and dark; 320 pixels are enough,
which is a window of 640 at 200 %; nothing moves for who asked for it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.pages import PAGES
from tests.browser.seeing import BOTH, see_no_defect

pytestmark = pytest.mark.browser

MOVING = """() => [...document.querySelectorAll("body *")].filter((e) => {
  const { transitionDuration, animationDuration } = getComputedStyle(e);
  return [transitionDuration, animationDuration].some((duration) => parseFloat(duration) > 0.01);
}).length"""


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """A window that shows one page after another: a new one for each takes as long as the page."""
    page = browser.new_page(reduced_motion="reduce")
    yield page
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_page_has_no_defect_wide_or_narrow_light_or_dark(
    window: Page, site: str, path: str
) -> None:
    show(window, site + path)
    see_no_defect(window, *BOTH)
    window.set_viewport_size({"width": 320, "height": 512})  # as who zooms: without a new page
    assert window.evaluate("document.documentElement.scrollWidth") <= 320
    assert window.evaluate(MOVING) == 0


def show(page: Page, address: str) -> None:
    """Open a page as who comes for the first time, and all that it folds."""
    page.context.clear_cookies()
    page.set_viewport_size({"width": 1280, "height": 720})
    page.emulate_media(color_scheme="light")
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
