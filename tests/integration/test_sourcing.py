"""Requests to structures: written, confirmed by mail, sent, answered without an account, reminded,
closed, taken away, erased."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annuaire.config import Settings
from annuaire.db import db, writing
from annuaire.extensions import limiter
from annuaire.mail.sending import Counts
from annuaire.sourcing import rules
from annuaire.sourcing.links import Links
from annuaire.sourcing.models import AskedStructure, SourcingRequest
from annuaire.sourcing.running import Done, run_once
from annuaire.sourcing.service import erase, export_of
from annuaire.structures.models import Structure
from tests.factories.accounts import make_user, sign_in
from tests.factories.commands import Run, last_json
from tests.factories.files import notice, siae, write_csv
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


@pytest.fixture
def filled(
    run: Run, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> FlaskClient:
    """Six cleaning companies: five publish an address, the last a telephone alone."""
    monkeypatch.setattr(limiter, "enabled", False)
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(n) for n in range(1, 7)]))
    with changing(app) as session:
        for number, key in enumerate(KEYS[:5], 1):
            email = {"email": address_of(number)}
            session.execute(update(Structure).where(Structure.key == key).values(**email))
        last = update(Structure).where(Structure.key == KEYS[5])
        session.execute(last.values(phone="0320000000"))
    return client


def turn(app: Flask, links: Links, now: datetime) -> Done:
    with app.app_context():
        return run_once(db.session, links, now)


@pytest.fixture
def links(settings: Settings) -> Links:
    return Links(settings.secret_key, settings.public_url)


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


def test_reminders_ends_and_erasing_come_at_their_day(
    filled: FlaskClient,
    app: Flask,
    mailbox: Mailbox,
    deliver: Deliver,
    links: Links,
) -> None:
    following = request_sent(filled, app, mailbox, deliver, KEYS[:3])
    first = link_in(mailbox.to(address_of(1))[0].text, "repondre")
    press(filled, first, reponse="interested")
    third = link_in(mailbox.to(address_of(3))[0].text, "arreter")
    assert filled.post(third, data={"List-Unsubscribe": "One-Click"}).status_code == 204
    assert "il y a moins d'un jour" in unescape(press(filled, following, "/relancer"))
    deadline = date.fromisoformat(last_day())
    due = rules.reminds_from(deadline)
    assert turn(app, links, due - timedelta(minutes=1)) == Done()
    assert turn(app, links, due) == Done(reminded=1)  # neither who answered nor who left
    assert turn(app, links, due) == Done()
    deliver(app)
    assert [len(mailbox.to(address_of(n))) for n in (1, 2, 3)] == [1, 2, 1]
    assert mailbox.to(address_of(2))[1].subject.startswith("Rappel : Demande de devis")
    over = rules.last_moment(deadline)
    assert turn(app, links, over - timedelta(seconds=1)) == Done()
    assert turn(app, links, over) == Done(closed=1)
    deliver(app)
    assert "Réponses closes" in mailbox.to(BUYER)[-1].subject
    second = link_in(mailbox.to(address_of(2))[0].text, "repondre")
    assert "ne prend plus de réponse" in words_of(filled.get(second).text)
    page = words_of(filled.get(following).text)
    assert "relance automatique" in page
    assert "ne veut plus recevoir de demandes" in page
    assert turn(app, links, over + rules.KEPT + timedelta(days=1)) == Done(erased=1)
    assert filled.get(following).status_code == 404
    assert filled.get(second).status_code == 404


def test_structure_that_stops_is_left_in_peace_until_it_takes_it_back(
    filled: FlaskClient, app: Flask, mailbox: Mailbox, deliver: Deliver
) -> None:
    with changing(app) as session:  # two structures at one address
        session.execute(
            update(Structure).where(Structure.key == KEYS[1]).values(email=address_of(1).upper())
        )
    request_sent(filled, app, mailbox, deliver, KEYS[:1])
    stopping = link_in(mailbox.to(address_of(1))[0].text, "arreter")
    assert "Ne plus recevoir" in words_of(filled.get(stopping).text)
    filled.post(stopping)
    assert "Vous ne recevez plus" in filled.get(stopping).text
    said = write(filled, KEYS[:2])
    assert said.count("a demandé à ne plus recevoir de demandes par ce site") == 2
    filled.post(stopping, data={"reprendre": "1"})
    assert "Un courriel est parti" in write(filled, KEYS[:2])


def test_by_hand_a_reminder_once_an_end_and_an_erasing(
    filled: FlaskClient, app: Flask, mailbox: Mailbox, deliver: Deliver
) -> None:
    following = request_sent(filled, app, mailbox, deliver, KEYS[:2])
    with changing(app) as session:
        session.execute(
            update(AskedStructure).values(asked_at=datetime.now(UTC) - timedelta(days=2))
        )
    assert "Une relance part à 2" in press(filled, following, "/relancer")
    assert "déjà relancé" in press(filled, following, "/relancer")
    deliver(app)
    assert len(mailbox.to(address_of(1))) == 2
    answering = link_in(mailbox.to(address_of(1))[1].text, "repondre")
    assert "La demande est close" in press(filled, following, "/clore")
    assert "ne prend plus de réponse" in words_of(filled.get(answering).text)
    assert "sont effacés" in press(filled, following, "/effacer")
    assert filled.get(answering).status_code == 404
    with changing(app) as session:
        assert session.scalars(select(AskedStructure.id)).all() == []


def test_journal_and_sourcing_file_are_taken_away(
    filled: FlaskClient, app: Flask, mailbox: Mailbox, deliver: Deliver, tmp_path: Path
) -> None:
    following = request_sent(filled, app, mailbox, deliver, KEYS[:2])
    answering = link_in(mailbox.to(address_of(2))[0].text, "repondre")
    press(filled, answering, reponse="interested", message="=HYPERLINK(1)")
    book = tmp_path / "journal.xlsx"
    book.write_bytes(filled.get(f"{following}/journal.xlsx", buffered=True).data)
    rows = CalamineWorkbook.from_path(book).get_sheet_by_name("Structures").to_python()
    heading = rows[0]
    assert [row[heading.index("Réponse")] for row in rows[1:]] == ["intéressée", "pas de réponse"]
    text = filled.get(f"{following}/journal.csv", buffered=True).data.decode()
    assert "intéressée" in text
    paper = filled.get(f"{following}/dossier-sourcing.docx", buffered=True).data
    path = tmp_path / "dossier.docx"
    path.write_bytes(paper)
    document = Document(str(path))
    words = "\n".join(p.text for p in document.paragraphs)
    assert "Demande envoyée et réponses" in words
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert any("intéressée" in cell for cell in cells)


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
    assert "Vos achats notés" in after
    other = app.test_client().get(f"/besoins/nouveau?{NEED}").text
    assert "Vos achats notés" not in other
    notebook = link_in_page(filled.get(following).text, "carnet")
    assert "Vitres" in filled.get(notebook).text
    press(filled, notebook, rendre="1")
    assert "Vos achats notés" not in filled.get(f"/besoins/nouveau?{NEED}").text
    found = re.search(r'name="retirer" value="(\d+)"', filled.get(notebook).text)
    assert found
    press(filled, notebook, retirer=found[1])
    assert "Vitres" not in filled.get(notebook).text.partition("Achats notés")[2]


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
    assert "Vos achats notés" in colleague.get(page).text


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


def test_forged_addresses_lead_nowhere_and_the_job_runs(
    filled: FlaskClient, links: Links, run: Run
) -> None:
    crossed = links.path("repondre", 1).rpartition("/")[2]
    for page in ("confirmer", "suivi", "repondre", "arreter", "carnet"):
        for token in ("x", "é" * 99, "a.b.c", crossed):
            assert filled.get(f"/demandes/{page}/{token}").status_code == 404
    for number in (10**12, 0, -1):
        assert filled.get(links.path("suivi", number)).status_code == 404
    assert last_json(run("sourcing", "run", "--once", "--json")) == {
        "reminded": 0, "closed": 0, "erased": 0,
    }  # fmt: skip


def test_ticked_suggestions_are_kept_or_contacted(filled: FlaskClient) -> None:
    page = filled.get(f"/besoins/nouveau?{NEED}").text
    form = {"csrf_token": token_of(page), "quoi": "nettoyage de bureaux", "lieu": "Lille"}
    sent = filled.post("/demandes/choisir", data=form | {"structures": KEYS[:2], "vers": "demande"})
    assert sent.location.startswith(f"/demandes/nouvelle?structures={KEYS[0]}%2C{KEYS[1]}&quoi=")
    shown = filled.get(sent.location).text
    assert f"mailto:?bcc={address_of(1)},{address_of(2)}&amp;subject=Nettoyage" in shown
    filled.post("/demandes/choisir", data=form | {"structures": KEYS[:2], "vers": "selection"})
    assert "2\xa0structures" in filled.get("/ma-selection").text
    filled.post("/demandes/choisir", data=form | {"tout": ",".join(KEYS)})
    assert "6\xa0structures" in filled.get("/ma-selection").text
    nothing = filled.post("/demandes/choisir", data=form, follow_redirects=True)
    assert "Cochez au moins une structure" in nothing.text
