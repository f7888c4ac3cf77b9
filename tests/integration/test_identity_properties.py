"""Any order of imports of the same files gives the same register; joined and undone, the same."""

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.outbox import OutboxLine
from annuaire.structures import service
from annuaire.structures.duplicates import service as review
from annuaire.structures.records import StructureRecord
from tests.factories.registers import (
    COMPANY,
    SIREN,
    TODAY,
    ea,
    empty,
    esat,
    join,
    open_a_run,
    read,
    register,
    siae,
    told,
)

SIRETS = tuple(f"{SIREN}000{n}0" for n in range(1, 4))
FINESS = ("590000001", "590000002")
PLENTY = settings(
    max_examples=settings.default.max_examples // 3,  # each writes whole registers
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def listing(record: st.SearchStrategy[StructureRecord]) -> st.SearchStrategy[Any]:
    return st.lists(record, max_size=4, unique_by=lambda r: r.source_key)


SIRET = st.sampled_from(SIRETS)
NUMBER = st.sampled_from(FINESS)
FILES = st.fixed_dictionaries(
    {
        "siae": listing(st.builds(siae, SIRET, st.none() | SIRET, st.sampled_from(["EI", "ACI"]))),
        "esat": listing(st.builds(esat, NUMBER, st.none() | SIRET)),
        "ea": listing(st.builds(ea, SIRET)),
        "sirene": listing(st.builds(told, NUMBER, SIRET)),
        "esus": st.sampled_from([[], [COMPANY]]),
    }
)


@pytest.fixture
def run_id(session: Session) -> int:
    return open_a_run(session)


#: The ESAT stands first with the EA of one SIRET, then with that of the other.
LEAVING = {
    "siae": [],
    "esat": [esat(FINESS[0], None)],
    "ea": [ea(SIRETS[0]), ea(SIRETS[1])],
    "sirene": [told(FINESS[0], SIRETS[0]), told(FINESS[0], SIRETS[1])],
    "esus": [],
}


@PLENTY
@example(LEAVING, ["ea", "esat", "esus", "siae", "sirene"], 1)
@given(FILES, st.permutations(["siae", "esat", "ea", "sirene", "esus"]), st.integers(1, 4))
def test_any_order_of_imports_gives_the_same_register(
    session: Session, run_id: int, files: dict[str, Any], order: list[str], size: int
) -> None:
    empty(session)
    for source in sorted(files):
        read(session, run_id, source, files[source])
    one = register(session)
    assert set(one["aliases"]) & {s[0] for s in one["structures"]} == set()
    empty(session)
    for source in order:
        read(session, run_id, source, files[source][::-1], size)
    assert register(session) == one


@PLENTY
@given(FILES, st.permutations(["siae", "esat", "ea", "sirene", "esus"]), st.integers(0, 3))
def test_imports_killed_between_batches_and_run_again_give_the_same_register(
    session: Session, run_id: int, files: dict[str, Any], order: list[str], batches: int
) -> None:
    empty(session)
    for source in order:
        read(session, run_id, source, files[source], size=1)
    one = register(session)
    empty(session)
    for source in order:
        read(session, run_id, source, files[source], size=1, killed_after=batches)
    for source in order:
        read(session, run_id, source, files[source], size=1)
    assert register(session) == one


@PLENTY
@given(FILES)
def test_the_same_files_twice_write_nothing(
    session: Session, run_id: int, files: dict[str, Any]
) -> None:
    empty(session)
    for source in sorted(files):
        read(session, run_id, source, files[source])
    one = register(session)
    with writing(session):
        session.execute(delete(OutboxLine))
    for source in sorted(files):
        read(session, run_id, source, files[source])
    assert register(session) == one
    assert session.scalars(select(OutboxLine)).all() == []


@PLENTY
@given(FILES, st.permutations(["siae", "esat", "ea", "sirene", "esus"]), st.data())
def test_a_decision_holds_whatever_comes_after_and_is_undone_as_if_never_taken(
    session: Session, run_id: int, files: dict[str, Any], order: list[str], data: st.DataObject
) -> None:
    empty(session)
    for source in order:
        read(session, run_id, source, files[source])
    clean = register(session)
    empty(session)
    for source in order[:3]:
        read(session, run_id, source, files[source])
    keys = sorted(s[0] for s in register(session)["structures"])
    if len(keys) < 2:
        return
    one, other = data.draw(st.permutations(keys))[:2]
    pair = join(session, one, other)
    for source in order[3:]:
        read(session, run_id, source, files[source])
    assert pair is not None
    assert service.by_siret(session, one).id == service.by_siret(session, other).id
    joined = register(session)
    for source in order:
        read(session, run_id, source, files[source])
    assert register(session) == joined
    with writing(session):
        assert review.undo(session, pair, "Ada", TODAY) == "accept"
    assert register(session) == clean
