"""A facilitator's own page: their territories by the site's own searches."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import odfdo
import pytest
import python_calamine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts import buying, facilitators, personal
from annuaire.accounts.models import FacilitatorContact, Territory, User
from annuaire.contracts.publishing import Changes, publish
from annuaire.db import writing
from annuaire.runs import open_run
from annuaire.workspace.kept import keep
from search.engine import Engine, EngineUnavailable
from search.indexing import drain
from tests.factories.accounts import NOW, make_user, rows, sign_in, submit
from tests.factories.commands import Run
from tests.factories.files import LYON, notice, siae, write_csv
from tests.factories.notices import call
from tests.factories.pages import words_of
from tests.integration.conftest import StartFrom

PAGE = "/espace/territoires"
SOCIAL = "Nettoyage, lot réservé aux structures d'insertion par l'activité économique"
LATER = datetime.now(UTC) + timedelta(days=20)


def fill(run: Run, folder: Path) -> None:
    """Three structures of Lille and one of Lyon; two open contracts of the Nord, one with a
    clause."""
    rows = [siae(1), siae(2), siae(3), siae(4, **LYON)]
    run("import", "siae", write_csv(folder / "siae.csv", rows))
    ends = {"date_fin_diffusion": f"{LATER.date()}"}
    notices = [notice(1, objet=SOCIAL, **ends), notice(2, **ends)]
    run("import", "boamp", write_csv(folder / "boamp.csv", notices))


def test_facilitator_sees_what_each_territory_holds(
    start_from: StartFrom, app: Flask, session: Session
) -> None:
    start_from(fill)
    user_id = make_user(session, facilitator=True)  # of the Nord
    with writing(session):
        for code, granted in (("region:84", NOW), ("75", None)):
            session.add(Territory(user_id=user_id, code=code, employer="Essai", asked_at=NOW,
                                  granted_at=granted))  # fmt: skip
        keep(session, user_id, "/besoins/nouveau?quoi=linge", "Le linge de l’hôpital", "", NOW)
        record = call("site-acheteur.1", source="depot", deadline=LATER, title="Consultation d’ici")
        publish(session, open_run(session, "depot", "site-acheteur"), [record], Changes())
    engine: Engine = app.extensions["annuaire.engine"]
    drain(session, engine, LATER.date() - timedelta(days=20))
    browser = sign_in(app, user_id)
    assert f'href="{PAGE}"' in browser.get("/espace").text
    page = browser.get(PAGE).text
    words = words_of(page).replace("\xa0", " ").replace("\u202f", " ")
    north, _, east = words.partition("Auvergne-Rhône-Alpes (région)")
    assert "1 marché en cours avec une clause sociale" in north
    assert SOCIAL.split(",")[0] in north
    assert "3 structures" in north
    assert "Consultation d’ici" in north
    assert "0 marché en cours" in east
    assert "1 structure" in east
    assert "Consultation d’ici" not in east
    assert "Paris" not in words  # asked for, and not granted
    assert "Le linge de l’hôpital" in words
    for found in ("/marches?lieu=59&amp;social=oui&amp;etat=ouvert&amp;tri=echeance",
                  "/structures?lieu=59&amp;famille=insertion",
                  "/structures?intervient=59"):  # fmt: skip
        assert f'href="{found}"' in page
        assert browser.get(found.replace("&amp;", "&")).status_code == 200


@pytest.mark.database("sqlite")
def test_without_the_search_the_page_keeps_its_links_and_says_why(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise EngineUnavailable("away")

    browser = sign_in(app, make_user(session, facilitator=True))
    assert "Aucun marché en cours avec une clause sociale" in words_of(browser.get(PAGE).text)
    monkeypatch.setattr(type(app.extensions["annuaire.engine"]), "search", away)
    answer = browser.get(PAGE)
    assert answer.status_code == 200
    assert "La recherche ne répond pas" in answer.text
    assert "/marches?lieu=59" in answer.text


CONTACT = f"{PAGE}/contact"
SHOWN = {"fonction": "Chargée des clauses", "courriel": "clauses@maison-exemple.fr",
         "telephone": "03 20 00 00 01", "accord": "oui"}  # fmt: skip
NEED = "quoi=nettoyage+de+bureaux&lieu=Lille&montant=50000"
#: Where those who help at Lille are named: pages, and files.
WHERE = (
    f"/besoins/nouveau?{NEED}", f"/besoins/faisabilite?{NEED}", "/marches/boamp-26-1/lots/1",
    "/marches/boamp-26-1/faisabilite",
)  # fmt: skip
FILES = ("docx", "odt", "xlsx")


def said(browser: FlaskClient, path: str) -> str:
    """What is read at an address, with plain spaces; a file is read whole."""
    answer = browser.get(path, buffered=True)
    assert answer.status_code == 200, path
    if path.endswith(".xlsx"):
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.data))
        text = str(book.get_sheet_by_name("Lots").to_python(skip_empty_area=False))
    elif path.endswith(".docx"):
        text = "\n".join(p.text for p in docx.Document(BytesIO(answer.data)).paragraphs)
    elif path.endswith(".odt"):
        opened: Any = odfdo.Document(BytesIO(answer.data))
        text = opened.get_formatted_text()
    else:
        text = words_of(answer.text)
    plain = text.replace("\\xa0", " ").replace("\xa0", " ").replace("\u202f", " ")
    return plain.replace(" ,", ",")  # what stood between an address and its comma is markup


def is_named(browser: FlaskClient) -> set[bool]:
    """Whether the facilitator of the tests is named at each place of pages."""
    return {"Chargée des clauses" in said(browser, path) for path in WHERE}


def test_facilitator_is_named_from_their_agreement_to_their_word(
    start_from: StartFrom, app: Flask, base: Session
) -> None:
    start_from(fill)
    visitor = app.test_client()
    user_id = make_user(base, "camille@maison-exemple.fr", facilitator=True)
    browser = sign_in(app, user_id)
    for path in WHERE:
        words = said(visitor, path)
        assert "Aucun facilitateur de ce lieu" in words, path
        assert "PLIE" in words
        assert "Maison de l’emploi, pour" not in words
    assert submit(browser, CONTACT, PAGE, **SHOWN | {"accord": ""}).status_code == 400
    assert is_named(visitor) == {False}
    assert submit(browser, CONTACT, PAGE, **SHOWN).status_code == 303
    line = (
        "Maison de l’emploi, pour Nord (59) : Chargée des clauses, clauses@maison-exemple.fr, "
        "03 20 00 00 01"
    )
    for path in (*WHERE, *(f"/marches/boamp-26-1/faisabilite.{ending}" for ending in FILES)):
        assert line in said(visitor, path), path
    assert line in said(browser, PAGE)
    elsewhere = f"/besoins/nouveau?{NEED}".replace("Lille", "Lyon")
    assert "Chargée des clauses" not in said(visitor, elsewhere)
    kept = personal.export_all(base, "camille@maison-exemple.fr")["accounts.erasing"]
    assert kept["shown_to_buyers"]["phone"] == "+33320000001"
    submit(browser, f"{CONTACT}/retirer", PAGE)
    assert is_named(visitor) == {False}
    assert rows(base, select(FacilitatorContact)) == []


@pytest.mark.database("sqlite")
def test_what_ends_a_facilitator_ends_their_naming(
    start_from: StartFrom, app: Flask, base: Session
) -> None:
    start_from(fill)
    visitor = app.test_client()
    mail = "camille@maison-exemple.fr"
    user_id = make_user(base, mail, facilitator=True)
    shown: dict[str, Any] = {"role": "Chargée des clauses", "email": None, "phone": "+33320000001"}

    def agree() -> None:
        with writing(base):
            facilitators.agree(base, base.get_one(User, user_id), **shown, now=NOW)

    agree()
    assert is_named(visitor) == {True}
    with writing(base):
        base.get_one(User, user_id).suspended_at = NOW
    assert is_named(visitor) == {False}
    with writing(base):
        user = base.get_one(User, user_id)
        user.suspended_at, user.email = None, "camille@ailleurs-exemple.fr"
        facilitators.address_changed(base, user, mail)
    assert is_named(visitor) == {False}
    agree()
    with writing(base):
        (territory,) = base.scalars(select(Territory)).all()
        buying.leave_territory(base, user_id, territory.id)
    assert rows(base, select(FacilitatorContact)) == []
    with writing(base):
        base.add(Territory(user_id=user_id, code="59", employer="Maison de l’emploi",
                              asked_at=NOW, granted_at=NOW))  # fmt: skip
    agree()
    with writing(base):
        personal.erase_all(base, "camille@ailleurs-exemple.fr", "", actor_id=None)
    assert is_named(visitor) == {False}
    assert rows(base, select(FacilitatorContact)) == []


@pytest.mark.database("sqlite")
def test_nobody_is_named_by_an_address_that_their_account_does_not_prove(
    base: Session, app: Flask
) -> None:
    browser = sign_in(app, make_user(base, "camille@maison-exemple.fr", facilitator=True))
    other = sign_in(app, make_user(base, "c@gmail.com", facilitator=True))
    nobody = sign_in(app, make_user(base, "d@maison-exemple.fr"))
    for who, changes, told in (
        (browser, {"courriel": "maire@ailleurs-exemple.fr"}, "Seule une adresse du domaine"),
        (browser, {"courriel": "", "telephone": ""}, "téléphone professionnels"),
        (browser, {"fonction": "<script>alert(1)</script>"}, "ni adresse de site"),
        (other, {"courriel": "c@gmail.com"}, "adresse personnelle"),
    ):
        answer = submit(who, CONTACT, PAGE, **SHOWN | changes)
        assert (answer.status_code, told in words_of(answer.text)) == (400, True), changes
        assert "<script>alert" not in answer.text
    refused = submit(nobody, CONTACT, "/espace/organisations", **SHOWN)
    assert refused.status_code == 403
    assert rows(base, select(FacilitatorContact)) == []
