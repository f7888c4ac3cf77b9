"""Notices written as rows, a batch at a time, each under the contract that it makes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from annuaire.contracts.facts import kept
from annuaire.contracts.models import Notice, NoticeKey
from annuaire.contracts.reading import ReadNotice
from annuaire.contracts.storing import Made
from annuaire.db import insert_for
from annuaire.sql import among


def store_notices(
    session: Session,
    run_id: int,
    read: Sequence[ReadNotice],
    hashes: Mapping[tuple[str, str], str],
    made: Sequence[Made],
    known: Collection[int],
) -> dict[str, int]:
    """Write the notices that were just read, and the keys by which others find them; `known` are
    the rows of those that were kept already. Returns the rows of all notices of these contracts,
    by their references."""
    place = {n.reference: each for each in made for n in each.merged.notices}
    rows = [_notice_row(r, place[r.facts.reference], run_id, hashes) for r in read]
    statement = insert_for(session, Notice.__table__)
    statement = statement.on_conflict_do_update(
        index_elements=["source", "source_key"],
        set_={name: statement.excluded[name] for name in rows[0] if not name.startswith("source")},
    )
    session.execute(statement, rows)
    ids = _notice_ids(session, made)
    if known:
        own = NoticeKey.key.not_like(f"{NoticeKey.MATCH}%")
        session.execute(delete(NoticeKey).where(among(NoticeKey.notice_id, known), own))
    keys = [
        {"key": key, "notice_id": ids[r.facts.reference]}
        for r in read
        for key in sorted(r.facts.keys.all())
    ]
    session.execute(insert_for(session, NoticeKey.__table__), keys)
    # Those that were kept already may still stand under another contract.
    return ids | {name: row.id for each in made for name, row in each.rows.items()}


def _notice_row(
    read: ReadNotice, made: Made, run_id: int, hashes: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    record, facts = read.record, read.facts
    return {
        "source": record.source,
        "source_key": record.source_key,
        "contract_id": made.id,
        "nature": record.nature,
        "published_on": record.published_on,
        "url": record.url,
        "texts": [[t.field, t.text, t.lot_number] for t in read.texts],
        "descriptors": list(record.descriptors),
        "changes": record.changes,
        "hash": hashes[record.source, record.source_key],
        "run_id": run_id,
        **made.merged.place(facts.reference),
        "facts": kept(facts),
    }


def move_notices(session: Session, made: Sequence[Made], fresh: Collection[str]) -> None:
    """Put the notices that were kept already under the contract that they now make."""
    rows = [
        {"row": row.id, "contract": each.id, **each.merged.place(reference)}
        for each in made
        for reference, row in each.rows.items()
        if reference not in fresh
    ]
    if rows:
        statement = update(Notice).where(Notice.id == bindparam("row"))
        moved = statement.values(contract_id=bindparam("contract"))
        session.connection().execute(moved, rows)


def _notice_ids(session: Session, made: Sequence[Made]) -> dict[str, int]:
    found = session.execute(
        select(Notice.source, Notice.source_key, Notice.id).where(
            among(Notice.contract_id, [each.id for each in made])
        )
    )
    return {f"{row.source}-{row.source_key}": row.id for row in found}
