"""Reading structures: functions that return a Select."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from annuaire.structures.merge import ENRICHING
from annuaire.structures.models import SourceRecord, Structure, StructureStatus


def map_rows(ids: Sequence[int]) -> Select[int, str, str, str | None, str | None]:
    """What the map says of some structures: id, key, name, brand, city."""
    return (
        select(Structure.id, Structure.key, Structure.name, Structure.brand, Structure.city)
        .where(Structure.id.in_(ids))
        .order_by(Structure.id)
    )


def of_companies(sirens: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """The structures of some companies, ended ones included: the establishments by the beginning
    of their SIRET, and the company itself where a source names no establishment."""
    return (
        select(
            Structure.id,
            Structure.key,
            Structure.siret,
            Structure.name,
            Structure.brand,
            Structure.city,
            Structure.ended_on,
        )
        .where(
            or_(
                func.substr(Structure.siret, 1, 9).in_(sirens),
                Structure.key.in_([f"siren:{siren}" for siren in sirens]),
            )
        )
        .order_by(Structure.key)
    )


def statuses_of(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """The statuses of some structures, past ones included."""
    return (
        select(
            StructureStatus.structure_id,
            StructureStatus.kind,
            StructureStatus.source,
            StructureStatus.valid_from,
            StructureStatus.valid_to,
            StructureStatus.ended_on,
        )
        .where(StructureStatus.structure_id.in_(ids))
        .order_by(StructureStatus.structure_id, StructureStatus.kind, StructureStatus.source)
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
