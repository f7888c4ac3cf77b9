"""A facilitator's own page: their territories by the site's own searches."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from annuaire.accounts.models import Territory
from annuaire.contracts.publishing import Changes, publish
from annuaire.db import writing
from annuaire.runs import open_run
from annuaire.workspace.kept import keep
from search.engine import Engine, EngineUnavailable
from search.indexing import drain
from tests.factories.accounts import NOW, make_user, sign_in
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
