"""Any order of imports of the same files gives the same register; joined and undone, the same."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.outbox import OutboxLine
from annuaire.runs import ImportRun
from annuaire.structures import service
from annuaire.structures.duplicates import service as review
from annuaire.structures.duplicates.models import (
    DuplicateDecision,
    DuplicateEvidence,
    DuplicatePair,
)
from annuaire.structures.models import (
    KeyLink,
    SourceRecord,
    Structure,
    StructureActivity,
    StructureAlias,
    StructureStatus,
)
from annuaire.structures.records import StatusRecord, StructureRecord

TODAY = date(2026, 3, 1)
TABLES = (
    DuplicateDecision, DuplicateEvidence, DuplicatePair, StructureAlias, KeyLink, StructureStatus,
    StructureActivity, SourceRecord, Structure, OutboxLine,
)  # fmt: skip

SIREN = "990000028"
SIRETS = tuple(f"{SIREN}000{n}0" for n in range(1, 4))
FINESS = ("590000001", "590000002")
PLENTY = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def siae(siret: str, signed: str | None, kind: str) -> StructureRecord:
    extra = {"siret_signature": signed} if signed and signed != siret else {}
    return StructureRecord(
        f"{siret}-{kind}", f"SIAE {siret}", (StatusRecord(kind),), siret=siret, extra=extra
    )


def esat(finess: str, siret: str | None) -> StructureRecord:
    return StructureRecord(
        finess, f"ESAT {finess}", (StatusRecord("ESAT"),), siret=siret, finess=finess
    )


def told(finess: str, siret: str) -> StructureRecord:
    """An enrichment: it grants nothing, and knows both numbers."""
    return StructureRecord(siret, "DENOMINATION", (), siret=siret, finess=finess)


def ea(siret: str) -> StructureRecord:
    return StructureRecord(f"{siret}-EA", f"EA {siret}", (StatusRecord("EA"),), siret=siret)


COMPANY = StructureRecord(SIREN, "SOCIETE", (StatusRecord("ESUS"),), siren=SIREN)


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
    with writing(session):
        run = ImportRun(
            source="x", file_name="x", sha256="x", started_at=datetime.now(UTC),
            state="done", counts={},
        )  # fmt: skip
        session.add(run)
        session.flush()
        return run.id


def empty(session: Session) -> None:
    with writing(session):
        for table in TABLES:
            session.execute(delete(table))


def read(
    session: Session,
    run_id: int,
    source: str,
    records: list[StructureRecord],
    size: int = 2,
    killed_after: int | None = None,
) -> None:
    """Read a file to its end, in batches, as an import does; or only some batches of it."""
    changes = service.Changes()
    keys: set[str] = set()
    for number, start in enumerate(range(0, len(records), size)):
        if number == killed_after:
            return
        with writing(session):
            batch = records[start : start + size]
            placed = service.on_establishments(session, source, batch)
            service.upsert(session, source, run_id, placed, changes, TODAY)
            keys |= {record.source_key for record in placed}
    with writing(session):
        service.end_missing(session, source, keys, TODAY, changes)


def register(session: Session) -> dict[str, Any]:
    """What the register says, whatever its identifiers; structures left without a record, whose
    key leads elsewhere, are no part of it."""
    session.rollback()
    keys = {row.id: row.key for row in session.execute(select(Structure.id, Structure.key))}
    aliases = {a.key: keys[a.structure_id] for a in session.scalars(select(StructureAlias))}
    records = {
        (r.source, r.source_key, keys[r.structure_id], r.ended_on, r.hash)
        for r in session.scalars(select(SourceRecord))
    }
    standing = {key for key in keys.values() if key not in aliases}
    statuses = {
        (keys[s.structure_id], s.kind, s.source, s.ended_on)
        for s in session.scalars(select(StructureStatus))
        if keys[s.structure_id] in standing
    }
    structures = {
        (s.key, s.siret, s.finess, s.name, s.ended_on)
        for s in session.scalars(select(Structure))
        if s.key in standing
    }
    session.rollback()
    return {
        "structures": structures, "records": records, "aliases": aliases, "statuses": statuses,
    }  # fmt: skip


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


def join(session: Session, one: str, other: str) -> int | None:
    """Accept that the structures at two keys are one; None when they already are."""
    found = [service.by_siret(session, key) for key in (one, other)]
    if found[0].id == found[1].id:
        session.rollback()
        return None
    first, second = sorted(structure.id for structure in found)
    keep = next((s.key for s in found if s.siret), found[0].key)
    session.rollback()
    with writing(session):
        pair = DuplicatePair(
            first_id=first, second_id=second, departement=None, score=60, fingerprint="x",
            state="open", listed=True, found_at=datetime.now(UTC),
        )  # fmt: skip
        session.add(pair)
        session.flush()
        number = pair.id
        review.accept(session, number, "Ada", TODAY, keep)
    return number


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
