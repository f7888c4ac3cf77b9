"""« Marchés pour nous »: which open lots a structure is shown, and why."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.matching.opportunities import Wanted, opportunities
from annuaire.structures.models import Structure
from annuaire.structures.service import by_siret
from search.engine import Engine
from tests.factories.commands import Run
from tests.factories.files import LYON, awards, notice, siae, write_csv
from tests.integration.conftest import StartFrom

TODAY = date(2026, 5, 10)
CLEANER, GARDENER, FAR = (siae(n)["siret"] for n in (1, 2, 3))
IN_LYON = {"departements": "69", "cp": "69003", "ville": "Lyon"}
NOTICES: tuple[Mapping[str, str], ...] = (
    notice(1),
    notice(2, objet="Entretien des espaces verts", descripteurs_libelles="Espaces verts"),
    notice(3, objet="Nettoyage des écoles réservé aux ESAT (article L2113-12)"),
    notice(4, objet="Nettoyage des écoles réservé aux structures d'insertion (L2113-13)"),
    notice(5, date_fin_diffusion="2026-05-09", objet="Nettoyage du gymnase"),
    notice(
        6, nature="attribution", objet="Nettoyage du stade",
        attributions_json=awards(("Nettoyage du stade", "Inconnue", 9000.0)),
    ),
    notice(7, objet="Nettoyage des bureaux de Lyon", acheteur="Ville", **IN_LYON),
)  # fmt: skip


def fill(run: Run, folder: Path) -> None:
    rows = [
        siae(1), siae(2, name="JARDINS D'ESSAI", naf="8130Z", kind="ACI"), siae(3, **LYON),
        siae(4, name="ASSOCIATION D'ESSAI", naf="9499Z"),
    ]  # fmt: skip
    run("import", "siae", write_csv(folder / "siae.csv", rows))
    run("import", "boamp", write_csv(folder / "boamp.csv", NOTICES))


@pytest.fixture
def filled(start_from: StartFrom, client: FlaskClient) -> FlaskClient:
    """A browser on such a site of the test's own."""
    start_from(fill)
    return client


@pytest.fixture
def engine(app: Flask) -> Engine:
    found: Engine = app.extensions["annuaire.engine"]
    return found


SHOWN = (
    (CLEANER, Wanted(), {"boamp-26-1", "boamp-26-4"}),
    (CLEANER, Wanted(clauses_only=True), {"boamp-26-4"}),
    (CLEANER, Wanted(least=100), set()),
    (GARDENER, Wanted(), {"boamp-26-2"}),
    (FAR, Wanted(), {"boamp-26-7"}),
    (siae(4)["siret"], Wanted(), set()),
)


def test_a_structure_is_shown_the_open_lots_of_its_trade(
    filled: FlaskClient, session: Session, engine: Engine
) -> None:
    for siret, wanted, references in SHOWN:
        found = opportunities(session, engine, by_siret(session, siret), TODAY, wanted)
        assert {o.reference for o in found} == references
        assert all(o.reasons and o.score >= wanted.least for o in found)
        assert [o.score for o in found] == sorted((o.score for o in found), reverse=True)


def test_a_lot_says_until_when_to_whom_it_is_reserved_and_counts_less_from_afar(
    filled: FlaskClient, session: Session, engine: Engine
) -> None:
    found = opportunities(session, engine, by_siret(session, CLEANER), TODAY)
    lots = {o.reference: o for o in found}
    assert lots["boamp-26-1"].last_day == date(2026, 6, 15)
    assert lots["boamp-26-1"].reserved is None
    assert "L2113-13" in (lots["boamp-26-4"].reserved or "")
    assert any("Activité" in sentence for sentence, _ in lots["boamp-26-1"].reasons)
    structure = session.scalars(select(Structure).where(Structure.key == CLEANER)).one()
    before = opportunities(session, engine, structure, TODAY)
    with session.no_autoflush:
        structure.lat = (structure.lat or 0) + 0.5
        after = opportunities(session, engine, structure, TODAY)
    session.rollback()
    assert {o.reference: o.score for o in after}["boamp-26-1"] < before[0].score


def test_the_page_shows_them_with_filters(filled: FlaskClient, run: Run, tmp_path: Path) -> None:
    later = [
        dict(each) | {"date_publication": "2026-11-20", "date_fin_diffusion": "2099-01-01"}
        for each in (NOTICES[0], NOTICES[3])
    ]
    run("import", "boamp", write_csv(tmp_path / "later.csv", later))
    page = filled.get(f"/structures/{CLEANER}/marches").text
    assert "2\xa0lots ouverts" in page
    assert "/marches/boamp-26-1/lots/1" in page
    assert "1\xa0lot ouvert" in filled.get(f"/structures/{CLEANER}/marches?clauses=oui").text
    assert f"/structures/{CLEANER}/marches" in filled.get(f"/structures/{CLEANER}").text


ADDRESSES = (
    (f"/structures/{CLEANER}/marches?distance=25&clauses=oui", 200),
    (f"/structures/{CLEANER}/marches?distance=-1&clauses=<b>", 200),
    (f"/structures/{CLEANER}/marches?distance={'9' * 400}", 200),
    ("/structures/00000000000000/marches", 404),
    ("/structures/%00/marches", 404),
)


def test_any_address_has_an_answer(filled: FlaskClient) -> None:
    for path, status in ADDRESSES:
        assert filled.get(path).status_code == status, path
