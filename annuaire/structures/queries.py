"""Reading structures: functions that return a Select."""

from collections.abc import Sequence

from sqlalchemy import ScalarSelect, Select, func, select

from annuaire.structures.models import Structure, StructureAlias


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


def id_at(key: str) -> ScalarSelect[int]:
    """The identifier of the structure to which a key leads: first by its alias, as a structure
    joined to another keeps its row and its key."""
    alias = select(StructureAlias.structure_id).where(StructureAlias.key == key)
    own = select(Structure.id).where(Structure.key == key)
    return select(func.coalesce(alias.scalar_subquery(), own.scalar_subquery())).scalar_subquery()
