"""Notices published as contracts, in one transaction a batch: lots, findings, outbox lines."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.clauses.findings import ENVIRONMENT, SOCIAL_TYPES
from annuaire.contracts.buyers import fill_names, shown_name
from annuaire.contracts.models import Buyer, Contract, Finding, Lot, Notice
from annuaire.contracts.reading import ReadNotice, notice_hash, read_notice
from annuaire.contracts.records import BuyerRecord, NoticeRecord
from annuaire.contracts.versions import newest, without_older
from annuaire.db import insert_for
from annuaire.sql import among
from annuaire.words import fold


@dataclass(slots=True)
class Changes:
    """Contracts touched by a run, counted."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


#: Reads some notices: here and now, or in other processes for a long file.
ReadMany = Callable[[Sequence[NoticeRecord]], list[ReadNotice]]


def read_here(records: Sequence[NoticeRecord]) -> list[ReadNotice]:
    """Read notices one after the other, in this process."""
    return [read_notice(record) for record in records]


def publish(
    session: Session,
    run_id: int,
    records: Sequence[NoticeRecord],
    changes: Changes,
    read_many: ReadMany = read_here,
) -> None:
    """Take in a batch of notices, in the caller's transaction: contract, lots, findings, and the
    line that the search index waits for. A notice that says what it said writes nothing."""
    latest = newest(records)
    hashes = {key: notice_hash(record) for key, record in latest.items()}
    known = _known_hashes(session, list(latest))
    fresh = {key: r for key, r in latest.items() if known.get(key) != hashes[key]}
    fresh = without_older(session, fresh, known)
    changes.unchanged += len(latest) - len(fresh)
    if not fresh:
        return
    read = read_many(list(fresh.values()))
    buyers = _buyer_ids(session, [r.buyer for r in fresh.values()])
    contracts = _store_contracts(session, read, buyers)
    notices = _store_notices(session, run_id, read, hashes, contracts)
    updated = [contracts[reference(r.record)] for r in read if _key(r.record) in known]
    if updated:
        session.execute(delete(Finding).where(among(Finding.contract_id, updated)))
    _store_lots(session, read, contracts, set(updated))
    _store_findings(session, read, contracts, notices)
    outbox.announce(session, "contracts", contracts.values())
    changes.updated += len(updated)
    changes.created += len(fresh) - len(updated)


def reference(record: NoticeRecord) -> str:
    """The contract's permanent reference, made from its first notice: « boamp-21-12345 »."""
    return f"{record.source}-{record.source_key}"


def _key(record: NoticeRecord) -> tuple[str, str]:
    return record.source, record.source_key


