"""Structures with all that is shown of them, many at once: a fixed number of queries.

What was taken off is left out, as everywhere.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from annuaire.sql import among
from annuaire.structures import queries
from annuaire.structures.models import Structure


def full_by_ids(session: Session, ids: Sequence[int]) -> dict[int, Structure]:
    """Structures with their statuses and activities, by identifier; unknown ones are left out."""
    found = session.scalars(
        select(Structure)
        .where(among(Structure.id, ids), Structure.withdrawn_on.is_(None))
        .options(selectinload(Structure.statuses), selectinload(Structure.activities))
        .order_by(Structure.id)
    )
    return {structure.id: structure for structure in found}


def full_by_keys(session: Session, keys: Sequence[str]) -> list[Structure]:
    """Structures with their statuses and activities, each once, in the order of `keys`, present
    or former; unknown ones are left out, ended ones are not."""
    ids = {row[0]: row[1] for row in session.execute(queries.ids_at(keys))}
    found = full_by_ids(session, list(ids.values()))
    wanted = dict.fromkeys(ids[key] for key in keys if key in ids)
    return [found[structure_id] for structure_id in wanted if structure_id in found]
