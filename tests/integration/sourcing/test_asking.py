"""Requests to structures: written, confirmed by mail, sent, answered without an account."""

import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from annuaire.mail.models import MailSuspension
from annuaire.sourcing import rules
from annuaire.sourcing.links import Links
from annuaire.sourcing.models import AskedStructure, SourcingRequest
from annuaire.structures.models import Structure
from tests.factories.commands import Run
from tests.factories.files import notice, write_csv
from tests.factories.pages import token_of, words_of
from tests.factories.requests import (
    BUYER,
    KEYS,
    NEED,
    Deliver,
    address_of,
    changing,
    last_day,
    link_in,
    press,
    write,
)  # fmt: skip
from tests.factories.smtp import Mailbox


def test_buyer_asks_structures_answer_and_all_is_on_one_page(
    filled: FlaskClient, app: Flask, mailbox: Mailbox, deliver: Deliver
) -> None:
    said = write(filled, [*KEYS[:3], KEYS[5]])
    assert f"Un courriel est parti à {BUYER}" in said
    deliver(app)
    assert [letter.to for letter in mailbox.letters] == [BUYER]
    confirming = link_in(mailbox.letters[0].text, "confirmer")
    assert filled.get(confirming).status_code == 200  # as a scanner of mails does
    deliver(app)
    assert len(mailbox.letters) == 1
    page = press(filled, confirming)
    assert "3 structures contactées : 3 sans réponse" in page
    assert "aucune adresse électronique publiée : à contacter autrement" in page
    assert "courriel en attente d’envoi" in page
    token = token_of(filled.get("/demandes").text)
    filled.post(confirming, data={"csrf_token": token})  # once more: nothing leaves twice
    deliver(app)
    asked = mailbox.to(address_of(1))
    assert len(asked) == 1
    assert asked[0].subject.startswith("Demande de devis : Nettoyage des bureaux de la mairie")
    assert "https://www.mairie-essai.fr/plan.pdf" in asked[0].text
    assert "pour 1 200 m² ?" in asked[0].text
    assert asked[0].mail["Reply-To"] == BUYER
    assert "List-Unsubscribe" in asked[0].mail
    following = link_in(mailbox.to(BUYER)[-1].text, "suivi")
    answering = link_in(asked[0].text, "repondre")
    stranger = app.test_client()
    shown = words_of(stranger.get(answering).text)
    assert "Pas cette fois" in shown
    assert "sans réponse" in words_of(stranger.get(following).text)  # opening answered nothing
    said = press(
        stranger, answering, reponse="interested", message="<b>Oui</b> en mars", contact="Ana, 06"
    )
    assert "Votre réponse est enregistrée" in said
    press(stranger, answering, reponse="declined", message="Finalement non")
    press(stranger, answering, reponse="declined", message="Finalement non")
    second = link_in(mailbox.to(address_of(2))[0].text, "repondre")
    press(stranger, second, reponse="interested")
    assert "Choisissez votre réponse" in press(stranger, second, reponse="peut-être")
    page = filled.get(following).text
    assert "3 structures contactées : 1 intéressée, 1 pas cette fois, 1 sans réponse" in words_of(
        page
    )
    assert "&lt;b&gt;Oui&lt;/b&gt; en mars" in page
    assert page.index("PROPRETE D&#39;ESSAI 2</a>") < page.index("PROPRETE D&#39;ESSAI 3</a>")
    deliver(app)
    told = [letter.subject for letter in mailbox.to(BUYER)[2:]]
    assert len(told) == 3  # interested, then declined; interested


def test_form_says_at_once_that_nobody_can_be_written_to(filled: FlaskClient) -> None:
    said = "ne publie pas d’adresse électronique\u00a0: rien ne peut être envoyé d’ici"
    page = filled.get(f"/demandes/nouvelle?structures={KEYS[5]}").text
    assert said in page
    assert 'data-copy="Copier le texte"' in page
    assert "mailto:" not in page
    assert said not in filled.get(f"/demandes/nouvelle?structures={KEYS[0]},{KEYS[5]}").text


def test_quote_does_not_tell_what_the_buyer_would_pay(filled: FlaskClient) -> None:
    need = f"/demandes/nouvelle?structures={KEYS[0]}&quoi=nettoyage&lieu=Lille&montant=38000"
    assert "Budget estimé" not in filled.get(need).text
    assert "Budget estimé" in filled.get(f"{need}&sorte=sourcing").text


def test_a_concession_is_no_quote(filled: FlaskClient) -> None:
    need = f"/demandes/nouvelle?structures={KEYS[0]}&quoi=nettoyage&lieu=Lille&montant=9000"
    assert 'value="devis"' in filled.get(need).text
    page = filled.get(f"{need}&contrat=concession").text
    assert "pas de seuil d&#39;achat direct" in page
    assert 'value="devis"' not in page
    assert "un devis ne suffit pas" in write(filled, KEYS[:1], contrat="concession", sorte="devis")


