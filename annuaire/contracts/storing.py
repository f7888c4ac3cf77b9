"""Contracts written as rows, a batch at a time: no statement for one contract."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from annuaire.contracts.leaving import forget_former, note_former
from annuaire.contracts.lot_merging import MergedLot
from annuaire.contracts.merging import MergedContract
from annuaire.contracts.models import Buyer, Contract, Finding, Lot
from annuaire.contracts.nameless import fill_names, shown_name
from annuaire.contracts.neighbours import Stored
from annuaire.contracts.reading import buyer_key
from annuaire.contracts.records import BuyerRecord
from annuaire.db import insert_for
from annuaire.sql import among

SIRET_DIGITS = 14


@dataclass(slots=True)
class Made:
    """A contract to be written: what its notices make of it, those of its notices that are kept
    already, by reference, and its row (`former_id` while another reference names it)."""

    merged: MergedContract
    rows: Mapping[str, Stored]
    former_id: int | None = None
    id: int | None = None

    @property
    def reference(self) -> str:
        """The contract's permanent reference: that of its first notice."""
        return self.merged.first.reference


def choose_rows(made: Sequence[Made], taken: Collection[int]) -> None:
    """Give each contract the row that it had: the one under its reference, else the oldest that a
    notice of it stood on and that nobody else claims, so that identifiers last."""
    by_reference = {
        row.contract_reference: row.contract_id for each in made for row in each.rows.values()
    }
    for each in made:
        each.former_id = by_reference.get(each.reference)
    used = {*taken, *(each.former_id for each in made if each.former_id is not None)}
    for each in made:
        if each.former_id is None:
            free = {row.contract_id for row in each.rows.values()} - used
            each.former_id = min(free, default=None)
            used |= {each.former_id} if each.former_id is not None else set()


def store_buyers(session: Session, buyers: Sequence[BuyerRecord]) -> None:
    """Keep the buyers that are not known yet."""
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


def store_contracts(session: Session, made: Sequence[Made]) -> None:
    """Write the contracts, and learn the identifiers of those that are new."""
    buyers = _buyer_ids(session, [_buyer(each.merged) for each in made])
    names = {
        each.former_id: each.reference
        for each in made
        if each.former_id is not None
        and all(row.contract_reference != each.reference for row in each.rows.values())
    }
    if names:
        note_former(session, names)
        renamed = [{"row": row, "name": name} for row, name in names.items()]
        statement = update(Contract).where(Contract.id == bindparam("row"))
        session.connection().execute(statement.values(reference=bindparam("name")), renamed)
    standing = [each.reference for each in made]
    forget_former(session, standing)
    now = datetime.now(UTC)
    rows = [_contract_row(each.merged, buyers, now) for each in made]
    kept = {"reference", "created_at"}
    upsert = insert_for(session, Contract.__table__)
    upsert = upsert.on_conflict_do_update(
        index_elements=["reference"],
        set_={name: upsert.excluded[name] for name in rows[0] if name not in kept},
    )
    session.execute(upsert, rows)
    found = session.execute(
        select(Contract.reference, Contract.id).where(among(Contract.reference, standing))
    )
    ids = {row.reference: row.id for row in found}
    for each in made:
        each.id = ids[each.reference]


def _buyer(merged: MergedContract) -> str:
    """The buyer's key: its SIRET where a notice tells it."""
    keys = [notice.buyer for notice in merged.believed]
    return next((key for key in keys if key.isdigit() and len(key) == SIRET_DIGITS), keys[0])


def _buyer_ids(session: Session, keys: Iterable[str]) -> dict[str, int]:
    found = session.execute(select(Buyer.key, Buyer.id).where(among(Buyer.key, set(keys))))
    return {row.key: row.id for row in found}


def _contract_row(
    merged: MergedContract, buyers: Mapping[str, int], now: datetime
) -> dict[str, Any]:
    return {
        "reference": merged.first.reference,
        "buyer_id": buyers[_buyer(merged)],
        "title": merged.said(lambda n: n.title),
        "state": merged.state,
        "outcome": merged.outcome,
        "published_on": merged.first.published_on,
        "expires_on": merged.said(lambda n: n.expires_on),
        "deadline": merged.said(lambda n: n.deadline),
        "procedure": merged.said(lambda n: n.procedure),
        "types": list(merged.said(lambda n: n.types)),
        "cpv": merged.said(lambda n: n.cpv),
        "departements": list(merged.said(lambda n: n.departements)),
        "social": merged.social,
        "environmental": merged.environmental,
        "created_at": now,
        "updated_at": now,
    }


def store_lots(session: Session, made: Sequence[Made]) -> None:
    """Write the lots of contracts; those that no notice names any more go."""
    rows = [
        _lot_row(each.id, position, lot)
        for each in made
        for position, lot in enumerate(each.merged.lots)
    ]
    known = [each.id for each in made if each.former_id is not None]
    if known:
        _drop_vanished_lots(session, rows, known)
    statement = insert_for(session, Lot.__table__)
    statement = statement.on_conflict_do_update(
        index_elements=["contract_id", "number"],
        set_={n: statement.excluded[n] for n in rows[0] if n not in ("contract_id", "number")},
    )
    session.execute(statement, rows)


def _drop_vanished_lots(
    session: Session, rows: Sequence[dict[str, Any]], known: Sequence[int | None]
) -> None:
    kept = {(row["contract_id"], row["number"]) for row in rows}
    stored = session.execute(
        select(Lot.id, Lot.contract_id, Lot.number).where(among(Lot.contract_id, known))
    )
    gone = [row.id for row in stored if (row.contract_id, row.number) not in kept]
    if gone:
        session.execute(delete(Lot).where(among(Lot.id, gone)))


def _lot_row(contract_id: int | None, position: int, lot: MergedLot) -> dict[str, Any]:
    amount, kind = lot.amount
    return {
        "contract_id": contract_id,
        "position": position,
        "number": lot.number,
        "title": lot.title,
        "description": lot.description,
        "cpv": lot.cpv,
        "cpvs": lot.cpvs,
        "nuts": lot.nuts,
        "city": lot.city,
        "code_insee": lot.code_insee,
        "departement": lot.departement,
        "place": lot.place,
        "deadline": lot.deadline,
        "amount_eur": amount,
        "amount_kind": kind,
        "estimated_eur": lot.amounts.get("estimated"),
        "minimum_eur": lot.amounts.get("minimum"),
        "maximum_eur": lot.amounts.get("maximum"),
        "awarded_eur": lot.amounts.get("awarded"),
        "absurd": lot.absurd,
        "origin": lot.origin,
        "state": lot.state,
        "outcome": lot.outcome,
        "reserved": lot.reserved,
        "sources": dict(lot.sources),
        "activities": lot.activities,
        "awards": lot.awards,
    }


#: What the facts of notices read by an older version do not tell of a finding.
LATER: Final[Mapping[str, None]] = {"weight": None, "article_cited": None}


def store_findings(
    session: Session, made: Sequence[Made], gone: Collection[int], notices: Mapping[str, int]
) -> None:
    """Write the findings of the notices in force, in place of those that the contracts had;
    `notices` are the rows of these contracts' notices, by reference."""
    known = {each.former_id for each in made if each.former_id is not None} | set(gone)
    if known:
        session.execute(delete(Finding).where(among(Finding.contract_id, known)))
    rows = [
        {**LATER, **row, "contract_id": each.id, "notice_id": notices[notice.reference]}
        for each in made
        for notice, row in each.merged.findings
    ]
    if rows:
        session.execute(insert_for(session, Finding.__table__), rows)
