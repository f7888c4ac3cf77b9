"""Of two states of one notice, the newer: the one that is kept, in whatever order they are read."""

from collections.abc import Container, Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.contracts.models import Notice
from annuaire.contracts.records import NoticeRecord
from annuaire.sql import among


def version(record: NoticeRecord) -> tuple[int, date]:
    """Of two states of one notice the newer: what is published is only ever added to."""
    return len(record.changes), record.published_on


def newest(records: Iterable[NoticeRecord]) -> dict[tuple[str, str], NoticeRecord]:
    """Each notice once, in its newest state; of two alike, the last one."""
    found: dict[tuple[str, str], NoticeRecord] = {}
    for record in records:
        key = (record.source, record.source_key)
        if key not in found or version(record) >= version(found[key]):
            found[key] = record
    return found


def without_older(
    session: Session,
    fresh: dict[tuple[str, str], NoticeRecord],
    known: Container[tuple[str, str]],
) -> dict[tuple[str, str], NoticeRecord]:
    """Without the notices of which a newer state is kept: files that overlap are read in any
    order."""
    again = [key for key in fresh if key in known]
    if not again:
        return fresh
    rows = session.execute(
        select(Notice.source, Notice.source_key, Notice.changes, Notice.published_on).where(
            among(Notice.source_key, [key for _, key in again])
        )
    )
    kept = {(row.source, row.source_key): (len(row.changes), row.published_on) for row in rows}
    return {k: r for k, r in fresh.items() if k not in kept or version(r) >= kept[k]}
