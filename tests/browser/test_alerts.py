"""An alert from its preview to its end, in a browser, with letters from a real mail server."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from annuaire.app import create_app
from annuaire.config import Settings
from annuaire.contracts.records import TextField
from annuaire.db import db
from annuaire.mail.sending import Counts
from annuaire.wording import PARIS
from search.indexing import INDEXES, rebuild
from tests.browser.conftest import free_port
from tests.browser.seeing import BOTH, see_no_defect
from tests.factories.alerts import Alerts
from tests.factories.notices import call
from tests.factories.smtp import Mailbox

pytestmark = pytest.mark.browser
CLAUSE = TextField(
    "execution", "Le titulaire réserve 300 heures d'insertion à des demandeurs d'emploi."
)


@pytest.fixture
def alerts(settings: Settings) -> Iterator[Alerts]:
    """The alerts of a site that is served, and whose letters lead to it."""
    port = free_port()
    own = replace(settings, public_url=f"http://127.0.0.1:{port}")
    app = create_app(own)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with app.app_context():
        found = Alerts(app, db.session, own, datetime.now(UTC))
        for name in INDEXES:
            rebuild(db.session, found.engine, name, found.now.date())
        yield found
        db.session.rollback()
        server.shutdown()
        thread.join()
        db.engine.dispose()


def notice(number: int, days: int, title: str, **changes: object) -> object:
    today = datetime.now(PARIS).date()
    return call(
        f"26-{number}", title=title, published_on=today - timedelta(days),
        deadline=datetime.now(UTC) + timedelta(days=20), texts=(CLAUSE,), **changes,
    )  # fmt: skip


def link_in(letter: str, path: str) -> str:
    found = re.search(rf"http://127\.0\.0\.1:\d+/alertes/{path}/\S+", letter)
    assert found, letter
    return found[0]


def sound(page: Page) -> None:
    """No defect that axe sees, and no sideways scrolling on a phone."""
    see_no_defect(page, *BOTH)
    page.set_viewport_size({"width": 320, "height": 600})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 720})


def test_follower_of_a_search_previews_confirms_receives_refines_and_leaves(
    page: Page, alerts: Alerts, mailbox: Mailbox, deliver: Callable[[Flask], Counts]
) -> None:
    site = alerts.site.url
    alerts.publish(notice(1, 9, "Nettoyage des vitres"))  # type: ignore[arg-type]
    page.goto(f"{site}/marches?q=nettoyage&departement=59")
    page.get_by_role("link", name="Créer une alerte").click()
    expect(page.get_by_role("link", name="Nettoyage des vitres")).to_be_visible()
    expect(page.get_by_text("1 envoi")).to_be_visible()
    sound(page)
    page.get_by_label("Votre adresse électronique").fill("ada@exemple.fr")
    page.get_by_label("dès la publication").check()
    page.get_by_role("button", name="Créer cette alerte").click()
    expect(page.get_by_text("Un courriel vient d’être envoyé à ada@exemple.fr")).to_be_visible()
    sound(page)

    deliver(alerts.app)
    (asked,) = mailbox.to("ada@exemple.fr")
    page.goto(link_in(asked.text, "confirmer"))
    sound(page)
    page.get_by_role("button", name="Confirmer cette alerte").click()
    expect(page.get_by_text("Votre alerte est confirmée")).to_be_visible()
    sound(page)

    alerts.now = datetime.now(UTC)
    alerts.publish(notice(2, 0, "Nettoyage des écoles"))  # type: ignore[arg-type]
    alerts.work()
    deliver(alerts.app)
    told = mailbox.to("ada@exemple.fr")[-1]
    assert told.subject == "1 nouveau marché : « nettoyage », Nord (59)"
    assert "300 heures d'insertion à des demandeurs d'emploi" in told.text
    assert told.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page.goto("about:blank")  # out of the site, whose rules for styles a mail program has not
    page.set_content(told.html)
    sound(page)

    page.goto(link_in(told.text, "non"))
    sound(page)
    page.get_by_label("Les marchés de cet acheteur").check()
    page.get_by_role("button", name="Ne plus l’envoyer").click()
    expect(page.get_by_text("C’est noté")).to_be_visible()
    alerts.publish(notice(3, 0, "Nettoyage du stade"))  # type: ignore[arg-type]
    alerts.work()
    deliver(alerts.app)
    assert len(mailbox.to("ada@exemple.fr")) == 2

    page.goto(link_in(told.text, "mes"))
    page.get_by_text("2 refus : « pas pour nous »").click()
    sound(page)
    page.get_by_role("link", name="Changer").click()
    sound(page)
    page.get_by_role("button", name="Modifier la recherche").click()
    page.get_by_label("Quoi").fill("nettoyage des vitres")
    page.get_by_label("Quoi").press("Enter")
    expect(page.get_by_role("heading", name="pour « nettoyage des vitres »")).to_be_visible()
    page.get_by_role("link", name="Remplacer la recherche de mon alerte").click()
    sound(page)
    page.get_by_role("button", name="Remplacer par celle-ci").click()
    expect(page.get_by_text("Sa recherche est remplacée.")).to_be_visible()
    expect(page.get_by_role("heading", name="« nettoyage des vitres », Nord (59)")).to_be_visible()
    page.goto(link_in(told.text, "quitter"))
    sound(page)
    page.get_by_role("button", name="Arrêter cette alerte").click()
    expect(page.get_by_text("Cette alerte est arrêtée")).to_be_visible()
    page.goto(link_in(told.text, "mes"))
    expect(page.get_by_text("Aucune alerte pour cette adresse")).to_be_visible()
