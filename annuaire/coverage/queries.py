"""Reading where structures of an activity stand: functions that return a Select."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from annuaire.sql import plain
from annuaire.structures.models import Structure, StructureActivity, StructureStatus


def points(
    codes: Sequence[str], kinds: Sequence[str], day: date
) -> Select[float | None, float | None]:
    """Where the living structures of some activities stand: lat, lon, each place once.

    `kinds` limits to those that hold one of these statuses on a day; empty limits nothing.
    """
    return (
        select(Structure.lat, Structure.lon)
        .join(StructureActivity)
        .where(
            StructureActivity.code.in_(codes),
            Structure.ended_on.is_(None),
            Structure.lat.is_not(None),
            Structure.lon.is_not(None),
            *_holding(kinds, day),
        )
        .distinct()
        .order_by(Structure.lat, Structure.lon)
    )


def counts(codes: Sequence[str], kinds: Sequence[str], day: date) -> Select[str | None, int]:
    """How many living structures do some activities, by département."""
    return (
        select(Structure.departement, func.count(Structure.id.distinct()))
        .join(StructureActivity)
        .where(
            StructureActivity.code.in_(codes),
            Structure.ended_on.is_(None),
            *_holding(kinds, day),
        )
        .group_by(Structure.departement)
        .order_by(plain(Structure.departement).nulls_first())
    )


def counts_by_activity() -> Select[str, int, int]:
    """By activity: how many living structures, and in how many départements."""
    return (
        select(
            StructureActivity.code,
            func.count(Structure.id.distinct()),
            func.count(Structure.departement.distinct()),
        )
        .join(Structure)
        .where(Structure.ended_on.is_(None))
        .group_by(StructureActivity.code)
        .order_by(plain(StructureActivity.code))
    )


def _holding(kinds: Sequence[str], day: date) -> list[ColumnElement[bool]]:
    if not kinds:
        return []
    held = and_(
        StructureStatus.structure_id == Structure.id,
        StructureStatus.kind.in_(kinds),
        StructureStatus.ended_on.is_(None),
        or_(StructureStatus.valid_to.is_(None), StructureStatus.valid_to >= day),
    )
    return [select(StructureStatus.id).where(held).exists()]
