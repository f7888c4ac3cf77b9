"""What pages and the API show of a contract that several notices make."""

import html
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from annuaire.alerts.prints import print_of
from annuaire.contracts import service
from annuaire.contracts.records import CodeField, TextField
from annuaire.matching.opportunities import open_lots
from search.contract_documents import contract_document
from tests.factories.joined import AWARD, NOTICES, read
from tests.factories.notices import call, later, won
from tests.factories.pages import words_of


@pytest.mark.parametrize("address", ["/marches/boamp-26-4", "/marches/boamp-26-4/lots/LOT-0002"])
def test_a_reference_published_before_a_join_still_answers(
    session: Session, client: FlaskClient, address: str
) -> None:
    read(session, [AWARD])
    assert client.get("/marches/boamp-26-4").status_code == 200
    read(session, NOTICES)
    answer = client.get(address)
    assert answer.status_code == 301
    assert answer.location == address.replace("26-4", "26-1").replace("LOT-0002", "2")
    page = client.get(answer.location)
    assert page.status_code == 200


def test_the_history_says_what_each_notice_changed(session: Session, client: FlaskClient) -> None:
    read(session, NOTICES)
    happened = service.history(service.by_reference(session, "boamp-26-1"))
    assert [(each.on, each.nature, each.in_force) for each in happened] == [
        (date(2026, 5, 4), "call", True),
        (date(2026, 5, 4), "call", True),
        (date(2026, 5, 14), "correction", True),
        (date(2026, 5, 24), "correction", True),
        (date(2026, 7, 3), "award", True),
    ]
    said = [change for each in happened for change in each.changes]
    assert [text.replace("\u00a0", " ").replace("\u202f", " ") for text in said] == [
        "Réponses attendues jusqu’au 12 juin 2026 à 12 h",
        "Date limite reportée du 12 juin 2026 à 12 h au 30 juin 2026 à 12 h",
        "Lot 3 ajouté : Bureaux",
        "Lot 1 attribué à Vitres d'essai (12 000 € HT)",
    ]
    page = client.get("/marches/boamp-26-1").get_data(as_text=True)
    assert all(f"<li>{html.escape(text)}</li>" in page for text in said[1:3])


def test_a_lot_that_was_taken_away_is_shown_and_no_more_sought_or_suggested(
    session: Session, client: FlaskClient
) -> None:
    read(session, NOTICES)
    contract = service.by_reference(session, "boamp-26-8")
    assert [(lot.number, lot.state) for lot in contract.lots] == [
        ("1", "published"), ("2", "removed"), ("3", "published"),
    ]  # fmt: skip
    assert not contract.social
    document = contract_document(contract)
    assert document["lot_titles"] == ["Affiches", "Papeterie"]
    assert document["social"] == "non"
    assert not document.get("clause_types")
    assert [each.lot.number for each in open_lots(contract)] == ["1", "3"]
    assert print_of(contract)["lots"] == 2
    page = client.get("/marches/boamp-26-8").get_data(as_text=True)
    assert "Lot retiré de la consultation" in page
    assert "<li>Lot 2 retiré de la consultation : Reliure</li>" in page
    lot = client.get("/marches/boamp-26-8/lots/2").get_data(as_text=True)
    assert "Ce lot n’est plus à prendre" in lot
    assert "Structures proposées" not in lot
    asked = client.post("/api/v1/match", json={"contract": "boamp-26-8", "lot": "2"})
    assert asked.status_code == 404
    api = client.get("/api/v1/contracts/boamp-26-8").get_json()
    assert [lot["state"] for lot in api["lots"]] == ["published", "removed", "published"]
    assert api["lots_count"] == 2


def test_the_history_marks_an_amount_that_cannot_be(session: Session) -> None:
    award = later(
        "26-2", "award", linked_keys=("26-1",), awards=(won(None, "Vitres d'essai", 1.0),)
    )
    read(session, [call("26-1"), award])
    *_, last = service.history(service.by_reference(session, "boamp-26-1"))
    (said,) = last.changes
    assert said.endswith("HT, montant invraisemblable)")


def test_page_shows_where_codes_and_texts_disagree(session: Session, client: FlaskClient) -> None:
    denied = CodeField("BT-71", "none")
    read(session, [call("26-1", title="Marché réservé aux ESAT : blanchisserie", codes=(denied,))])
    page = html.unescape(client.get("/marches/boamp-26-1").text)
    assert "le marché n'est pas réservé ; son texte dit pourtant : « Marché rés" in page


def test_page_tells_the_weight_of_a_criterion_and_the_article_cited(
    session: Session, client: FlaskClient
) -> None:
    said = "Marché réservé aux ESAT (article 36 de l'ordonnance n° 2015-899)."
    texts = (
        TextField("execution", said),
        TextField("criteria", "Performance en matière d'insertion professionnelle : 15 points"),
    )
    read(session, [call("26-1", texts=texts)])
    page = html.unescape(client.get("/marches/boamp-26-1").text)
    assert "Pondération\u00a0: 15" in page
    assert "Article L2113-12 (cité : article 36 de l'ordonnance n° 2015-899)" in page
    found = client.get("/api/v1/contracts/boamp-26-1").get_json()["findings"]
    assert 15 in [each["weight"] for each in found]
    assert "ORD2015-899 36" in [each["article_cited"] for each in found]


def test_a_text_that_notices_repeat_is_shown_once_and_the_end_that_moved_is_told(
    session: Session, client: FlaskClient
) -> None:
    title = "Entretien des terrains de sport de la commune d'essai"
    first = call("26-1", title=title, deadline=None, expires_on=date(2026, 6, 1))
    read(session, [first, later("26-2", "correction", 9, title=title, expires_on=date(2026, 6, 9))])
    page = client.get("/marches/boamp-26-1").text
    shown = page.partition('id="texte"')[2].partition('id="historique"')[0]
    assert html.unescape(shown).count(title) == 1
    assert "Avis du 13 mai 2026 (rectificatif)" in words_of(shown)
    assert "Fin de diffusion reportée du 1er juin 2026 au 9 juin 2026" in words_of(page)
