"""Reading structures: functions that return a Select."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select

from annuaire.structures.models import Structure


def map_rows(ids: Sequence[int]) -> Select[int, str, str, str | None, str | None]:
    """What the map says of some structures: id, key, name, brand, city."""
    return (
        select(Structure.id, Structure.key, Structure.name, Structure.brand, Structure.city)
        .where(Structure.id.in_(ids))
        .order_by(Structure.id)
    )


def count_living() -> Select[int]:
    """How many structures are listed now."""
    return select(func.count()).select_from(Structure).where(Structure.ended_on.is_(None))
