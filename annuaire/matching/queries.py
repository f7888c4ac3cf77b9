"""What matching asks of the database."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select

from annuaire.contracts.models import Buyer, Contract, Lot
from annuaire.matching.models import Win
from annuaire.sql import among, plain
from annuaire.structures.models import SourceRecord, Structure, StructureAlias

SIRET = 14  # characters; the other keys of structures are named (« finess:… »)


def won_by(structure_id: int) -> Select[str, str, date, float | None, str, str | None, str]:
    """The lots won by a structure: title, reference, day, amount in € HT, buyer, département, what
    ties them; the newest first."""
    return (
        select(
            Win.title,
            Win.lot_reference,
            Win.won_on,
            Win.amount_eur,
            Win.buyer_name,
            Win.departement,
            Win.evidence,
        )
        .where(Win.structure_id == structure_id)
        .order_by(Win.won_on.desc(), Win.id)
    )


def bought_by(buyer_key: str, day: date, limit: int) -> Select[*tuple[Any, ...]]:
    """The lots that living structures won from a buyer before a day, the newest first."""
    return (
        select(Structure.key, Structure.name, Structure.brand, Win.title, Win.won_on)
        .join(Structure, Structure.id == Win.structure_id)
        .where(Win.buyer_key == buyer_key, Win.won_on < day, Structure.ended_on.is_(None))
        .order_by(Win.won_on.desc(), Win.id)
        .limit(limit)
    )


def wins_by_structure(structure_ids: Sequence[int]) -> Select[int, int, date, float | None]:
    """For each of these structures that won: how many lots, the last day, the € HT published."""
    return (
        select(
            Win.structure_id,
            func.count().label("lots"),
            func.max(Win.won_on).label("newest"),
            func.sum(Win.amount_eur).label("total"),
        )
        .where(among(Win.structure_id, structure_ids))
        .group_by(Win.structure_id)
        .order_by(Win.structure_id)
    )


def winners_of(lot_references: Sequence[str]) -> Select[str, str, str, str, str | None]:
    """Who won these lots, as linked: the lot's reference, the evidence, the structure's present
    key and names."""
    return (
        select(Win.lot_reference, Win.evidence, Structure.key, Structure.name, Structure.brand)
        .join(Structure, Structure.id == Win.structure_id)
        .where(among(Win.lot_reference, lot_references), Structure.withdrawn_on.is_(None))
        .order_by(plain(Win.lot_reference), plain(Win.evidence), plain(Structure.key).desc())
    )


def winners_from(buyer_id: int) -> Select[str, str, str | None, int, date]:
    """The structures that won lots of a buyer: key, name, brand, how many lots, the last day; those
    that won most first."""
    reference = Contract.reference.concat("#").concat(Lot.number)
    count, newest = func.count(Win.lot_reference.distinct()), func.max(Win.won_on)
    named = (Structure.key, Structure.name, Structure.brand)
    return (
        select(*named, count.label("lots"), newest.label("newest"))
        .select_from(Contract)
        .join(Lot, Lot.contract_id == Contract.id)
        .join(Win, Win.lot_reference == reference)
        .join(Structure, Structure.id == Win.structure_id)
        .where(Contract.buyer_id == buyer_id, Structure.withdrawn_on.is_(None))
        .group_by(Structure.id, *named)
        .order_by(count.desc(), newest.desc(), plain(Structure.key))
    )


def living_names() -> Select[int, str, str | None, str | None, str | None, str]:
    """The names under which living structures may win, with where and which company they are."""
    return (
        select(
            Structure.id,
            Structure.name,
            Structure.brand,
            Structure.departement,
            Structure.siret,
            Structure.key,
        )
        .where(Structure.ended_on.is_(None))
        .order_by(Structure.id)
    )


def told_names() -> Select[int, str, str | None]:
    """The other names that the sources of living structures give them: a winner is published under
    any of them, also when two structures were joined."""
    name = SourceRecord.data["name"].as_string()
    brand = SourceRecord.data["brand"].as_string()
    return (
        select(SourceRecord.structure_id, name.label("name"), brand.label("brand"))
        .join(Structure, Structure.id == SourceRecord.structure_id)
        .where(
            SourceRecord.ended_on.is_(None),
            Structure.ended_on.is_(None),
            or_(name != Structure.name, brand != func.coalesce(Structure.brand, "")),
        )
        .order_by(SourceRecord.structure_id, SourceRecord.id)
    )


def former_sirets() -> Select[int, str]:
    """The SIRETs that living structures had before, or that other establishments joined to them
    have."""
    return (
        select(StructureAlias.structure_id, StructureAlias.key)
        .join(Structure, Structure.id == StructureAlias.structure_id)
        .where(Structure.ended_on.is_(None), func.length(StructureAlias.key) == SIRET)
        .order_by(StructureAlias.structure_id, plain(StructureAlias.key))
    )


def wins_after(structure_id: int, limit: int) -> Select[int]:
    """The next structures that won something, by identifier."""
    return (
        select(Win.structure_id)
        .where(Win.structure_id > structure_id)
        .distinct()
        .order_by(Win.structure_id)
        .limit(limit)
    )


def wins_of_all(structure_ids: Sequence[int]) -> Select[int, date, str, str, list[str]]:
    """What these structures won: structure, day, lot's reference, title, activities."""
    return (
        select(Win.structure_id, Win.won_on, Win.lot_reference, Win.title, Win.activities)
        .where(among(Win.structure_id, structure_ids))
        .order_by(Win.structure_id, Win.id)
    )


def awarded_lots(after: int, limit: int) -> Select[*tuple[Any, ...]]:
    """A page of the lots of awarded contracts, with what their notices say of buyer and winner."""
    return (
        select(
            Lot.id,
            Lot.number,
            Lot.title,
            Lot.activities,
            Lot.awards,
            Lot.departement,
            Contract.reference,
            Contract.published_on,
            Contract.departements,
            Buyer.name.label("buyer_name"),
            Buyer.postcode,
            Buyer.departement.label("buyer_departement"),
        )
        .join(Contract, Contract.id == Lot.contract_id)
        .join(Buyer, Buyer.id == Contract.buyer_id)
        .where(Contract.state == "awarded", Lot.id > after)
        .order_by(Lot.id)
        .limit(limit)
    )


def lost_wins() -> Select[int]:
    """The wins whose lot is awarded no more: its contract took another state, or is gone."""
    awarded = (
        select(Contract.reference.concat("#").concat(Lot.number))
        .select_from(Lot)
        .join(Contract, Contract.id == Lot.contract_id)
        .where(Contract.state == "awarded")
    )
    return select(Win.id).where(Win.lot_reference.not_in(awarded)).order_by(Win.id)
