"""Reading structures: functions that return a Select."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    Subquery,
    func,
    or_,
    select,
)

from annuaire.sql import among, plain
from annuaire.structures.merge import ADDING
from annuaire.structures.models import SourceRecord, Structure, StructureAlias, StructureStatus
from annuaire.structures.points import TRUE_POINTS

#: What a structure is called, where, and since when it is no longer one.
_NAMED = (
    Structure.id, Structure.key, Structure.siret, Structure.name, Structure.brand, Structure.city,
    Structure.ended_on,
)  # fmt: skip


def map_rows(ids: Sequence[int]) -> Select[int, str, str, str | None, str | None]:
    """What the map says of some structures: id, key, name, brand, city."""
    return (
        select(Structure.id, Structure.key, Structure.name, Structure.brand, Structure.city)
        .where(among(Structure.id, ids))
        .order_by(Structure.id)
    )


def of_companies(sirens: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """The structures of some companies, ended ones included: the establishments by the beginning
    of their SIRET, and the company itself where a source names no establishment. What was joined
    to another structure is left out: `formerly_of_companies` leads to it."""
    joined = select(StructureAlias.key).where(StructureAlias.key == Structure.key)
    return (
        select(*_NAMED)
        .where(
            or_(
                among(func.substr(Structure.siret, 1, 9), sirens),
                among(Structure.key, (f"siren:{siren}" for siren in sirens)),
            ),
            ~joined.exists(),
            Structure.withdrawn_on.is_(None),
        )
        .order_by(plain(Structure.key))
    )


def formerly_of_companies(sirens: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """The structures to which the former SIRETs of some companies lead, each with that number
    (`former`): it moved, or was joined to that of another."""
    return (
        select(StructureAlias.key.label("former"), *_NAMED)
        .join(Structure, Structure.id == StructureAlias.structure_id)
        .where(
            func.length(StructureAlias.key) == 14,
            func.substr(StructureAlias.key, 1, 9).in_(sirens),
            Structure.withdrawn_on.is_(None),
        )
        .order_by(plain(StructureAlias.key))
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
        .where(among(StructureStatus.structure_id, ids))
        .order_by(
            StructureStatus.structure_id,
            plain(StructureStatus.kind),
            plain(StructureStatus.source),
        )
    )


def newest_structures(limit: int, ids: Sequence[int] | None = None) -> Select[int]:
    """The living structures that entered the register last, among some when these are given."""
    found = select(Structure.id).where(Structure.ended_on.is_(None))
    if ids is not None:
        found = found.where(among(Structure.id, ids))
    return found.order_by(Structure.created_at.desc(), Structure.id.desc()).limit(limit)


def count_living() -> Select[int]:
    """How many structures are listed now."""
    return select(func.count()).select_from(Structure).where(Structure.ended_on.is_(None))


def listed_structures(*but: str) -> tuple[ColumnElement[bool], ...]:
    """What joins structures to the living records of directories, those of `but` left out: a
    register that enriches lists nothing. A closed establishment that is listed counts."""
    return (
        SourceRecord.structure_id == Structure.id,
        SourceRecord.ended_on.is_(None),
        SourceRecord.source.not_in((*ADDING, *but)),
        or_(Structure.ended_on.is_(None), Structure.open.is_(False)),
    )


def id_at(key: str) -> ScalarSelect[int]:
    """The identifier of the structure to which a key leads: first by its alias, as a structure
    joined to another keeps its row and its key."""
    alias = select(StructureAlias.structure_id).where(StructureAlias.key == key)
    own = select(Structure.id).where(Structure.key == key)
    return select(func.coalesce(alias.scalar_subquery(), own.scalar_subquery())).scalar_subquery()


def ids_at(keys: Sequence[str]) -> CompoundSelect[str, int]:
    """The structures to which some keys lead: (key, identifier), as `id_at` says."""
    alias = StructureAlias.structure_id
    return (
        select(Structure.key, func.coalesce(alias, Structure.id))
        .outerjoin(StructureAlias, StructureAlias.key == Structure.key)
        .where(among(Structure.key, keys))
        .union(select(StructureAlias.key, alias).where(among(StructureAlias.key, keys)))
        .order_by("key")
    )


def leading() -> Subquery:
    """Every structure (`id`) with the one to which it leads today (`structure_id`): itself, or the
    one that it was joined to."""
    return (
        select(
            Structure.id,
            func.coalesce(StructureAlias.structure_id, Structure.id).label("structure_id"),
        )
        .outerjoin(StructureAlias, StructureAlias.key == Structure.key)
        .subquery()
    )


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
        .order_by(plain(Structure.geo_precision).nulls_first())
    )


def count_without_true_point() -> Select[int]:
    """How many structures `without_true_point` gives in all."""
    return select(func.count()).select_from(
        without_true_point(0, 1).limit(None).order_by(None).subquery()
    )
