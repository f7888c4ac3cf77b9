"""Structures with all that is shown of them, many at once: a fixed number of queries."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from annuaire.structures.models import Structure


def full_by_ids(session: Session, ids: Sequence[int]) -> dict[int, Structure]:
    """Structures with their statuses and activities, by identifier; unknown ones are left out."""
    found = session.scalars(_full().where(Structure.id.in_(ids)))
    return {structure.id: structure for structure in found}


def full_by_keys(session: Session, keys: Sequence[str]) -> list[Structure]:
    """Structures with their statuses and activities, in the order of `keys`; unknown ones are left
    out, ended ones are not."""
    found = session.scalars(_full().where(Structure.key.in_(keys)))
    by_key = {structure.key: structure for structure in found}
    return [by_key[key] for key in dict.fromkeys(keys) if key in by_key]


def _full() -> Select[Structure]:
    return (
        select(Structure)
        .options(selectinload(Structure.statuses), selectinload(Structure.activities))
        .order_by(Structure.id)
    )
