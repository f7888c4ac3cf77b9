"""What was told of a number that a structure no longer has, once it has moved."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.structures import additions, service
from annuaire.structures.conflicts import find_conflicts
from annuaire.structures.models import SourceRecord
from annuaire.structures.records import StructureRecord
from tests.factories.registers import TODAY, esat, open_a_run, read, siae, told

OLD, NEW, OTHER = (f"990000028000{n}0" for n in range(1, 4))
TRADE = "nettoyage-locaux"


@pytest.fixture
def run_id(session: Session) -> int:
    return open_a_run(session)


def sirene(siret: str, naf: str, closed_on: date | None = None) -> StructureRecord:
    record = StructureRecord(siret, "", (), siret=siret, naf=naf, open=closed_on is None)
    return replace(record, closed_on=closed_on)


def move(session: Session, run_id: int) -> None:
    """The establishment is listed under its new number from now on."""
    read(session, run_id, "siae", [siae(NEW, OLD, "EI"), siae(OTHER, None, "EI")])


@pytest.mark.parametrize("enriched_first", [True, False])
def test_the_number_left_behind_closes_nothing_and_gives_no_activity(
    session: Session, run_id: int, enriched_first: bool
) -> None:
    read(session, run_id, "siae", [siae(OLD, None, "EI"), siae(OTHER, None, "EI")])
    left = sirene(OLD, "0000Z", date(2026, 1, 31))
    if enriched_first:
        read(session, run_id, "recherche_entreprises", [left])
    move(session, run_id)
    read(session, run_id, "recherche_entreprises", [left, sirene(NEW, "8121Z")])
    for number in (OLD, NEW):
        structure = service.by_siret(session, number)
        assert (structure.key, structure.ended_on, structure.open) == (NEW, None, True)
        assert structure.naf == "8121Z"
        assert [s.ended_on for s in structure.statuses] == [None]


def test_a_number_left_behind_contradicts_nothing_and_a_finess_number_may(
    session: Session, run_id: int
) -> None:
    read(session, run_id, "siae", [siae(OLD, None, "EI")])
    read(session, run_id, "recherche_entreprises", [sirene(OLD, "0000Z")])
    move(session, run_id)
    moved = replace(siae(NEW, OLD, "EI"), naf="8121Z")
    read(session, run_id, "siae", [moved, siae(OTHER, None, "EI")])
    assert find_conflicts(session, "naf").total == 0
    session.rollback()
    read(session, run_id, "esat", [replace(esat("590000001", None), phone="+33320000001")])
    read(session, run_id, "sirene", [told("590000001", NEW)])
    read(session, run_id, "siae", [replace(moved, phone="+33320000002")])
    (conflict,) = find_conflicts(session, "phone").page
    assert (conflict.key, set(conflict.said)) == (NEW, {"esat", "siae"})


def test_won_lots_are_told_once_after_a_move_and_leave_when_they_no_longer_prove_it(
    session: Session, run_id: int
) -> None:
    def teach(*codes: str) -> int:
        told = {id_: {"won_activities": [[c, "1 lot", 0.6] for c in codes]}} if codes else {}
        found = additions.additions(session, "attributions", told)
        gone = additions.others(session, "attributions", told.keys())
        session.rollback()
        with writing(session):
            additions.add(session, "attributions", run_id, found, TODAY)
            additions.take_back(session, gone, TODAY)
        return len(found) + len(gone)

    read(session, run_id, "siae", [siae(OLD, None, "EI"), siae(OTHER, None, "EI")])
    id_ = service.by_siret(session, OLD).id
    session.rollback()
    teach(TRADE)
    move(session, run_id)
    teach(TRADE, "maraichage")
    assert teach(TRADE, "maraichage") == 0
    teach("maraichage")
    living = session.scalars(
        select(SourceRecord.source_key).where(
            SourceRecord.source == "attributions", SourceRecord.ended_on.is_(None)
        )
    ).all()
    assert living == [NEW]
    held = {a.code for a in service.by_siret(session, OLD).activities}
    assert "maraichage" in held
    assert TRADE not in held
