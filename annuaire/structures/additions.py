"""What we add ourselves to what directories list: points that were looked up, lots that were won.

An addition is a record of a source of its own (`merge.ADDING`), so that every later import works
the structure out again with it, and its page says where it comes from.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import orjson
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annuaire.db import insert_for
from annuaire.sql import among
from annuaire.structures.models import SourceRecord, Structure
from annuaire.structures.queries import listed_structures
from annuaire.structures.service import Changes, refresh

Data: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Addition:
    """What is new to say of one structure, and under which key it is kept."""

    structure_id: int
    key: str
    hash: str
    data: dict[str, Any]


def additions(session: Session, source: str, data: Mapping[int, Data]) -> list[Addition]:
    """Of what a source of ours says of structures, by identifier, only what is not yet stored, or
    otherwise. Structures that no directory lists are left out."""
    listed = session.execute(
        select(Structure.id, Structure.key)
        .where(
            among(Structure.id, data),
            select(SourceRecord.id).where(*listed_structures()).exists(),
        )
        .order_by(Structure.id)
    ).all()
    known = {
        row.source_key: row
        for row in session.execute(
            select(
                SourceRecord.source_key,
                SourceRecord.structure_id,
                SourceRecord.hash,
                SourceRecord.ended_on,
            ).where(
                SourceRecord.source == source,
                among(SourceRecord.source_key, (row.key for row in listed)),
            )
        )
    }
    found: list[Addition] = []
    for row in listed:
        said = {"statuses": [], **data[row.id]}
        digest = _digest(said)
        kept = known.get(row.key)
        same = kept and (kept.structure_id, kept.hash, kept.ended_on) == (row.id, digest, None)
        if not same:
            found.append(Addition(row.id, row.key, digest, said))
    return found


def add(
    session: Session, source: str, run_id: int, found: Collection[Addition], today: date
) -> Changes:
    """Store additions and work their structures out again, in the caller's transaction."""
    changes = Changes()
    if not found:
        return changes
    statement = insert_for(session, SourceRecord.__table__)
    replaced = ("structure_id", "hash", "data", "run_id", "own_key", "claims", "ended_on")
    rows = [
        {
            "source": source,
            "source_key": each.key,
            "structure_id": each.structure_id,
            "hash": each.hash,
            "data": each.data,
            "run_id": run_id,
            "own_key": each.key,  # it follows the structure to another number
            "claims": False,
            "ended_on": None,
        }
        for each in found
    ]
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["source", "source_key"],
            set_={name: statement.excluded[name] for name in replaced},
        ),
        rows,
    )
    refresh(session, {each.structure_id for each in found}, changes, today)
    return changes


def others(session: Session, source: str, kept: Collection[int]) -> list[tuple[int, int]]:
    """The living records of a source of ours for structures that are not among `kept`, and those
    under a former key of one that is, which says it again under its present one:
    (record, structure)."""
    living = session.execute(
        select(
            SourceRecord.id,
            SourceRecord.structure_id,
            (SourceRecord.source_key == Structure.key).label("present"),
        )
        .join(Structure, Structure.id == SourceRecord.structure_id)
        .where(SourceRecord.source == source, SourceRecord.ended_on.is_(None))
        .order_by(SourceRecord.id)
    )
    return [
        (row.id, row.structure_id)
        for row in living
        if row.structure_id not in kept or not row.present
    ]


def take_back(session: Session, gone: Collection[tuple[int, int]], today: date) -> Changes:
    """End records of a source of ours, with a date, in the caller's transaction."""
    changes = Changes()
    if gone:
        session.execute(
            update(SourceRecord), [{"id": record, "ended_on": today} for record, _ in gone]
        )
        refresh(session, {structure for _, structure in gone}, changes, today)
    return changes


def _digest(data: Data) -> str:
    packed = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(packed, digest_size=16).hexdigest()
