"""Contracts that leave their reference: it is kept, so that copies of the whole are told of it."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annuaire.contracts.models import Contract, FormerContract
from annuaire.db import insert_for
from annuaire.sql import among


def delete_contracts(session: Session, gone: Collection[int]) -> None:
    """Delete the contracts whose notices all went to others; the references stay: they are those
    of the notices, and lead to the contracts that these now make."""
    if gone:
        note_former(session, gone)
        session.execute(delete(Contract).where(among(Contract.id, gone)))


def note_former(session: Session, ids: Collection[int]) -> None:
    """Keep the references that these contracts are about to leave: copies of the whole are told
    of it."""
    now = datetime.now(UTC)
    left = session.scalars(
        select(Contract.reference).where(among(Contract.id, ids)).order_by(Contract.id)
    )
    rows = [{"reference": reference, "gone_at": now} for reference in left]
    if rows:
        statement = insert_for(session, FormerContract.__table__)
        statement = statement.on_conflict_do_update(
            index_elements=["reference"], set_={"gone_at": statement.excluded.gone_at}
        )
        session.execute(statement, rows)


def forget_former(session: Session, references: Sequence[str]) -> None:
    """Contracts stand under these references, again or for the first time."""
    session.execute(delete(FormerContract).where(among(FormerContract.reference, references)))
