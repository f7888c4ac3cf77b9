"""What was decided of a structure that was then joined to another, and its undoing in any order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, inspect, select
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.outbox import OutboxLine
from annuaire.structures import additions, deciding, service
from annuaire.structures.decisions import decisions_of
from annuaire.structures.duplicates import service as review
from annuaire.structures.models import Structure
from tests.factories.registers import TODAY, ea, esat, join, open_a_run, read, siae

SIRETS = tuple(f"990000028000{n}0" for n in range(1, 4))
ESAT = "finess:590000001"
SIGNED = ("Une modératrice", "demande reçue par courriel")


@pytest.fixture
def run_id(session: Session) -> int:
    return open_a_run(session)


@pytest.fixture
def two(session: Session, run_id: int) -> int:
    """An ESAT known by its FINESS number and an EA, both listed."""
    read(session, run_id, "esat", [esat("590000001", None)])
    read(session, run_id, "ea", [ea(SIRETS[0])])
    return run_id


def shown(session: Session, key: str) -> dict[str, Any]:
    """What is stored of the structure to which a key leads."""
    session.rollback()
    session.expire_all()
    structure = service.by_siret(session, key, withdrawn=True)
    columns = [column.key for column in inspect(Structure).column_attrs]
    found = {name: getattr(structure, name) for name in columns if name != "updated_at"}
    found["kinds"] = [(s.kind, s.source, s.ended_on) for s in structure.statuses]
    session.rollback()
    return found


def decide(session: Session, action: str, key: str, *given: Any) -> int:
    """Take a decision of the structure at a key; its number."""
    with writing(session):
        structure = service.by_siret(session, key, withdrawn=True)
        row = getattr(deciding, action)(session, structure, *given, *SIGNED, TODAY)
        return int(row.id)


def undo(session: Session, number: int) -> None:
    with writing(session):
        deciding.undo(session, number, *SIGNED, TODAY)


def part(session: Session, pair: int) -> None:
    with writing(session):
        review.undo(session, pair, "Ada", TODAY)


@pytest.mark.parametrize("first", ["decision", "joining"])
@pytest.mark.parametrize(
    ("action", "given", "field", "value"),
    [
        ("withdraw", (), "withdrawn_on", None),
        ("edit", ({"phone": "+33320000009"},), "phone", "+33320000009"),
        ("hide", ("website",), "website", None),
    ],
)
def test_a_decision_on_a_joined_structure_holds_and_is_undone_in_either_order(
    session: Session, two: int, action: str, given: Any, field: str, value: Any, first: str
) -> None:
    clean = shown(session, ESAT), shown(session, SIRETS[0])
    number = decide(session, action, ESAT, *given)
    pair = join(session, ESAT, SIRETS[0])
    assert pair is not None
    joined = shown(session, SIRETS[0])
    assert (joined[field] is not None) if action == "withdraw" else (joined[field] == value)
    with writing(session):
        session.execute(delete(OutboxLine))
    if first == "decision":
        undo(session, number)
        assert shown(session, SIRETS[0])[field] == clean[1][field]
        lines = session.scalars(select(OutboxLine.object_id)).all()
        assert clean[1]["id"] in lines
        part(session, pair)
    else:
        part(session, pair)
        assert shown(session, SIRETS[0]) == clean[1]
        undo(session, number)
    assert (shown(session, ESAT), shown(session, SIRETS[0])) == clean


def test_decisions_of_both_are_those_of_the_joined_structure(session: Session, two: int) -> None:
    one = decide(session, "edit", ESAT, {"phone": "+33320000009"})
    other = decide(session, "edit", SIRETS[0], {"email": "essai@essai.fr"})
    pair = join(session, ESAT, SIRETS[0])
    kept = shown(session, ESAT)["id"]
    assert [d.id for d in session.scalars(decisions_of(kept))] == [one, other]
    session.rollback()
    assert pair is not None
    part(session, pair)
    assert [d.id for d in session.scalars(decisions_of(kept))] == [other]


@pytest.mark.parametrize(
    ("action", "given"),
    [("withdraw", ()), ("edit", ({"phone": "+33320000009"},)), ("hide", ("website",))],
)
def test_a_decision_undone_after_its_source_unlists_is_as_if_never_taken(
    session: Session, run_id: int, action: str, given: Any
) -> None:
    read(session, run_id, "siae", [siae(SIRETS[0], None, "EI"), siae(SIRETS[1], None, "EI")])
    number = decide(session, action, SIRETS[0], *given)
    read(session, run_id, "siae", [siae(SIRETS[1], None, "EI")])
    undo(session, number)
    one = shown(session, SIRETS[0])
    assert (one["ended_on"], one["withdrawn_on"], one["phone"]) == (TODAY, None, None)
    assert one["website"] == "https://essai.fr"


def test_when_a_withdrawn_structure_ended_does_not_depend_on_the_order(
    session: Session, run_id: int
) -> None:
    withdrawn = datetime.now(UTC).date()

    listed = [siae(SIRETS[0], None, "EI")]
    read(session, run_id, "siae", listed)
    state = replace(siae(SIRETS[0], None, "EI"), source_key=SIRETS[0], statuses=())
    closed = replace(state, open=False, closed_on=date(2020, 1, 1))
    read(session, run_id, "sirene", [closed])
    decide(session, "withdraw", SIRETS[0])
    assert shown(session, SIRETS[0])["ended_on"] == withdrawn
    read(session, run_id, "sirene", [replace(state, open=True)])
    assert shown(session, SIRETS[0])["ended_on"] == withdrawn


def test_what_is_taken_back_of_an_unlisted_structure_leaves_what_directories_said_last(
    session: Session, run_id: int
) -> None:
    read(session, run_id, "siae", [siae(SIRETS[0], None, "EI"), siae(SIRETS[1], None, "EI")])
    structure = shown(session, SIRETS[0])["id"]
    with writing(session):
        won = {structure: {"won_activities": [["nettoyage-locaux", "1 lot gagné", 0.6]]}}
        found = additions.additions(session, "attributions", won)
        additions.add(session, "attributions", run_id, found, TODAY)
    decide(session, "edit", SIRETS[0], {"phone": "+33320000009"})
    read(session, run_id, "siae", [siae(SIRETS[1], None, "EI")])
    later = TODAY + timedelta(days=9)
    with writing(session):
        gone = additions.others(session, "attributions", ())
        additions.take_back(session, gone, later)
    one = shown(session, SIRETS[0])
    assert (one["name"], one["phone"]) == (f"SIAE {SIRETS[0]}", "+33320000009")
    assert one["ended_on"] == TODAY
