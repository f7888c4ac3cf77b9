"""Reading structures: functions that return a Select."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select

from annuaire.structures.merge import ENRICHING
from annuaire.structures.models import SourceRecord, Structure


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


def listed_structures(*but: str) -> tuple[ColumnElement[bool], ...]:
    """What joins structures to the living records of directories, those of `but` left out: a
    register that enriches lists nothing. A closed establishment that is listed counts."""
    return (
        SourceRecord.structure_id == Structure.id,
        SourceRecord.ended_on.is_(None),
        SourceRecord.source.not_in((*ENRICHING, *but)),
        or_(Structure.ended_on.is_(None), Structure.open.is_(False)),
    )
