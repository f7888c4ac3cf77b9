"""What the product does with contracts: find one with its lots, take sample ones away."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from annuaire import outbox
from annuaire.contracts.facts import plain_number
from annuaire.contracts.history import Happened, history
from annuaire.contracts.leaving import delete_contracts
from annuaire.contracts.models import Contract, Finding, Lot, Notice
from annuaire.errors import NotFoundError
from annuaire.sql import among, numbered

__all__ = [
    "Happened", "by_reference", "full_by_ids", "history", "lot_by_id", "lot_by_number",
    "remove_source", "whole_by_ids",
]  # fmt: skip


def by_reference(session: Session, ref: str) -> Contract:
    """A contract with all that its page shows, by its reference or that of any of its notices: a
    reference published before a join still answers, and `contract.reference` is the present one.
    Raises NotFoundError."""
    found = select(Contract).options(
        selectinload(Contract.buyer),
        selectinload(Contract.lots),
        selectinload(Contract.notices),
        selectinload(Contract.findings),
    )
    contract = session.scalar(found.where(Contract.reference == ref))
    source, _, key = ref.partition("-")
    if contract is None and key:
        of_notice = select(Notice.contract_id).where(
            Notice.source == source, Notice.source_key == key
        )
        contract = session.scalar(found.where(Contract.id.in_(of_notice)))
    if contract is None:
        raise NotFoundError(f"Aucun marché ne porte la référence « {ref[:60]} ».")
    return contract


def full_by_ids(session: Session, ids: Sequence[int]) -> dict[int, Contract]:
    """Contracts with buyer, lots, notices (without their texts) and findings, by identifier."""
    found = session.scalars(
        select(Contract)
        .where(among(Contract.id, ids))
        .options(
            selectinload(Contract.buyer),
            selectinload(Contract.lots).defer(Lot.description),
            selectinload(Contract.notices).load_only(
                Notice.source, Notice.url, Notice.published_on
            ),
            selectinload(Contract.findings).load_only(
                Finding.type,
                Finding.source,
                Finding.evidence,
                Finding.confidence,
                Finding.hours,
                Finding.lots,
            ),
        )
    )
    return {contract.id: contract for contract in found}


def whole_by_ids(session: Session, ids: Sequence[int]) -> dict[int, Contract]:
    """Contracts with buyer, lots and findings whole, and notices without their texts, by
    identifier: a fixed number of queries."""
    found = session.scalars(
        select(Contract)
        .where(among(Contract.id, ids))
        .options(
            selectinload(Contract.buyer),
            selectinload(Contract.lots),
            selectinload(Contract.notices).load_only(
                Notice.source, Notice.source_key, Notice.url, Notice.published_on
            ),
            selectinload(Contract.findings),
        )
        .order_by(Contract.id)
    )
    return {contract.id: contract for contract in found}


def to_match_by_ids(session: Session, ids: Sequence[int]) -> dict[int, Contract]:
    """Contracts with what matching reads of them, by identifier: a fixed number of queries."""
    found = session.scalars(
        select(Contract)
        .where(among(Contract.id, ids))
        .options(
            selectinload(Contract.buyer),
            selectinload(Contract.lots),
            selectinload(Contract.notices).load_only(Notice.descriptors),
            selectinload(Contract.findings).load_only(Finding.type, Finding.lots),
        )
        .order_by(Contract.id)
    )
    return {contract.id: contract for contract in found}


def lot_by_number(contract: Contract, number: str) -> Lot:
    """One lot of a contract, by its number however it is written (« 1 », « LOT-0001 »). Raises
    NotFoundError."""
    plain = plain_number(number)
    for lot in contract.lots:
        if lot.number in (number, plain):
            return lot
    raise NotFoundError(f"Ce marché n'a pas de lot « {number[:30]} ».")


def lot_by_id(session: Session, lot_id: int) -> Lot:
    """One lot by its identifier in the database. Raises NotFoundError."""
    lot = numbered(session, Lot, lot_id)
    if lot is None:
        raise NotFoundError(f"Aucun lot ne porte l'identifiant {lot_id}.")
    return lot


def remove_source(session: Session, source: str) -> int:
    """Delete the contracts that only this source speaks of; returns how many.

    For sample data alone: what real sources publish is never deleted.
    """
    of_source = select(Notice.contract_id).where(Notice.source == source)
    of_others = select(Notice.contract_id).where(Notice.source != source)
    ids = list(
        session.scalars(
            select(Contract.id).where(Contract.id.in_(of_source), Contract.id.not_in(of_others))
        )
    )
    session.execute(delete(Finding).where(among(Finding.contract_id, ids)))
    session.execute(delete(Lot).where(among(Lot.contract_id, ids)))
    session.execute(delete(Notice).where(among(Notice.contract_id, ids)))
    delete_contracts(session, ids)
    outbox.announce(session, "contracts", ids)
    return len(ids)
