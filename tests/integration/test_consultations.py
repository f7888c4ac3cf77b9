"""A buyer writes a consultation, sees what is understood, publishes, changes and withdraws it."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts.audit import AuditEntry
from annuaire.accounts.models import Seat, User
from annuaire.accounts.personal import erase_all, export_all
from annuaire.consultations.models import WrittenConsultation
from annuaire.contracts import service
from annuaire.contracts.models import Notice
from annuaire.contracts.publishing import Changes, publish
from annuaire.db import writing
from annuaire.runs import open_run
from tests.factories.accounts import NOW, SIRET, make_user, rows, sign_in, submit
from tests.factories.notices import call
from tests.factories.pages import token_of, words_of

PATH = "/espace/consultations"
GOOD = {
    "objet": "Nettoyage de la mairie d’essai",
    "adresse": "https://www.boamp.fr/pages/avis/?q=idweb:%2226-1%22",
    "limite": f"{(datetime.now(UTC) + timedelta(days=20)).date()}",
    "departement": "59",
    "conditions": "Le titulaire réalise 140 heures d'insertion.",
    "lot-1-objet": "Vitres",
    "lot-2-objet": "Sols",
    "lot-2-montant": "12 000",
    "lot-2-clause": "Lot réservé aux structures d'insertion par l'activité économique.",
}


def begin(browser: FlaskClient, base: Session, **fields: object) -> str:
    """A new draft; returns the address of its form."""
    (seat,) = rows(base, select(Seat).where(Seat.verified_at.is_not(None)).limit(1))
    answer = submit(browser, PATH, organisation=str(seat.id), **fields)
    assert answer.status_code == 303, words_of(answer.text)
    return str(answer.location)


def send(browser: FlaskClient, path: str, act: str, **changes: str) -> tuple[int, str, str]:
    """Send the form of a consultation as its page shows it; status, words, where it leads."""
    page = browser.get(path).text
    version = page.split('name="version" value="')[1].split('"')[0]
    values = GOOD | changes | {"version": version, "faire": act, "csrf_token": token_of(page)}
    answer = browser.post(path, data=values)
    return answer.status_code, words_of(answer.text), answer.location or ""


def officially_published(browser: FlaskClient, base: Session) -> tuple[str, str]:
    """A consultation published here, then by an official notice, which makes the page; the address
    of its form, and that of the page that it had."""
    path = begin(browser, base)
    _, _, where = send(browser, path, "publier")
    with writing(base, bulk=True):
        publish(base, open_run(base, "boamp", "essai", ""), [call("26-1")], Changes())
    assert browser.get(where).location == "/marches/boamp-26-1"
    return path, where


def state(base: Session, reference: str) -> tuple[str, int, datetime]:
    """A contract as the database has it now: its state, how many lots, when it was written."""
    base.rollback()
    base.expire_all()
    contract = service.by_reference(base, reference)
    found = contract.state, len(contract.lots), contract.updated_at
    base.rollback()
    return found


@pytest.fixture
def buyer(app: Flask, base: Session) -> FlaskClient:
    return sign_in(app, make_user(base, "camille@mairie.fr", verified_buyer=True))


def test_what_is_written_is_previewed_then_published_changed_and_withdrawn(
    buyer: FlaskClient, base: Session
) -> None:
    path = begin(buyer, base)
    status, words, _ = send(buyer, path, "apercu")
    assert status == 200
    assert "Ce qui est compris" in words
    assert "140 heures d'insertion" in words
    assert "12 000 € HT" in words.replace("\xa0", " ").replace("\u202f", " ")
    assert rows(base, select(Notice)) == []
    status, _, where = send(buyer, path, "publier")
    assert (status, where.startswith("/marches/depot-site-acheteur.")) == (303, True)
    page = words_of(buyer.get(where).text)
    assert "Écrite sur ce site par l’acheteur" in page
    reference = where.rpartition("/")[2]
    contract = service.by_reference(base, reference)
    assert (contract.state, contract.social, contract.buyer.siret) == ("published", True, SIRET)
    written_at = contract.updated_at
    assert [(lot.number, lot.reserved) for lot in contract.lots] == [
        ("1", None), ("2", "reserved_siae"),
    ]  # fmt: skip
    # The same again changes nothing; something else, the same contract.
    send(buyer, path, "publier")
    assert state(base, reference) == ("published", 2, written_at)
    send(buyer, path, "publier", **{"lot-3-objet": "Bureaux"})
    (notice,) = rows(base, select(Notice))
    assert notice.source == "depot"
    assert state(base, reference)[:2] == ("published", 3)
    assert submit(buyer, f"{path}/retirer", path).status_code == 303
    assert state(base, reference)[0] == "cancelled"
    assert send(buyer, path, "publier")[0] == 303  # and again
    assert state(base, reference)[:2] == ("published", 2)
    acts = [entry.action for entry in rows(base, select(AuditEntry).order_by(AuditEntry.id))]
    assert acts == [f"consultations.{s}" for s in ("published",) * 3 + ("withdrawn", "published")]


def test_a_document_begins_the_form_and_is_not_kept(buyer: FlaskClient, base: Session) -> None:
    text = "Objet : nettoyage de la mairie\nLot n° 1 : vitres\nLot n° 2 : sols\n"
    path = begin(buyer, base, fichier=(io.BytesIO(text.encode()), "rc.txt"))
    page = buyer.get(path).text
    assert 'value="vitres"' in page.lower()
    assert 'value="sols"' in page.lower()
    assert "Choisissez une organisation" in submit(buyer, PATH, organisation="999").text


def test_errors_are_told_and_nothing_is_lost(buyer: FlaskClient, base: Session) -> None:
    path = begin(buyer, base)
    status, words, _ = send(buyer, path, "publier", adresse="", limite="2020-01-01")
    assert status == 400
    assert "2 réponses sont à corriger" in words
    assert send(buyer, path, "apercu", adresse="")[0] == 200  # a draft may wait
    assert 'value="Vitres"' in buyer.get(path).text
    status, words, _ = send(buyer, path, "lot")
    assert words.count("Un autre lot") == 2
    assert "n’est pas publiée" in words_of(
        buyer.post(
            f"{path}/retirer", data={"csrf_token": token_of(buyer.get(path).text)},
            follow_redirects=True,
        ).text
    )  # fmt: skip
    assert rows(base, select(Notice)) == []


def test_nobody_writes_over_a_colleague_unseen(buyer: FlaskClient, base: Session) -> None:
    path = begin(buyer, base)
    page = buyer.get(path).text
    stale = page.split('name="version" value="')[1].split('"')[0]
    send(buyer, path, "apercu", objet="Version du collègue")
    answer = buyer.post(path, data=GOOD | {
        "version": stale, "faire": "publier", "csrf_token": token_of(page)})  # fmt: skip
    assert answer.status_code == 400
    assert "modifiée depuis" in answer.text
    assert GOOD["objet"] in answer.text
    (row,) = rows(base, select(WrittenConsultation))
    assert row.content["fields"]["objet"] == "Version du collègue"


def test_only_verified_buyers_of_the_body_change_it(
    app: Flask, buyer: FlaskClient, base: Session
) -> None:
    path = begin(buyer, base)
    colleague = sign_in(app, make_user(base, "dom@mairie.fr", verified_buyer=True))
    assert colleague.get(path).status_code == 200
    other_id = make_user(base, "sam@ailleurs.fr")
    with writing(base):
        base.add(Seat(user_id=other_id, siret="11001401600015", name="Ailleurs", since=NOW,
                      verified_at=NOW, verified_by="moderator"))  # fmt: skip
    other = sign_in(app, other_id)
    token = token_of(other.get(PATH).text)
    assert other.get(path).status_code == 404
    for address in (path, f"{path}/retirer"):
        assert other.post(address, data=GOOD | {"csrf_token": token}).status_code == 404
    waiting = sign_in(app, make_user(base, "lou@mairie.fr", buyer=True))
    assert "n’est vérifiée" in words_of(waiting.get(PATH).text)
    assert waiting.get(path).status_code == 403


def test_an_official_notice_of_the_same_contract_is_believed_alone(
    buyer: FlaskClient, base: Session
) -> None:
    path, _ = officially_published(buyer, base)
    _, _, where = send(buyer, path, "publier", objet="Autre objet")
    assert where == "/marches/boamp-26-1"
    assert "lui seul fait cette page" in words_of(buyer.get(where).text)
    assert service.by_reference(base, "boamp-26-1").title == call("26-1").title


def test_what_a_person_wrote_is_told_and_forgotten(buyer: FlaskClient, base: Session) -> None:
    published, draft = begin(buyer, base), begin(buyer, base)
    send(buyer, published, "publier")
    email = base.scalars(select(User.email)).one()
    told = export_all(base, email)["consultations.personal"]
    assert [each["state"] for each in told] == ["published", "draft"]
    base.rollback()
    with writing(base):
        counts = erase_all(base, email, "http://localhost", actor_id=None)
    assert counts["consultations.personal"] == 2
    (row,) = rows(base, select(WrittenConsultation))
    assert (row.state, row.author_id) == ("published", None)
    assert draft != published