def _known_hashes(session: Session, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for source in {source for source, _ in keys}:
        wanted = [key for s, key in keys if s == source]
        rows = session.execute(
            select(Notice.source_key, Notice.hash).where(
                Notice.source == source, among(Notice.source_key, wanted)
            )
        )
        found |= {(source, row.source_key): row.hash for row in rows}
    return found


def buyer_key(buyer: BuyerRecord) -> str:
    """A buyer's SIRET, else its folded name with its postcode."""
    return buyer.siret or f"{fold(buyer.name)}|{buyer.postcode or ''}"


def _buyer_ids(session: Session, buyers: Sequence[BuyerRecord]) -> dict[str, int]:
    rows = {
        buyer_key(b): {
            "key": buyer_key(b),
            "siret": b.siret,
            "name": shown_name(b),
            "postcode": b.postcode,
            "city": b.city,
            "departement": b.departement,
        }
        for b in sorted(buyers, key=lambda b: bool(b.name))
    }
    fill_names(session, buyers)
    statement = insert_for(session, Buyer.__table__).on_conflict_do_nothing(index_elements=["key"])
    session.execute(statement, list(rows.values()))
    found = session.execute(select(Buyer.key, Buyer.id).where(among(Buyer.key, rows)))
    return {row.key: row.id for row in found}


def _store_contracts(
    session: Session, read: Sequence[ReadNotice], buyers: dict[str, int]
) -> dict[str, int]:
    now = datetime.now(UTC)
    rows = [_contract_row(r, buyers[buyer_key(r.record.buyer)], now) for r in read]
    statement = insert_for(session, Contract.__table__)
    kept = {"reference", "created_at"}
    statement = statement.on_conflict_do_update(
        index_elements=["reference"],
        set_={name: statement.excluded[name] for name in rows[0] if name not in kept},
    )
    session.execute(statement, rows)
    references = [row["reference"] for row in rows]
    found = session.execute(
        select(Contract.reference, Contract.id).where(among(Contract.reference, references))
    )
    return {row.reference: row.id for row in found}


def _contract_row(read: ReadNotice, buyer_id: int, now: datetime) -> dict[str, Any]:
    record = read.record
    types = [f.finding.type for f in read.findings]
    return {
        "reference": reference(record),
        "buyer_id": buyer_id,
        "title": record.title,
        "state": read.state,
        "published_on": record.published_on,
        "expires_on": record.expires_on,
        "deadline": record.deadline,
        "procedure": record.procedure or record.family,
        "types": list(record.types),
        "cpv": record.cpv,
        "departements": list(record.departements),
        "social": any(t in SOCIAL_TYPES for t in types),
        "environmental": ENVIRONMENT in types,
        "created_at": now,
        "updated_at": now,
    }


def _store_notices(
    session: Session,
    run_id: int,
    read: Sequence[ReadNotice],
    hashes: dict[tuple[str, str], str],
    contracts: dict[str, int],
) -> dict[tuple[str, str], int]:
    rows = [
        {
            "source": r.record.source,
            "source_key": r.record.source_key,
            "contract_id": contracts[reference(r.record)],
            "nature": r.record.nature,
            "published_on": r.record.published_on,
            "url": r.record.url,
            "texts": [[t.field, t.text, t.lot_number] for t in r.texts],
            "descriptors": list(r.record.descriptors),
            "changes": [asdict(change) for change in r.record.changes],
            "hash": hashes[_key(r.record)],
            "run_id": run_id,
        }
        for r in read
    ]
    statement = insert_for(session, Notice.__table__)
    statement = statement.on_conflict_do_update(
        index_elements=["source", "source_key"],
        set_={name: statement.excluded[name] for name in rows[0] if not name.startswith("source")},
    )
    session.execute(statement, rows)
    found = session.execute(
        select(Notice.source, Notice.source_key, Notice.id).where(
            among(Notice.contract_id, contracts.values())
        )
    )
    return {(row.source, row.source_key): row.id for row in found}


def _store_lots(
    session: Session,
    read: Sequence[ReadNotice],
    contracts: dict[str, int],
    updated: set[int],
) -> None:
    rows = [
        _lot_row(contracts[reference(r.record)], position, read_lot)
        for r in read
        for position, read_lot in enumerate(r.lots)
    ]
    if updated:
        _drop_vanished_lots(session, rows, updated)
    statement = insert_for(session, Lot.__table__)
    statement = statement.on_conflict_do_update(
        index_elements=["contract_id", "number"],
        set_={n: statement.excluded[n] for n in rows[0] if n not in ("contract_id", "number")},
    )
    session.execute(statement, rows)


def _drop_vanished_lots(
    session: Session, rows: Sequence[dict[str, Any]], updated: set[int]
) -> None:
    kept = {(row["contract_id"], row["number"]) for row in rows}
    stored = session.execute(
        select(Lot.id, Lot.contract_id, Lot.number).where(among(Lot.contract_id, updated))
    )
    gone = [row.id for row in stored if (row.contract_id, row.number) not in kept]
    if gone:
        session.execute(delete(Lot).where(among(Lot.id, gone)))


def _lot_row(contract_id: int, position: int, read_lot: Any) -> dict[str, Any]:
    lot = read_lot.lot
    return {
        "contract_id": contract_id,
        "position": position,
        "number": lot.number,
        "title": lot.title,
        "description": lot.description,
        "cpv": lot.cpv,
        "city": lot.city,
        "departement": lot.departement,
        "amount_eur": lot.amount_eur,
        "amount_kind": lot.amount_kind,
        "activities": [[g.code, round(g.score, 3), g.evidence] for g in read_lot.activities],
        "awards": list(read_lot.awards),
    }


def _store_findings(
    session: Session,
    read: Sequence[ReadNotice],
    contracts: dict[str, int],
    notices: dict[tuple[str, str], int],
) -> None:
    rows = [
        {
            "contract_id": contracts[reference(r.record)],
            "notice_id": notices[_key(r.record)],
            "type": located.finding.type,
            "source": located.finding.source,
            "field": located.finding.field,
            "evidence": located.finding.evidence,
            "text_index": located.text_index,
            "start": located.finding.start if located.text_index is not None else None,
            "end": located.finding.end if located.text_index is not None else None,
            "lots": list(located.finding.lots),
            "hours": located.finding.hours,
            "share": located.finding.share,
            "article": located.finding.article,
            "confidence": located.finding.confidence,
            "optional": located.finding.optional,
            "rule": located.finding.rule,
        }
        for r in read
        for located in r.findings
    ]
    if rows:
        session.execute(insert(Finding), rows)
