"""What the review of likely duplicates asks of the database."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from annuaire.sql import among, plain
from annuaire.structures.duplicates.models import (
    DuplicateDecision,
    DuplicateEvidence,
    DuplicatePair,
)
from annuaire.structures.models import Structure, StructureAlias, StructureStatus

#: The columns of a structure that are compared as they stand.
COMPARED: Final = (
    "id", "key", "siret", "name", "brand", "address", "postcode", "city", "code_insee",
    "departement", "lat", "lon", "phone", "email", "website", "ended_on",
)  # fmt: skip

_Undoing = aliased(DuplicateDecision)
#: A decision that no other undoes.
STANDS: Final[ColumnElement[bool]] = ~exists().where(_Undoing.undoes_id == DuplicateDecision.id)


def active_joins(keys: Iterable[str]) -> Select[int, str, str]:
    """The decisions that join structures of these keys and stand today, the oldest first."""
    found = list(keys)
    return (
        select(DuplicateDecision.id, DuplicateDecision.other_key, DuplicateDecision.kept_key)
        .where(
            DuplicateDecision.verdict == "accept",
            or_(
                among(DuplicateDecision.other_key, found), among(DuplicateDecision.kept_key, found)
            ),
            STANDS,
        )
        .order_by(DuplicateDecision.id)
    )


def active_refusals() -> Select[*tuple[Any, ...]]:
    """The refusals that stand: the structures to which their keys lead today, and the mark of the
    evidence that was refused."""
    return select(
        _id_at(DuplicateDecision.kept_key).label("a"),
        _id_at(DuplicateDecision.other_key).label("b"),
        DuplicateDecision.fingerprint,
    ).where(DuplicateDecision.verdict == "refuse", STANDS)


def _id_at(key: ColumnElement[str] | Any) -> ColumnElement[int]:
    alias = select(StructureAlias.structure_id).where(StructureAlias.key == key)
    own = select(Structure.id).where(Structure.key == key)
    return func.coalesce(alias.scalar_subquery(), own.scalar_subquery())


def compared() -> Select[*tuple[Any, ...]]:
    """Every structure to compare: those that stand at a present address, ended ones included."""
    columns = [getattr(Structure, name) for name in COMPARED]
    stayed_behind = select(StructureAlias.key).where(StructureAlias.key == Structure.key)
    return (
        select(*columns, Structure.geo_precision, Structure.origins)
        .where(~stayed_behind.exists())
        .order_by(Structure.id)
    )


def living_kinds() -> Select[int, str]:
    """The kinds that structures hold as far as a source still lists them."""
    return select(StructureStatus.structure_id, StructureStatus.kind).where(
        StructureStatus.ended_on.is_(None)
    )


def all_pairs() -> Select[*tuple[Any, ...]]:
    """Every pair stored, and whether a decision speaks of it."""
    decided = exists().where(DuplicateDecision.pair_id == DuplicatePair.id)
    return select(
        DuplicatePair.id,
        DuplicatePair.first_id,
        DuplicatePair.second_id,
        DuplicatePair.fingerprint,
        DuplicatePair.state,
        DuplicatePair.listed,
        decided.label("decided"),
    )


def all_evidence() -> Select[*tuple[Any, ...]]:
    """The evidence of every pair stored."""
    return select(
        DuplicateEvidence.pair_id,
        DuplicateEvidence.code,
        DuplicateEvidence.points,
        DuplicateEvidence.sentence,
    )


def _wanted(state: str, evidence: Sequence[str], departement: str | None) -> list[Any]:
    wanted: list[Any] = [DuplicatePair.state == state]
    if state == "open":
        wanted.append(DuplicatePair.listed)
    if departement:
        wanted.append(DuplicatePair.departement == departement)
    wanted += [
        exists().where(
            DuplicateEvidence.pair_id == DuplicatePair.id, DuplicateEvidence.code == code
        )
        for code in evidence
    ]
    return wanted


def pairs(
    state: str, evidence: Sequence[str], departement: str | None, offset: int, limit: int
) -> Select[DuplicatePair]:
    """A page of the list: the most likely first."""
    return (
        select(DuplicatePair)
        .where(*_wanted(state, evidence, departement))
        .order_by(DuplicatePair.score.desc(), DuplicatePair.id)
        .offset(offset)
        .limit(limit)
    )


def count_pairs(state: str, evidence: Sequence[str], departement: str | None) -> Select[int]:
    """How many pairs the list holds."""
    return select(func.count(DuplicatePair.id)).where(*_wanted(state, evidence, departement))


def states() -> Select[str, int]:
    """How many pairs are open, accepted, refused."""
    return (
        select(DuplicatePair.state, func.count())
        .where(or_(DuplicatePair.state != "open", DuplicatePair.listed))
        .group_by(DuplicatePair.state)
        .order_by(plain(DuplicatePair.state))
    )


def open_evidence() -> Select[str, int]:
    """How many open pairs rest on each evidence, the most frequent first."""
    return (
        select(DuplicateEvidence.code, func.count())
        .join(DuplicatePair, DuplicatePair.id == DuplicateEvidence.pair_id)
        .where(DuplicatePair.state == "open", DuplicatePair.listed)
        .group_by(DuplicateEvidence.code)
        .order_by(func.count().desc(), plain(DuplicateEvidence.code))
    )


def addresses_of(keys: Sequence[str]) -> Select[str, str]:
    """The present addresses to which some keys lead; none for a key that is a present one."""
    return (
        select(StructureAlias.key, Structure.key)
        .join(Structure, Structure.id == StructureAlias.structure_id)
        .where(among(StructureAlias.key, keys))
        .order_by(plain(StructureAlias.key))
    )


def standing_decision(pair_id: int) -> Select[DuplicateDecision]:
    """The decision of a pair that stands, if one does."""
    return (
        select(DuplicateDecision)
        .where(DuplicateDecision.pair_id == pair_id, DuplicateDecision.verdict != "undo", STANDS)
        .order_by(DuplicateDecision.id.desc())
        .limit(1)
    )
