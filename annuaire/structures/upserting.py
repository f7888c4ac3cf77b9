"""What directories say, taken in batch by batch; what they no longer say, ended."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

import orjson
from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from annuaire.knowledge import knowledge_digest
from annuaire.sql import among
from annuaire.structures.companies import follow_listed
from annuaire.structures.identity import RULES, claims, siret_of, structure_key
from annuaire.structures.memberships import SOURCE as TELLS
from annuaire.structures.models import SourceRecord
from annuaire.structures.placing import Incoming, place
from annuaire.structures.records import StructureRecord
from annuaire.structures.refreshing import Changes, refresh
from annuaire.structures.renumbering import follow_renumbered

PAGE = 1_000  # records ended at a time

Known = Row[int, str, str, int, str, date | None]


def upsert(
    session: Session,
    source: str,
    run_id: int,
    records: Sequence[StructureRecord],
    changes: Changes,
    today: date,
) -> None:
    """Take in a batch of records of one source, in the caller's transaction.

    A record that says what it said last time writes nothing. Each lands on the structure to which
    its key leads (`annuaire.structures.identity`); the statuses of companies follow at once on
    establishments that were not listed. Adds to `changes`; announces what changed to the index.
    """
    by_key = {record.source_key: record for record in records}
    follow_renumbered(session, source, by_key)
    known = _known_records(session, source, by_key)
    incoming: list[Incoming] = []
    for key, record in by_key.items():
        digest, row = record_hash(record), known.get(key)
        if row and row.hash == digest and row.ended_on is None:
            changes.seen.add(row.structure_id)
        elif row:
            incoming.append(
                Incoming(source, run_id, record, digest, row.id, row.structure_id, row.own_key)
            )
        else:
            incoming.append(Incoming(source, run_id, record, digest))
    if not incoming:
        return
    listed = {structure_key(item.record) for item in incoming if claims(item.record)}
    sirets = sorted(filter(None, map(siret_of, listed)))
    incoming += follow_listed(session, source, sirets, record_hash)
    take_in(session, incoming, changes, today, run_id)


def take_in(
    session: Session,
    incoming: Sequence[Incoming],
    changes: Changes,
    today: date,
    run_id: int | None = None,
) -> None:
    """Write records where they belong, and work out again every structure that this touches."""
    placed = place(session, incoming)
    changes.created |= placed.created
    told = placed.touched if any(item.source == TELLS for item in incoming) else set()
    refresh(session, placed.touched, changes, today, placed.moved | told, run_id)


def end_missing(
    session: Session,
    source: str,
    kept_keys: set[str],
    today: date,
    changes: Changes,
    run_id: int | None = None,
) -> None:
    """End, with a date, what this source no longer lists: nothing is deleted. `run_id`, the
    reading that says so, is kept in the history of what ends."""
    gone = missing(session, source, kept_keys)
    changes.ended |= date_end(session, source, gone, today, today, run_id).ended


def date_end(
    session: Session,
    source: str,
    records: Sequence[tuple[int, int]],
    ended_on: date | None,
    today: date,
    run_id: int | None = None,
) -> Changes:
    """Say of records (record, structure) of a source that they end on a day, or, without one, that
    they are still listed; the structures follow. Returns what changed of them."""
    changes = Changes()
    for start in range(0, len(records), PAGE):
        page = records[start : start + PAGE]
        ids = [record_id for record_id, _ in page]
        session.execute(update(SourceRecord), [{"id": i, "ended_on": ended_on} for i in ids])
        touched = {structure_id for _, structure_id in page}
        keys = set(session.scalars(select(SourceRecord.own_key).where(among(SourceRecord.id, ids))))
        placed = place(session, (), keys)
        touched |= placed.touched
        told = touched if source == TELLS else set()
        refresh(session, touched, changes, today, placed.moved | told, run_id)
    return changes


def missing(session: Session, source: str, kept_keys: set[str]) -> list[tuple[int, int]]:
    """The living records of a source whose key is not among `kept_keys`: (record, structure)."""
    living = session.execute(
        select(SourceRecord.id, SourceRecord.source_key, SourceRecord.structure_id).where(
            SourceRecord.source == source, SourceRecord.ended_on.is_(None)
        )
    )
    return [(row.id, row.structure_id) for row in living if row.source_key not in kept_keys]


def record_hash(record: StructureRecord) -> str:
    """What tells that a record changed, or that the rules which read it did."""
    data = orjson.dumps(record.as_data(), option=orjson.OPT_SORT_KEYS)
    rules = knowledge_digest() + RULES
    return hashlib.blake2b(data + rules.encode(), digest_size=16).hexdigest()


def _known_records(session: Session, source: str, keys: Iterable[str]) -> dict[str, Known]:
    rows = session.execute(
        select(
            SourceRecord.id,
            SourceRecord.source_key,
            SourceRecord.hash,
            SourceRecord.structure_id,
            SourceRecord.own_key,
            SourceRecord.ended_on,
        ).where(SourceRecord.source == source, among(SourceRecord.source_key, keys))
    )
    return {row.source_key: row for row in rows}
