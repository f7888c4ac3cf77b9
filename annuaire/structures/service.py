"""What the product does with structures: take in what directories say, end what vanished."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.orm import Session, selectinload

from annuaire import outbox
from annuaire.db import insert_for
from annuaire.errors import NotFoundError
from annuaire.knowledge import knowledge_digest
from annuaire.structures.merge import ADDING, Said
from annuaire.structures.models import SourceRecord, Structure
from annuaire.structures.records import StructureRecord
from annuaire.structures.storing import store


@dataclass(slots=True)
class Changes:
    """Structures touched by a run, by identifier."""

    created: set[int] = field(default_factory=set)
    updated: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)


def upsert(
    session: Session,
    source: str,
    run_id: int,
    records: Sequence[StructureRecord],
    changes: Changes,
    today: date,
) -> None:
    """Take in a batch of records of one source, in the caller's transaction.

    A record that says what it said last time writes nothing. Records that share a SIRET make one
    structure with several statuses. Adds to `changes`; announces what changed to the search index.
    """
    by_key = {record.source_key: record for record in records}
    known = _known_records(session, source, by_key)
    hashed = {key: (record, _hash(record)) for key, record in by_key.items()}
    fresh: dict[str, tuple[StructureRecord, str]] = {}
    for key, (record, digest) in hashed.items():
        row = known.get(key)
        if row and row.hash == digest and row.ended_on is None:
            changes.seen.add(row.structure_id)
        else:
            fresh[key] = (record, digest)
    if not fresh:
        return
    ids = _structure_ids(session, [record for record, _ in fresh.values()], changes)
    rows = [
        {
            "source": source,
            "source_key": key,
            "structure_id": ids[structure_key(record)],
            "hash": digest,
            "data": record.as_data(),
            "run_id": run_id,
            "ended_on": None,
        }
        for key, (record, digest) in fresh.items()
    ]
    statement = insert_for(session, SourceRecord.__table__)
    replaced = ("structure_id", "hash", "data", "run_id", "ended_on")
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["source", "source_key"],
            set_={name: statement.excluded[name] for name in replaced},
        ),
        rows,
    )
    left = {row.structure_id for key, row in known.items() if key in fresh}
    refresh(session, {*ids.values(), *left}, changes, today)


def end_missing(
    session: Session, source: str, kept_keys: set[str], today: date, changes: Changes
) -> None:
    """End, with a date, what this source no longer lists: nothing is deleted."""
    gone = missing(session, source, kept_keys)
    if not gone:
        return
    session.execute(
        update(SourceRecord), [{"id": record_id, "ended_on": today} for record_id, _ in gone]
    )
    touched = {structure_id for _, structure_id in gone}
    refresh(session, touched, Changes(), today)
    changes.ended |= set(
        session.scalars(
            select(Structure.id).where(Structure.id.in_(touched), Structure.ended_on.is_not(None))
        )
    )


def missing(session: Session, source: str, kept_keys: set[str]) -> list[tuple[int, int]]:
    """The living records of a source whose key is not among `kept_keys`: (record, structure)."""
    living = session.execute(
        select(SourceRecord.id, SourceRecord.source_key, SourceRecord.structure_id).where(
            SourceRecord.source == source, SourceRecord.ended_on.is_(None)
        )
    )
    return [(row.id, row.structure_id) for row in living if row.source_key not in kept_keys]


def refresh(session: Session, ids: Iterable[int], changes: Changes, today: date) -> None:
    """Work out structures again from all that their sources say, and store what differs."""
    wanted = list(ids)
    structures = session.scalars(
        select(Structure)
        .where(Structure.id.in_(wanted))
        .options(selectinload(Structure.statuses), selectinload(Structure.activities))
    ).all()
    said: dict[int, list[Said]] = defaultdict(list)
    # Columns, not objects: records were just written behind the session's back.
    for row in session.execute(_living_records(wanted)):
        said[row.structure_id].append(Said(row.source, row.source_key, row.run_id, row.data))
    touched = [s for s in structures if store(session, s, said[s.id], today)]
    now = datetime.now(UTC)
    for structure in touched:
        structure.updated_at = now
    changes.updated |= {s.id for s in touched} - changes.created
    changes.seen |= {s.id for s in structures if said[s.id]}
    session.flush()
    outbox.announce(session, "structures", [s.id for s in touched])


def on_establishments(
    session: Session, source: str, records: Sequence[StructureRecord]
) -> list[StructureRecord]:
    """Records of companies (SIREN, no SIRET) as one record for each establishment that another
    source lists.

    A company without a listed establishment stays one record of its own, keyed by its SIREN; once
    an establishment is known, the next reading of the source moves the status there.
    """
    sirens = {record.siren for record in records if record.siren and not record.siret}
    known: dict[str, list[str]] = defaultdict(list)
    listed = (
        select(Structure.siret)
        .join(SourceRecord, SourceRecord.structure_id == Structure.id)
        .where(
            func.substr(Structure.siret, 1, 9).in_(sirens),
            SourceRecord.ended_on.is_(None),
            SourceRecord.source.not_in([source, *sorted(ADDING)]),
        )
        .distinct()
        .order_by(Structure.siret)
    )
    for siret in session.scalars(listed):
        if siret:
            known[siret[:9]].append(siret)
    return [placed for record in records for placed in _placed(record, known)]


def _placed(
    record: StructureRecord, known: Mapping[str, Sequence[str]]
) -> Iterator[StructureRecord]:
    sirets = known.get(record.siren or "", ()) if not record.siret else ()
    if not sirets:
        yield record
    for siret in sirets:
        # The company's name and seat are not the establishment's: only its status is taken.
        yield StructureRecord(
            source_key=f"{record.source_key}-{siret}",
            name=record.name,
            statuses=record.statuses,
            siret=siret,
            siren=record.siren,
            source_updated_on=record.source_updated_on,
        )


def structure_key(record: StructureRecord) -> str:
    """What identifies a structure: its SIRET, else its company's SIREN, else its FINESS number,
    else its source's number."""
    if record.siret:
        return record.siret
    if record.siren:
        return f"siren:{record.siren}"
    return f"finess:{record.finess}" if record.finess else f"source:{record.source_key}"


