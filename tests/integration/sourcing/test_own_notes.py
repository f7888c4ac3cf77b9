"""What is a buyer's own: its notes, its requests found again, what is kept of a person."""

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from annuaire.sourcing.service import erase, export_of
from tests.factories.pages import token_of, words_of
from tests.factories.requests import (
    BUYER,
    KEYS,
    NEED,
    Deliver,
    address_of,
    changing,
    link_in,
    link_in_page,
    press,
    request_sent,
    signed_in,
    write,
)  # fmt: skip
from tests.factories.smtp import Mailbox


def test_noted_purchases_turn_the_suggestions_of_their_buyer_alone(
    filled: FlaskClient, app: Flask, mailbox: Mailbox, deliver: Deliver
) -> None:
    following = request_sent(filled, app, mailbox, deliver, KEYS[:1])
    page = filled.get(f"/besoins/nouveau?{NEED}").text
    first = re.findall(r'class="rank">1\.</span> <a href="/structures/(\d+)"', page)[0]
    said = press(filled, following, "/achat", cle=first, achat="Vitres", prix="1 200,50 €")
    assert "L’achat est noté" in said
    assert "date de l'achat" in unescape(
        press(filled, following, "/achat", cle=first, achat="Vitres", le="2999-01-01")
    )
    after = filled.get(f"/besoins/nouveau?{NEED}").text
    assert re.findall(r'class="rank">1\.</span> <a href="/structures/(\d+)"', after)[0] != first
    assert "Vous avez noté 1\xa0achat chez elle" in unescape(after)
    assert "Achat du" in after
    other = app.test_client().get(f"/besoins/nouveau?{NEED}").text
    assert "Vos achats et demandes" not in other
    notebook = link_in_page(filled.get(following).text, "carnet")
    assert "Vitres" in filled.get(notebook).text
    press(filled, notebook, rendre="1")
    assert "Vos achats et demandes" not in filled.get(f"/besoins/nouveau?{NEED}").text
    found = re.search(r'name="retirer" value="(\d+)"', filled.get(notebook).text)
    assert found
    press(filled, notebook, retirer=found[1])
    assert "Vitres" not in filled.get(notebook).text.partition("Achats notés")[2]


def test_who_is_signed_in_confirms_at_once_and_finds_their_requests(
    filled: FlaskClient, app: Flask, mailbox: Mailbox, deliver: Deliver
) -> None:
    client, colleague = signed_in(app, BUYER), signed_in(app, "b@mairie-essai.fr")
    form = client.get(f"/demandes/nouvelle?structures={KEYS[0]}&{NEED}").text
    assert "Mairie d’essai" in form
    assert "Confirmer et envoyer" in write(client, KEYS[:1])
    deliver(app)
    assert mailbox.letters == []
    said = write(client, KEYS[:1], courriel="autre@mairie-essai.fr")
    assert "Un courriel est parti à autre@mairie-essai.fr" in said
    page = f"/besoins/nouveau?{NEED}"
    names = r'class="rank">\d+\.</span> <a href="/structures/(\d+)"'
    first = re.findall(names, client.get(page).text)[0]
    reason = {"cle": first, "motif": "metier", "retour": page, "activite": "nettoyage-locaux"}
    client.post(
        "/propositions/ecartees", data=reason | {"csrf_token": token_of(client.get(page).text)}
    )
    assert re.findall(names, client.get(page).text)[0] != first
    assert re.findall(names, colleague.get(page).text)[0] != first
    assert re.findall(names, filled.get(page).text)[0] == first
    home = client.get("/demandes").text
    assert "Achats notés" in home
    press(client, "/demandes", cle=first, achat="Vitres")
    assert "Achat du" in colleague.get(page).text
    for typed, said in (
        ({"cle": "00000000000000", "achat": "Vitres"}, "Aucune structure ne porte le numéro"),
        ({"retirer": "9" * 5_000}, "L’achat n’est plus noté"),  # as for a note that is gone
        ({"retirer": "²"}, "L’achat n’est plus noté"),
        *(({"cle": first, "achat": f"Achat {n}"}, "Noté") for n in range(10)),
    ):
        assert said in press(client, "/demandes", **typed), typed


def test_lost_page_is_found_by_mail_and_nobody_learns_who_asks(
    filled: FlaskClient, app: Flask, mailbox: Mailbox, deliver: Deliver
) -> None:
    request_sent(filled, app, mailbox, deliver, KEYS[:1])
    before = len(mailbox.letters)
    stranger = app.test_client()
    one = press(stranger, "/demandes", courriel=BUYER.upper())
    other = press(stranger, "/demandes", courriel="personne@exemple.fr")
    assert one == other
    deliver(app)
    (letter,) = mailbox.letters[before:]
    notebook = link_in(letter.text, "carnet")
    assert "Nettoyage des bureaux" in stranger.get(notebook).text


def test_what_is_kept_of_an_address_is_told_and_erased(
    filled: FlaskClient, app: Flask, mailbox: Mailbox, deliver: Deliver
) -> None:
    following = request_sent(filled, app, mailbox, deliver, KEYS[:2])
    answering = link_in(mailbox.to(address_of(1))[0].text, "repondre")
    press(filled, answering, reponse="interested", message="Ana répond", contact="Ana")
    press(filled, following, "/achat", cle=KEYS[0], achat="Vitres")
    with changing(app) as session:
        structure = export_of(session, address_of(1).upper())
        assert structure["received"][0]["message"] == "Ana répond"
        buyer = export_of(session, BUYER)
        assert (len(buyer["requests"]), len(buyer["purchases"])) == (1, 1)
        assert erase(session, address_of(1)) == 2
    page = filled.get(following).text
    assert "Ana" not in page
    assert "1 intéressée" in words_of(page)
    with changing(app) as session:
        assert erase(session, BUYER) == 2
        assert export_of(session, BUYER) == {}
    assert filled.get(following).status_code == 404
