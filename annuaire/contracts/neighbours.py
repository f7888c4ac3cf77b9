"""The notices already kept that a new one may be joined with."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from annuaire.contracts.facts import NoticeFacts, facts_from
from annuaire.contracts.models import Contract, Notice, NoticeKey
from annuaire.sql import among


@dataclass(frozen=True, slots=True)
class Stored:
    """A notice that is kept: its row, the contract that it is of, with that contract's reference,
    and what it says (None when it was read before contracts were joined)."""

    id: int
    reference: str
    contract_id: int
    contract_reference: str
    facts: NoticeFacts | None


def neighbours(
    session: Session, notices: Sequence[NoticeFacts], known: Sequence[int]
) -> list[Stored]:
    """Every notice that shares a key with these, or with one that does, and so on; with all that
    is of the same contracts. `known` are the rows of these notices that are kept already."""
    keys = {key for notice in notices for key in notice.keys.all()}
    rows = session.execute(_around(sorted(keys), known))
    return [
        Stored(
            row.id,
            f"{row.source}-{row.source_key}",
            row.contract_id,
            row.contract_reference,
            facts_from(row.facts, row.matched) if row.facts else None,
        )
        for row in rows
    ]


def _around(keys: Sequence[str], known: Sequence[int]) -> Select[tuple[object, ...]]:
    near = (
        select(NoticeKey.notice_id)
        .where(or_(among(NoticeKey.key, keys), among(NoticeKey.notice_id, known)))
        .cte("near", recursive=True)
    )
    mine, theirs = aliased(NoticeKey), aliased(NoticeKey)
    near = near.union(
        select(theirs.notice_id)
        .join(mine, mine.key == theirs.key)
        .join(near, near.c.notice_id == mine.notice_id)
    )
    contracts = select(Notice.contract_id).where(
        or_(Notice.id.in_(select(near.c.notice_id)), among(Notice.id, known))
    )
    return (
        select(
            Notice.id,
            Notice.source,
            Notice.source_key,
            Notice.contract_id,
            Notice.facts,
            Notice.matched,
            Contract.reference.label("contract_reference"),
        )
        .join(Contract, Contract.id == Notice.contract_id)
        .where(Notice.contract_id.in_(contracts))
        .order_by(Notice.id)
    )
