"""Reading contracts: functions that return a Select."""

from datetime import date

from sqlalchemy import Select, func, select

from annuaire.contracts.models import Contract, Notice


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
