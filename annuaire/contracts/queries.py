"""Reading contracts: functions that return a Select."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    extract,
    func,
    not_,
    or_,
    select,
)

from annuaire.contracts.models import Buyer, Contract, Finding, Lot, MatchDecision, Notice
from annuaire.contracts.records import NO_OBJECT
from annuaire.geo.zones import PARIS
from annuaire.sql import among, plain

UNCOUNTED = ("cancelled", "planned")  # states of what is no contract, or not yet


def count_contracts() -> Select[int]:
    """How many contracts are known."""
    return select(func.count()).select_from(Contract)


def count_with_social_clause() -> Select[int]:
    """How many contracts have at least one social clause, by text or by code."""
    return select(func.count()).select_from(Contract).where(Contract.social)


def newest_publication() -> Select[date | None]:
    """The day of the newest notice."""
    return select(func.max(Notice.published_on))


def newest_notice_of(source: str) -> Select[date | None]:
    """The day of the newest notice of a source."""
    return select(func.max(Notice.published_on)).where(Notice.source == source)


TELLING_AWARDS = ("award", "modification", "correction")


def sirets_with_awards(
    sources: Sequence[str], sirens: Collection[str] | None
) -> Select[str | None]:
    """The numbers of the buyers, of some or of all, whose awards these sources may tell."""
    told = (
        select(Notice.id)
        .join(Contract, Contract.id == Notice.contract_id)
        .where(
            Contract.buyer_id == Buyer.id,
            # Joined to nothing, so that a buyer's few notices are read, and not the source's index.
            (Notice.source + "").in_(sources),
            Notice.nature.in_(TELLING_AWARDS),
        )
    )
    found = select(Buyer.siret).where(Buyer.siret.is_not(None), told.exists())
    if sirens is not None:
        found = found.where(among(func.substr(Buyer.siret, 1, 9), sirens))
    return found.order_by(Buyer.id)


def award_days(contract_ids: Sequence[int]) -> Select[str | None, date, date]:
    """The buyers' numbers of some contracts, with the days between which their notices were
    published."""
    return (
        select(Buyer.siret, func.min(Notice.published_on), func.max(Notice.published_on))
        .join(Contract, Contract.buyer_id == Buyer.id)
        .join(Notice, Notice.contract_id == Contract.id)
        .where(among(Contract.id, contract_ids), Buyer.siret.is_not(None))
        .group_by(Buyer.id, Buyer.siret)
        .order_by(Buyer.id)
    )


_AWARD = (
    Notice.id, Notice.source, Notice.source_key, Notice.contract_id, Notice.facts, Notice.matched,
    Contract.reference,
)  # fmt: skip


def awards_of_siren(
    siren: str, sources: Sequence[str], around: tuple[date, date] | None
) -> Select[Any]:
    """The notices of some sources that may tell an award of a buyer, between two days if they are
    given."""
    found = (
        select(*_AWARD)
        .join(Contract, Contract.id == Notice.contract_id)
        .join(Buyer, Buyer.id == Contract.buyer_id)
        .where(
            Buyer.siret.between(f"{siren}00000", f"{siren}99999"),
            (Notice.source + "").in_(sources),  # as above
            Notice.nature.in_(TELLING_AWARDS),
            Notice.facts.is_not(None),
        )
        .order_by(Notice.id)
    )
    return found.where(Notice.published_on.between(*around)) if around else found


def award_row(notice_id: int) -> Select[Any]:
    """One notice, as `awards_of_siren` gives it."""
    found = select(*_AWARD).join(Contract, Contract.id == Notice.contract_id)
    return found.where(Notice.id == notice_id).order_by(Notice.id)


def matched_awards() -> Select[Any]:
    """The awards of the essential data that were matched with a notice."""
    return (
        select(Notice.source, Notice.source_key, Notice.matched)
        .where(Notice.matched.is_not(None))
        .order_by(Notice.id)
    )


def match_decisions(references: Sequence[str]) -> Select[MatchDecision]:
    """What people decided of the matches of some awards, the oldest first."""
    return (
        select(MatchDecision)
        .where(among(MatchDecision.essential, references))
        .order_by(MatchDecision.id)
    )


def map_rows(ids: Sequence[int]) -> Select[int, str, str, str]:
    """What the map says of some contracts: id, reference, title, buyer."""
    return (
        select(Contract.id, Contract.reference, Contract.title, Buyer.name)
        .join(Buyer, Buyer.id == Contract.buyer_id)
        .where(among(Contract.id, ids))
        .order_by(Contract.id)
    )


def count_buyers() -> Select[int]:
    """How many buyers published something."""
    return select(func.count(Contract.buyer_id.distinct()))


def buyer_of_key(key: str) -> Select[Buyer]:
    """The buyer of a key, or of a SIRET."""
    return (
        select(Buyer)
        .where(or_(Buyer.key == key, Buyer.siret == key))
        .order_by((Buyer.key != key), Buyer.id)
        .limit(1)
    )


def buyers_of_keys(keys: Sequence[str]) -> Select[Buyer]:
    """The buyers of these keys."""
    return select(Buyer).where(among(Buyer.key, keys)).order_by(Buyer.id)


def buyers_of_postcode(postcode: str) -> Select[Buyer]:
    """The buyers of a postcode."""
    return select(Buyer).where(Buyer.postcode == postcode).order_by(Buyer.id)


def contracts_of(buyer_id: int, today: date, year: int | None = None) -> Select[Contract]:
    """The contracts of a buyer, or those published in a year: those that may still be answered
    first, then the newest."""
    found = select(Contract).where(Contract.buyer_id == buyer_id)
    if year is not None:
        found = found.where(
            Contract.published_on >= date(year, 1, 1), Contract.published_on <= date(year, 12, 31)
        )
    closed = case((_open_on(today), 0), else_=1)
    return found.order_by(closed, Contract.published_on.desc(), Contract.id.desc())


def _open_on(today: date) -> ColumnElement[bool]:
    """Whether a contract may still be answered, as `closing_day` says of one."""
    morning = datetime.combine(today, time(), PARIS)
    closes = or_(
        Contract.deadline >= morning,
        and_(Contract.deadline.is_(None), Contract.expires_on >= today),
    )
    return and_(Contract.state == "published", closes)


def newest_others(buyer_id: int, but: int, limit: int) -> Select[Contract]:
    """The newest contracts of a buyer but one."""
    return (
        select(Contract)
        .where(Contract.buyer_id == buyer_id, Contract.id != but)
        .order_by(Contract.published_on.desc(), Contract.id.desc())
        .limit(limit)
    )


def years_of(buyer_id: int) -> Select[int, int, int, int, int]:
    """By year of publication, the newest first: how many contracts, how many of those that were
    neither cancelled nor only announced and of which something can be known, and among these how
    many with a social and with an environmental clause."""
    year = cast(extract("year", Contract.published_on), Integer)
    counted = and_(Contract.state.not_in(UNCOUNTED), not_(_untold()))
    return (
        select(
            year.label("year"),
            func.count().label("all"),
            _how_many(counted).label("counted"),
            _how_many(and_(counted, Contract.social)).label("social"),
            _how_many(and_(counted, Contract.environmental)).label("environmental"),
        )
        .where(Contract.buyer_id == buyer_id)
        .group_by(year)
        .order_by(year.desc())
    )


def _untold() -> ColumnElement[bool]:
    """Whether nothing published can tell if a contract has a clause: neither an object nor a
    consideration. A table of awards without them would make every share 0 %."""
    unnamed = func.lower(Contract.title).contains(NO_OBJECT, autoescape=True)
    return and_(unnamed, not_(Contract.social), not_(Contract.environmental))


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def clause_types_of(buyer_id: int) -> Select[str, int]:
    """In how many contracts of a buyer each type of clause was found, the most frequent first."""
    count = func.count(Finding.contract_id.distinct())
    return (
        select(Finding.type, count.label("contracts"))
        .join(Contract, Contract.id == Finding.contract_id)
        .where(Contract.buyer_id == buyer_id)
        .group_by(Finding.type)
        .order_by(count.desc(), plain(Finding.type))
    )


def lots_of(ids: Sequence[int]) -> Select[int, float | None, list[Any]]:
    """The amount and the awards of each lot of these contracts, in their order."""
    return (
        select(Lot.contract_id, Lot.amount_eur, Lot.awards)
        .where(among(Lot.contract_id, ids))
        .order_by(Lot.contract_id, Lot.position, Lot.id)
    )


def types_of(ids: Sequence[int]) -> Select[int, str]:
    """The types of clauses found in these contracts, each once for each of them."""
    return (
        select(Finding.contract_id, Finding.type)
        .where(among(Finding.contract_id, ids))
        .group_by(Finding.contract_id, Finding.type)
        .order_by(Finding.contract_id, plain(Finding.type))
    )
