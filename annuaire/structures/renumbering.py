"""Rows of a directory that are the same row under another SIRET.

The ASP numbers its structures: when the SIRET of one changes, its row has a new key in the file
(SIRET and kind). The stored record takes that key, rather than stay as a second structure until
the file's end, or for longer where removals are held.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from annuaire.sql import among
from annuaire.structures.identity import other_keys, siret_of
from annuaire.structures.models import KeyLink, SourceRecord
from annuaire.structures.records import StructureRecord

NUMBER = "asp_id"


def follow_renumbered(session: Session, source: str, by_key: Mapping[str, StructureRecord]) -> None:
    """Give the stored records of moved establishments the keys under which a batch lists them."""
    moved = {
        (record.extra[NUMBER], record.statuses[0].kind, signed): key
        for key, record in by_key.items()
        if NUMBER in record.extra and record.statuses
        for signed in filter(siret_of, other_keys(record))
    }
    if not moved:
        return
    taken = set(session.scalars(_keys_stored(source, moved.values())))
    renamed: dict[str, int] = {}
    for row in session.execute(_records_under(source, {signed for *_, signed in moved})):
        number, statuses = row.data.get("extra", {}).get(NUMBER), row.data["statuses"]
        key = moved.get((number, statuses[0]["kind"] if statuses else "", row.key))
        if key and key not in taken and row.source_key not in by_key:
            renamed.setdefault(key, row.id)
    if renamed:
        session.execute(
            update(SourceRecord), [{"id": i, "source_key": key} for key, i in renamed.items()]
        )


def _keys_stored(source: str, keys: Iterable[str]) -> Select[str]:
    return select(SourceRecord.source_key).where(
        SourceRecord.source == source, among(SourceRecord.source_key, keys)
    )


def _records_under(source: str, sirets: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """The living records of a source that stood under these SIRETs, or told to come from there:
    the newest first."""
    found = list(sirets)
    columns = (SourceRecord.id, SourceRecord.source_key, SourceRecord.data)
    living = (SourceRecord.source == source, SourceRecord.ended_on.is_(None))
    own = select(*columns, SourceRecord.own_key.label("key")).where(
        among(SourceRecord.own_key, found), *living
    )
    told = (
        select(*columns, KeyLink.key)
        .join(KeyLink, KeyLink.record_id == SourceRecord.id)
        .where(among(KeyLink.key, found), KeyLink.target == SourceRecord.own_key, *living)
    )
    both = own.union_all(told).subquery()
    return select(both).order_by(both.c.id.desc())