def test_limits_and_refusals_are_said_on_the_form(filled: FlaskClient, app: Flask) -> None:
    cases: list[tuple[list[str], dict[str, str], str]] = [
        (KEYS[:4], {}, "4 structures sont cochées : gardez-en 3 au plus"),
        (KEYS[5:], {}, "Cochez au moins une structure à qui un courriel peut être envoyé"),
        (KEYS[:1], {"montant": "70000", "sorte": "devis"}, "un devis ne suffit plus"),
        (KEYS[:1], {"courriel": "pas une adresse"}, "adresse électronique"),
        (KEYS[:1], {"courriel": f"{BUYER}\nBcc: x@y.fr"}, "adresse électronique"),
        (KEYS[:1], {"echeance": last_day(0)}, "laissez deux jours au moins"),
        (KEYS[:1], {"echeance": "demain"}, "Date illisible"),
        (KEYS[:1], {"documents": "http://127.0.0.1/x"}, "ne peut pas être envoyé"),
        (KEYS[:1], {"documents": "javascript:alert(1)"}, "n'a pas d'adresse"),
        (KEYS[:1], {"texte": "court", "nom": ""}, "2 réponses sont à corriger"),
        (KEYS[:1], {"sorte": "autre"}, "Choisissez devis ou question de sourcing"),
    ]
    for keys, changes, said in cases:
        assert said in write(filled, keys, **changes), said
    with changing(app) as session:
        assert session.scalars(select(SourcingRequest.id)).all() == []
    assert "Un courriel est parti" in write(filled, KEYS[:1], site="je suis une machine")
    with changing(app) as session:
        assert session.scalars(select(SourcingRequest.id)).all() == []


def test_lot_of_a_published_contract_is_no_quote(
    filled: FlaskClient, run: Run, tmp_path: Path
) -> None:
    run("import", "boamp", write_csv(tmp_path / "boamp.csv", [notice(1)]))
    lot = filled.get("/marches/boamp-26-1/lots/1").text
    form = {"csrf_token": token_of(lot), "marche": "boamp-26-1", "lot": "1", "vers": "demande"}
    chosen = filled.post("/demandes/choisir", data=form | {"structures": KEYS[:2]})
    page = filled.get(chosen.location).text
    assert "profil d&#39;acheteur" in page
    assert 'value="devis"' not in page
    assert "Marché publié : http://127.0.0.1:8000/marches/boamp-26-1/lots/1" in page
    assert "question de sourcing : il n&#39;engage ni vous ni nous" in page
    assert "profil d'acheteur" in write(filled, KEYS[:1], marche="boamp-26-1", lot="1")
    said = write(filled, KEYS[:5], marche="boamp-26-1", lot="1", sorte="sourcing")
    assert "Un courriel est parti" in said
    assert filled.get("/demandes/nouvelle?structures=x&marche=rien&lot=é").status_code == 200


def test_addresses_are_not_bombed(filled: FlaskClient, app: Flask, links: Links) -> None:
    for _ in range(rules.PENDING):
        assert "Un courriel est parti" in write(filled, KEYS[:1])
    assert "attendent déjà" in write(filled, KEYS[:1])
    with changing(app) as session:
        session.add(MailSuspension(address="b@c.fr", reason="failing", since=datetime.now(UTC)))
        session.add(
            MailSuspension(address=address_of(2), reason="unknown", since=datetime.now(UTC))
        )
    assert "ne reçoit plus nos courriels" in write(filled, KEYS[:1], courriel="B@c.fr")
    assert "son adresse ne reçoit plus de courriels" in write(filled, KEYS[1:2])
    with changing(app) as session:
        session.execute(update(AskedStructure).values(asked_at=datetime.now(UTC)))
        session.execute(update(SourcingRequest).values(sender_key="autre", state="open"))
        for each in (1, 2):
            row = SourcingRequest(
                kind="question", state="open", subject=str(each), text="", deadline=date.max,
                sender_name="", sender_organisation="", sender_email="a@b.fr", sender_key="a@b.fr",
                created_at=datetime.now(UTC),
            )  # fmt: skip
            structure_id = session.scalars(
                select(Structure.id).where(Structure.key == KEYS[0])
            ).one()
            asked = AskedStructure(structure_id=structure_id, key=KEYS[0], name="", email="x@y.fr")
            asked.asked_at = datetime.now(UTC)
            row.asked = [asked]
            session.add(row)
    assert "a déjà reçu 5 demandes en sept jours" in write(filled, KEYS[:1])


def test_one_address_uses_up_no_structure_for_all_others(
    filled: FlaskClient, app: Flask, links: Links
) -> None:
    often = f"a déjà reçu {rules.SENDER_WEEK} demandes de votre adresse en sept jours"
    pages = []
    for number in range(1, rules.SENDER_WEEK + 2):
        write(filled, KEYS[:2] if number == 1 else KEYS[:1])
        pages.append(press(filled, links.path("confirmer", number)))
    assert [often in page for page in pages] == [False] * rules.SENDER_WEEK + [True]
    write(filled, KEYS[:1], courriel="autre@mairie-essai.fr")
    page = press(filled, links.path("confirmer", number + 1))
    assert "1 structure contactée" in page


def test_ticked_suggestions_are_kept_or_contacted(filled: FlaskClient) -> None:
    page = filled.get(f"/besoins/nouveau?{NEED}").text
    form = {"csrf_token": token_of(page), "quoi": "nettoyage de bureaux", "lieu": "Lille"}
    sent = filled.post("/demandes/choisir", data=form | {"structures": KEYS[:2], "vers": "demande"})
    assert sent.location.startswith(f"/demandes/nouvelle?structures={KEYS[0]}%2C{KEYS[1]}&quoi=")
    shown = filled.get(sent.location).text
    assert f"mailto:?bcc={address_of(1)},{address_of(2)}&amp;subject=Nettoyage" in shown
    assert "recevoir un devis" in shown
    other = re.search(r'href="(/demandes/nouvelle[^"]+sorte=sourcing)"', shown)
    assert other
    assert "question de sourcing : il n&#39;engage" in filled.get(unescape(other[1])).text
    filled.post("/demandes/choisir", data=form | {"structures": KEYS[:2], "vers": "selection"})
    assert "2\xa0structures" in filled.get("/ma-selection").text
    filled.post("/demandes/choisir", data=form | {"tout": ",".join(KEYS)})
    assert "6\xa0structures" in filled.get("/ma-selection").text
    nothing = filled.post("/demandes/choisir", data=form, follow_redirects=True)
    assert "Cochez au moins une structure" in nothing.text
