"""A register read record by record, without files: for tests of what readings make of it."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.db import writing
from annuaire.outbox import OutboxLine
from annuaire.runs import ImportRun
from annuaire.structures import service
from annuaire.structures.decision_models import StructureChange, StructureDecision
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
SIREN = "990000028"
WEBSITE = "https://essai.fr"
TABLES = (
    StructureChange, StructureDecision, DuplicateDecision, DuplicateEvidence, DuplicatePair,
    StructureAlias, KeyLink, StructureStatus, StructureActivity, SourceRecord, Structure,
    OutboxLine,
)  # fmt: skip


def siae(siret: str, signed: str | None, kind: str) -> StructureRecord:
    extra = {"siret_signature": signed} if signed and signed != siret else {}
    return StructureRecord(
        f"{siret}-{kind}",
        f"SIAE {siret}",
        (StatusRecord(kind),),
        siret=siret,
        extra=extra,
        website=WEBSITE,
    )


def esat(finess: str, siret: str | None) -> StructureRecord:
    return StructureRecord(
        finess,
        f"ESAT {finess}",
        (StatusRecord("ESAT"),),
        siret=siret,
        finess=finess,
        website=WEBSITE,
    )


def told(finess: str, siret: str) -> StructureRecord:
    """An enrichment: it grants nothing, and knows both numbers."""
    return StructureRecord(siret, "DENOMINATION", (), siret=siret, finess=finess)


def ea(siret: str) -> StructureRecord:
    return StructureRecord(
        f"{siret}-EA", f"EA {siret}", (StatusRecord("EA"),), siret=siret, website=WEBSITE
    )


COMPANY = StructureRecord(SIREN, "SOCIETE", (StatusRecord("ESUS"),), siren=SIREN)


def open_a_run(session: Session) -> int:
    """A run for records to be of."""
    with writing(session):
        run = ImportRun(
            source="x", file_name="x", sha256="x", started_at=datetime.now(UTC),
            state="done", counts={},
        )  # fmt: skip
        session.add(run)
        session.flush()
        return run.id


def empty(session: Session) -> None:
    """Take all away."""
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


def join(session: Session, one: str, other: str) -> int | None:
    """Accept that the structures at two keys are one; None when they already are."""
    found = [service.by_siret(session, key, withdrawn=True) for key in (one, other)]
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


def stored(session: Session, key: str) -> Structure:
    """A structure as it stands; leaves no transaction open before the next command."""
    session.rollback()
    structure = session.scalars(select(Structure).where(Structure.key == key)).one()
    _ = structure.statuses, structure.activities
    session.expunge_all()
    session.rollback()
    return structure


def named(session: Session, name: str) -> None:
    """Give the one structure this name, and say that it changed."""
    now = datetime.now(UTC)
    with writing(session):
        structure = session.get(Structure, 1)
        if structure is None:
            structure = Structure(id=1, key="k", name=name, created_at=now, updated_at=now)
            session.add(structure)
        structure.name = name
        session.flush()
        outbox.announce(session, "structures", [1])
