"""A letter in a real browser: on a phone, in light and in dark, for who sees and who does not."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser

from annuaire.mail.rendering import _environment, render
from tests.browser.seeing import BOTH, see_no_defect

pytestmark = pytest.mark.browser

PARTS = """{% from "mail/parts.html" import title, para, link, button, box %}
{% call title(2) %}Lot 1{% endcall %}
{% call box() %}{% call para() %}Espaces verts, {{ link("https://a.fr", "le marché") }}
{{ "mot" * 200 }}{% endcall %}{% endcall %}{{ button("https://a.fr", "Répondre") }}</main>"""


def test_letters_are_readable_on_a_phone_in_light_and_in_dark(browser: Browser) -> None:
    letter = render(
        "test", to="a@exemple.fr", once="1", purpose="test", asked_at=datetime.now(UTC),
        public_url="https://annuaire.example.org", unsubscribe="https://annuaire.example.org/q",
    )  # fmt: skip
    parts = _environment().from_string(PARTS).render()
    html = letter.html.replace("</main>", parts)
    for scheme in BOTH:
        page = browser.new_page(viewport={"width": 360, "height": 700}, color_scheme=scheme)
        page.set_content(html)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(22, 27, 26)")
        see_no_defect(page, scheme)
        page.close()
