"""What the product does with structures: take in what directories say, end what vanished, find
one by any number that it ever had."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from annuaire.errors import NotFoundError, WithdrawnError
from annuaire.sql import plain
from annuaire.structures import queries
from annuaire.structures.companies import on_establishments
from annuaire.structures.held_removals import hold_missing
from annuaire.structures.identity import structure_key
from annuaire.structures.models import SourceRecord, Structure
from annuaire.structures.refreshing import Changes, refresh
from annuaire.structures.upserting import end_missing, missing, upsert

__all__ = [
    "Changes", "by_siret", "end_missing", "hold_missing", "missing",
    "on_establishments", "records_of", "refresh", "structure_key", "upsert",
]  # fmt: skip


def by_siret(session: Session, siret: str, *, withdrawn: bool = False) -> Structure:
    """A structure with its statuses and activities, by its present key or any that it ever had.

    Its `key` then tells its present address. Raises NotFoundError, and WithdrawnError unless
    `withdrawn`: what was taken off is for those who decide of it alone.
    """
    structure = session.scalar(
        select(Structure)
        .where(Structure.id == queries.id_at(siret))
        .options(selectinload(Structure.statuses), selectinload(Structure.activities))
    )
    if structure is None:
        raise NotFoundError(f"Aucune structure ne porte le numéro {siret[:30]} dans l'annuaire.")
    if structure.withdrawn_on and not withdrawn:
        raise WithdrawnError("Cette structure a été retirée de l'annuaire à sa demande.")
    return structure


def records_of(session: Session, structure_id: int) -> list[SourceRecord]:
    """All that the sources said of a structure, living records first."""
    return list(
        session.scalars(
            select(SourceRecord)
            .where(SourceRecord.structure_id == structure_id)
            .order_by(
                SourceRecord.ended_on.is_not(None), plain(SourceRecord.source), SourceRecord.id
            )
        )
    )
