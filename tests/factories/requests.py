"""Requests to structures as visitors write, confirm and answer them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from annuaire.db import db, writing
from annuaire.mail.sending import Counts
from annuaire.sourcing.links import Links
from annuaire.sourcing.running import Done, run_once
from tests.factories.accounts import make_user, sign_in
from tests.factories.files import siae
from tests.factories.pages import token_of, words_of
from tests.factories.smtp import Mailbox

Deliver = Callable[[Flask], Counts]

NEED = "quoi=nettoyage+de+bureaux&lieu=Lille&montant=9000"
KEYS = [siae(n)["siret"] for n in range(1, 7)]
BUYER = "achats@mairie-essai.fr"
WRITTEN = {
    "sorte": "devis",
    "objet": "Nettoyage des bureaux de la mairie",
    "texte": "Bonjour,\n\nPouvez-vous nous adresser un devis pour 1\u202f200\u00a0m² ?",
    "documents": "Plan des locaux https://www.mairie-essai.fr/plan.pdf",
    "nom": "Camille Essai",
    "organisation": "Mairie d’essai",
    "courriel": BUYER,
}


def address_of(number: int) -> str:
    return f"contact{number}@structure-essai.fr"


@contextmanager
def changing(app: Flask) -> Iterator[Session]:
    """A transaction beside the visitors'; none lasts while they ask for pages, as theirs would
    share its context."""
    with app.app_context(), writing(db.session) as session:
        yield session


def turn(app: Flask, links: Links, now: datetime) -> Done:
    with app.app_context():
        return run_once(db.session, links, now)


def last_day(days: int = 10) -> str:
    return (date.today() + timedelta(days=days)).isoformat()  # noqa: DTZ011 - local day


def write(client: FlaskClient, keys: list[str], **changes: str) -> str:
    """Send the form, follow where it leads; returns that page."""
    path = f"/demandes/nouvelle?structures={','.join(keys)}&{NEED}"
    need = {"quoi": "nettoyage de bureaux", "lieu": "Lille", "montant": "9000"}
    data = WRITTEN | need | {"echeance": last_day(), "csrf_token": token_of(client.get(path).text)}
    sent = data | {"structures": keys, "presentes": ",".join(keys)} | changes  # type: ignore[operator]  # a list, as forms send several
    return unescape(client.post("/demandes/nouvelle", data=sent, follow_redirects=True).text)


def link_in(text: str, page: str) -> str:
    """The path of a page named in a mail."""
    found = re.search(rf"http://127.0.0.1:8000(/demandes/{page}/\S+)", text)
    assert found, text
    return found[1]


def press(client: FlaskClient, path: str, to: str = "", **form: str) -> str:
    """Send a form of a page; returns the page that it leads to."""
    token = token_of(client.get(path).text)
    answer = client.post(f"{path}{to}", data={"csrf_token": token, **form}, follow_redirects=True)
    return words_of(answer.text)


def request_sent(
    client: FlaskClient, app: Flask, mailbox: Mailbox, deliver: Deliver, keys: list[str]
) -> str:
    """A request written, confirmed and delivered; returns the path of its page."""
    write(client, keys)
    deliver(app)
    confirming = link_in(mailbox.to(BUYER)[-1].text, "confirmer")
    press(client, confirming)
    deliver(app)
    return link_in(mailbox.to(BUYER)[-1].text, "suivi")


def signed_in(app: Flask, email: str) -> FlaskClient:
    """The browser of someone who buys for the town hall."""
    with app.app_context():
        user = make_user(db.session, email, verified_buyer=True)
        db.session.rollback()
    return sign_in(app, user)


def link_in_page(page: str, name: str) -> str:
    found = re.search(rf'href="(/demandes/{name}/[^"]+)"', page)
    assert found
    return found[1]
