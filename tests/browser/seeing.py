"""What axe sees of a page, whatever the test that opened it."""

from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
BOTH: tuple[Scheme, Scheme] = ("light", "dark")

#: The rules of axe that look at colours, which alone another scheme changes.
COLOURS = ["color-contrast", "link-in-text-block"]

#: Axe tells even what it found right, by hundreds of elements: only the defects are brought back.
LOOK = """async (rules) => {
  const runOnly = rules.length ? { type: "rule", values: rules } : undefined;
  const found = await axe.run({ resultTypes: ["violations"], ...(runOnly && { runOnly }) });
  return { ...found, passes: [], incomplete: [], inapplicable: [] };
}"""


def see_no_defect(page: Page, *schemes: Scheme) -> None:
    """Fail with what axe says of a page, in the light or in these; the page stays in the last."""
    if not page.evaluate("'axe' in window"):  # half a megabyte: once for each page is enough
        page.evaluate(AXE_SCRIPT)
    for rank, scheme in enumerate(schemes or ("light",)):
        # Without motion: else axe sees colours half way to the others.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = AxeResults(page.evaluate(LOOK, COLOURS if rank else []))
        assert found.violations_count == 0, f"{page.url} {scheme}: {found.generate_report()}"
