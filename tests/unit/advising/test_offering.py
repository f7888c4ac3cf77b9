"""The offer counted through the engine: distances, former wins, trades apart."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from annuaire.advising.allotting import proposals
from annuaire.advising.offering import NO_PLACE, NO_TRADE, offer
from annuaire.advising.presenting import advice_for_need
from annuaire.advising.sites import places_of
from annuaire.db import writing
from annuaire.law.routes import advise
from annuaire.matching.models import Win
from annuaire.matching.need import Need, need_from_form
from annuaire.matching.service import suggest
from annuaire.matching.spots import Spot
from annuaire.structures.models import Structure, StructureActivity, StructureStatus
from search.choice import make_engine
from search.documents import documents
from search.engine import Engine

NOW = datetime(2026, 5, 1, tzinfo=UTC)
TODAY = date(2026, 5, 4)
CLEANING, GARDENS = "nettoyage-locaux", "espaces-verts-entretien"


def structure(number: int, code: str, kind: str, km: float, origin: str) -> Structure:
    found = Structure(
        id=number, key=f"{number:014d}", siret=f"{number:014d}", name=f"ESSAI {number}",
        city="Lille", code_insee="59350", departement="59", lat=50.63 + km / 111.2, lon=3.06,
        origins={}, created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    found.statuses = [StructureStatus(kind=kind, source="siae")]
    found.activities = [StructureActivity(code=code, origin=origin, evidence="x", weight=1.0)]
    return found


#: Five that declare gardens near; one that cleans near, one far, one lender.
STRUCTURES = (
    *((n, GARDENS, "EI", 5.0, "declared") for n in range(1, 6)),
    (6, CLEANING, "EI", 10.0, "naf"),
    (7, CLEANING, "ESAT", 70.0, "declared"),
    (8, "ressources-humaines", "ETTI", 12.0, "naf"),
    *((n, "traiteur", "ESUS", 8.0, "declared") for n in range(9, 14)),
)


@pytest.fixture
def engine(tmp_path: Path, session: Session) -> Engine:
    with writing(session):
        session.add_all([structure(*row) for row in STRUCTURES])
    engine = make_engine(tmp_path / "index")
    ids = [number for number, *_ in STRUCTURES]
    engine.index("structures", documents(session, "structures", ids, TODAY))
    session.rollback()
    return engine


def need(text: str, place: str | None = "Lille", amount: float | None = None) -> Need:
    return need_from_form(text, on=TODAY, place=place, amount_eur=amount)


def win(session: Session, structure_id: int, day: date, code: str) -> None:
    with writing(session):
        session.add(
            Win(
                structure_id=structure_id, lot_reference=f"b-{day}#1", won_on=day, title="t",
                activities=[code], departement="59", buyer_key="k", buyer_name="V", evidence="E",
            )
        )  # fmt: skip


def test_offer_counts_by_distance_and_says_the_verdict(session: Session, engine: Engine) -> None:
    found = offer(session, engine, need("Entretien des espaces verts"), TODAY)
    assert found.verdict is not None
    assert (found.verdict.code, found.verdict.route) == ("reserve", "reserved_siae")
    (trade,) = found.trades
    assert (trade.counted, trade.total) == (5, 5)
    assert found.lenders == 1


def test_the_count_of_a_plan_is_that_of_the_page(session: Session, engine: Engine) -> None:
    found = offer(session, engine, need("Entretien des espaces verts"), TODAY)
    assert found.verdict is not None
    bands = {band.km: band.sure + band.maybe for band in found.verdict.depth.bands}
    assert {km: found.within(km) for km in bands} == bands
    assert found.within(33) is None
    assert offer(session, engine, need("Espaces verts", place=None), TODAY).within(50) is None


def test_a_lot_won_before_makes_a_doubt_sure_and_one_won_after_does_not(
    session: Session, engine: Engine
) -> None:
    def sure() -> int:
        (trade,) = offer(session, engine, need("Nettoyage de bureaux"), TODAY).trades
        return trade.verdict.depth.bands[0].sure

    assert sure() == 0
    win(session, 6, date(2026, 5, 5), CLEANING)
    assert sure() == 0
    win(session, 6, date(2026, 5, 3), CLEANING)
    assert sure() == 1


def test_a_lot_of_the_contract_itself_proves_nothing(session: Session, engine: Engine) -> None:
    win(session, 6, date(2026, 5, 3), CLEANING)
    for reference, sure in (("b-2026-05-03", 0), ("b-2020-01-01", 1)):
        asked = replace(need("Nettoyage de bureaux"), reference=reference)
        (trade,) = offer(session, engine, asked, TODAY).trades
        assert trade.verdict.depth.bands[0].sure == sure


def test_trades_named_apart_are_counted_and_a_guess_makes_no_lot(
    session: Session, engine: Engine
) -> None:
    found = offer(session, engine, need("nettoyage, espaces verts et linge"), TODAY)
    assert [trade.code for trade in found.trades] == [CLEANING, GARDENS, "blanchisserie"]
    assert [trade.code for trade in found.apart] == [GARDENS]
    guessed = offer(session, engine, need("Entretien du matériel des espaces verts"), TODAY)
    assert (len(guessed.trades), guessed.apart, guessed.note) == (1, (), "")


def test_the_least_offered_trade_decides_and_the_others_may_be_lots(
    session: Session, engine: Engine
) -> None:
    both = need("Nettoyage de bureaux et entretien des espaces verts", amount=300_000)
    found = offer(session, engine, both, TODAY)
    assert found.verdict is not None
    assert found.verdict.code == "clause"
    assert "plusieurs métiers" in found.note
    assert [trade.code for trade in found.apart] == [GARDENS]
    routes = advise(300_000, "services", TODAY)
    (lot,) = proposals(found, routes, 300_000)
    assert "Entretien des espaces verts" in lot.sentence
    assert any("80\u202f000 € HT" in sentence for sentence in lot.law)
    (unknown,) = proposals(found, [], None)
    assert "R2123-1" in unknown.law[0]


def test_trades_of_one_depth_are_lots_all_the_same(session: Session, engine: Engine) -> None:
    asked = replace(need("Espaces verts et traiteur"), reserved=("reserved_ess",))
    found = offer(session, engine, asked, TODAY)
    assert [trade.verdict.code for trade in found.trades] == ["reserve", "reserve"]
    lots = proposals(found, [], None)
    assert [lot.label for lot in lots] == [
        "Entretien des espaces verts",
        "Traiteur, cocktails et réceptions",
    ]
    assert all("ouvert à qui ne fait que ce métier" in lot.sentence for lot in lots)


def test_trades_that_nobody_could_reserve_are_lots_with_a_clause(
    session: Session, engine: Engine
) -> None:
    found = offer(session, engine, need("nettoyage et linge"), TODAY)
    assert found.apart == ()
    (lot,) = proposals(found, [], None)
    assert (lot.label, "avec une clause" in lot.sentence) == ("un lot par métier", True)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Entretien des espaces verts de 12 sites", "« 12 sites »"),
        ("Entretien des espaces verts de plusieurs résidences", "« plusieurs résidences »"),
        ("Nettoyage des locaux de DIFFÉRENTES  ECOLES", "« DIFFÉRENTES ECOLES »"),
        ("Nettoyage de 2 colle\u0300ges", "« 2 collèges »"),
        ("Entretien des espaces verts (multi-sites)", "« multi-sites »"),
        ("Entretien des espaces verts du site", ""),
        ("Entretien des espaces verts du 12 de la rue", ""),
    ],
)
def test_sites_that_words_count_are_several_places(text: str, places: str) -> None:
    assert places_of(need(text)) == places


def test_several_places_are_lots_where_structures_near_do_the_trade(
    session: Session, engine: Engine
) -> None:
    for text, labels in (
        ("Entretien des espaces verts de 12 sites", ["un lot par lieu"]),
        ("Entretien des espaces verts du site", []),
        ("Fabrication de miel sur 12 sites", []),
    ):
        found = offer(session, engine, need(text), TODAY)
        assert [lot.label for lot in proposals(found, [], None)] == labels


def test_communes_far_apart_in_the_words_are_several_places_and_those_near_one() -> None:
    def spot(label: str, km: float) -> Spot:
        return Spot(label, label, 50.63 + km / 111.2, 3.06)

    spots = (spot("Lille", 0), spot("Roubaix", 11), spot("Arras", 45), spot("Amiens", 100))
    asked = replace(need("Ménage à Lille, Roubaix et ARRAS"), spots=spots)
    assert places_of(asked) == "Lille, Arras"


@pytest.mark.parametrize(
    ("text", "reserved", "code", "route"),
    [
        ("Entretien des espaces verts", "reserved_siae", "reserve", "reserved_siae"),
        ("Entretien des espaces verts", "reserved_handicap", "clause_lent", "clause"),
        ("Service traiteur", "reserved_ess", "reserve", "reserved_ess"),
        ("Service traiteur", None, "clause_lent", "clause"),
    ],
)
def test_a_reservation_counts_the_families_that_it_admits(
    session: Session, engine: Engine, text: str, reserved: str | None, code: str, route: str
) -> None:
    asked = replace(need(text), reserved=(reserved,) if reserved else ())
    found = offer(session, engine, asked, TODAY)
    assert found.verdict is not None
    assert (found.verdict.code, found.verdict.route) == (code, route)


@pytest.mark.parametrize(
    ("asked", "note"),
    [(need("Nettoyage", place=None), NO_PLACE), (need("xyz"), NO_TRADE)],
)
def test_what_cannot_be_measured_is_said(
    session: Session, engine: Engine, asked: Need, note: str
) -> None:
    found = offer(session, engine, asked, TODAY)
    assert found.verdict is None
    assert found.note == note


def test_the_model_proposed_first_is_what_the_law_commands(
    session: Session, engine: Engine
) -> None:
    cleaning = need("Nettoyage de bureaux", amount=300_000)
    for on, route in ((TODAY, "clause"), (date(2026, 11, 1), "clause_compulsory")):
        answer = suggest(session, engine, replace(cleaning, on=on), TODAY)
        links = advice_for_need(session, engine, answer, TODAY, [("quoi", "n")])["advice_links"]
        assert f"voie={route}&" in links["clause"]
        assert "montant1=300000" in links["hours"]
        assert links["sheet"] == "/besoins/faisabilite?quoi=n"


def test_a_small_amount_says_that_reserving_is_not_needed(session: Session, engine: Engine) -> None:
    for amount, said in ((10_000, True), (300_000, False)):
        answer = suggest(session, engine, need("Nettoyage de bureaux", amount=amount), TODAY)
        note = advice_for_need(session, engine, answer, TODAY, [])["depth_note"]
        assert ("achat direct" in note) == said
