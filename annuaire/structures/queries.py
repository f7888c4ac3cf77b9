"""Reading structures: functions that return a Select."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select

from annuaire.structures.models import Structure
from annuaire.structures.points import TRUE_POINTS


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


def without_true_point(after: int, limit: int) -> Select[*tuple[Any, ...]]:
    """A page of the living structures that have an address and no point of a number or street."""
    return (
        select(
            Structure.id,
            Structure.key,
            Structure.name,
            Structure.address,
            Structure.postcode,
            Structure.city,
            Structure.code_insee,
            Structure.departement,
            Structure.lat,
        )
        .where(
            Structure.id > after,
            Structure.ended_on.is_(None),
            Structure.address.is_not(None),
            or_(
                Structure.geo_precision.is_(None),
                Structure.geo_precision.not_in(sorted(TRUE_POINTS)),
            ),
        )
        .order_by(Structure.id)
        .limit(limit)
    )


def count_by_precision() -> Select[str | None, int]:
    """How many living structures stand at a number, a street, a commune's centre, or nowhere."""
    return (
        select(Structure.geo_precision, func.count())
        .where(Structure.ended_on.is_(None))
        .group_by(Structure.geo_precision)
        .order_by(Structure.geo_precision)
    )


def count_without_true_point() -> Select[int]:
    """How many structures `without_true_point` gives in all."""
    return select(func.count()).select_from(
        without_true_point(0, 1).limit(None).order_by(None).subquery()
    )
