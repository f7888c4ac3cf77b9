"""What was decided of a number that moved, when a directory lists that number again."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.structures import deciding, service
from annuaire.structures.decisions import decisions_of
from annuaire.structures.models import Structure, StructureAlias
from annuaire.structures.records import StructureRecord
from tests.factories.registers import (
    COMPANY,
    SIREN,
    TODAY,
    WEBSITE,
    ea,
    join,
    open_a_run,
    read,
    siae,
)

FORMER, PRESENT, THIRD = (f"{SIREN}000{n}0" for n in range(1, 4))
SIGNED = ("Une modératrice", "demande reçue par courriel")
PHONE = {"phone": "+33320000009"}


@pytest.fixture
def run_id(session: Session) -> int:
    return open_a_run(session)


def standing(session: Session, field: str) -> dict[str, Any]:
    """By key, a field of the structures that stand at an address."""
    session.rollback()
    session.expire_all()
    behind = set(session.scalars(select(StructureAlias.key)))
    found = {
        s.key: getattr(s, field) for s in session.scalars(select(Structure)) if s.key not in behind
    }
    session.rollback()
    return found


def decide(session: Session, action: str, key: str, *given: Any) -> int:
    with writing(session):
        structure = service.by_siret(session, key, withdrawn=True)
        return int(getattr(deciding, action)(session, structure, *given, *SIGNED, TODAY).id)


def undo(session: Session, number: int) -> None:
    with writing(session):
        deciding.undo(session, number, *SIGNED, TODAY)


def listed(session: Session, run_id: int, *records: StructureRecord) -> None:
    read(session, run_id, "siae", list(records))


def moved(session: Session, run_id: int) -> None:
    """The establishment at FORMER is now at PRESENT, and keeps its row."""
    listed(session, run_id, siae(PRESENT, FORMER, "EI"))


def listed_again(session: Session, run_id: int) -> None:
    """The row that told of the move is no longer listed, and another directory lists the former
    number."""
    listed(session, run_id, siae(PRESENT, None, "ACI"))
    read(session, run_id, "ea", [ea(FORMER)])


@pytest.mark.parametrize(
    ("action", "given", "field", "decided", "former", "clean"),
    [
        ("withdraw", (), "withdrawn_on", "set", "set", None),
        ("hide", ("website",), "website", None, None, WEBSITE),
        ("edit", (PHONE,), "phone", PHONE["phone"], None, None),  # said of one establishment alone
    ],
)
def test_a_decision_of_a_number_listed_again_holds_there_and_is_undone_there(
    session: Session, run_id: int, action: str, given: Any, field: str,
    decided: Any, former: Any, clean: Any,
) -> None:  # fmt: skip
    listed(session, run_id, siae(FORMER, None, "EI"))
    number = decide(session, action, FORMER, *given)
    moved(session, run_id)
    listed_again(session, run_id)
    found = standing(session, field)
    if action == "withdraw":
        assert None not in found.values()
    else:
        assert found == {PRESENT: decided, FORMER: former}
    undo(session, number)
    assert standing(session, field) == {PRESENT: clean, FORMER: clean}


def test_a_number_withdrawn_after_the_move_says_nothing_of_the_former_one(
    session: Session, run_id: int
) -> None:
    listed(session, run_id, siae(FORMER, None, "EI"))
    moved(session, run_id)
    decide(session, "withdraw", FORMER)  # the address leads to PRESENT: that is what is withdrawn
    listed_again(session, run_id)
    assert [key for key, day in standing(session, "withdrawn_on").items() if day] == [PRESENT]


def test_a_withdrawn_number_is_respected_on_the_structure_to_which_people_join_it(
    session: Session, run_id: int
) -> None:
    listed(session, run_id, siae(FORMER, None, "EI"))
    number = decide(session, "withdraw", FORMER)
    moved(session, run_id)
    listed_again(session, run_id)
    read(session, run_id, "ea", [ea(FORMER), ea(THIRD)])
    pair = join(session, FORMER, THIRD)
    assert pair is not None
    assert None not in standing(session, "withdrawn_on").values()
    undo(session, number)
    assert not any(standing(session, "withdrawn_on").values())


def test_a_withdrawn_company_says_nothing_of_an_establishment_that_comes_later(
    session: Session, run_id: int
) -> None:
    read(session, run_id, "esus", [COMPANY])
    decide(session, "withdraw", f"siren:{SIREN}")
    read(session, run_id, "ea", [ea(PRESENT)])
    read(session, run_id, "siae", [siae(FORMER, None, "EI")])
    assert [key for key, day in standing(session, "withdrawn_on").items() if day] == [PRESENT]


def test_the_decisions_of_a_number_are_listed_wherever_they_apply(
    session: Session, run_id: int
) -> None:
    listed(session, run_id, siae(FORMER, None, "EI"))
    withdrawn = decide(session, "withdraw", FORMER)
    edited = decide(session, "edit", FORMER, PHONE)
    moved(session, run_id)
    listed_again(session, run_id)
    undo(session, withdrawn)
    by_key = {
        key: [row.action for row in session.scalars(decisions_of(id_))]
        for key, id_ in standing(session, "id").items()
    }
    assert by_key == {PRESENT: ["withdraw", "edit", "undo"], FORMER: ["withdraw", "undo"]}
    assert edited