def by_siret(session: Session, siret: str) -> Structure:
    """A structure with its statuses and activities. Raises NotFoundError."""
    structure = session.scalar(
        select(Structure)
        .where(Structure.key == siret)
        .options(selectinload(Structure.statuses), selectinload(Structure.activities))
    )
    if structure is None:
        raise NotFoundError(f"Aucune structure ne porte le numéro {siret[:30]} dans l'annuaire.")
    return structure


def records_of(session: Session, structure_id: int) -> list[SourceRecord]:
    """All that the sources said of a structure, living records first."""
    return list(
        session.scalars(
            select(SourceRecord)
            .where(SourceRecord.structure_id == structure_id)
            .order_by(SourceRecord.ended_on.is_not(None), SourceRecord.source, SourceRecord.id)
        )
    )


def _hash(record: StructureRecord) -> str:
    data = orjson.dumps(record.as_data(), option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(data + knowledge_digest().encode(), digest_size=16).hexdigest()


def _living_records(ids: Sequence[int]) -> Select[int, str, str, int, dict[str, Any]]:
    return select(
        SourceRecord.structure_id,
        SourceRecord.source,
        SourceRecord.source_key,
        SourceRecord.run_id,
        SourceRecord.data,
    ).where(SourceRecord.structure_id.in_(ids), SourceRecord.ended_on.is_(None))


def _known_records(
    session: Session, source: str, keys: Iterable[str]
) -> dict[str, Row[str, str, int, date | None]]:
    rows = session.execute(
        select(
            SourceRecord.source_key,
            SourceRecord.hash,
            SourceRecord.structure_id,
            SourceRecord.ended_on,
        ).where(SourceRecord.source == source, SourceRecord.source_key.in_(list(keys)))
    )
    return {row.source_key: row for row in rows}


def _structure_ids(
    session: Session, records: Sequence[StructureRecord], changes: Changes
) -> dict[str, int]:
    keys = {structure_key(record): record for record in records}
    ids = _ids_by_key(session, keys)
    new = [key for key in keys if key not in ids]
    if new:
        now = datetime.now(UTC)
        rows: list[dict[str, Any]] = [
            {
                "key": key,
                "siret": keys[key].siret,
                "name": keys[key].name,
                "origins": {},
                "created_at": now,
                "updated_at": now,
            }
            for key in new
        ]
        session.execute(insert_for(session, Structure.__table__), rows)
        added = _ids_by_key(session, new)
        changes.created |= set(added.values())
        ids |= added
    return ids


def _ids_by_key(session: Session, keys: Iterable[str]) -> dict[str, int]:
    rows = session.execute(select(Structure.key, Structure.id).where(Structure.key.in_(list(keys))))
    return {row.key: row.id for row in rows}
