"""Buyers: who they are, what they publish, with which clauses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import taxonomy
from annuaire.clauses.labels import LABELS
from annuaire.contracts import amounts, queries, shares
from annuaire.contracts.models import Buyer, Contract
from annuaire.contracts.named_buyers import buyers_named
from annuaire.contracts.presenting import buyer_url, flag_kind, flags_of
from annuaire.contracts.states import state_of
from annuaire.errors import NotFoundError
from search.engine import Engine, EngineUnavailable, Query, Terms

PER_PAGE: Final = 20
OTHERS: Final = 5  # of a buyer's contracts, on the page of another
SUGGESTED: Final = 10
ACTIVITIES: Final = 12


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of buyers, each with how many contracts it has; `total` of them can be listed, `known`
    are known when nothing was asked."""

    buyers: list[dict[str, Any]]
    total: int
    known: int | None


@dataclass(frozen=True, slots=True)
class Sum:
    """What the lots of a contract come to, in € HT, and their holders, as published."""

    amount_eur: float | None
    winners: Sequence[str]


NOTHING: Final = Sum(None, ())


def by_key(session: Session, key: str) -> Buyer:
    """A buyer by its key or its SIRET. Raises NotFoundError."""
    buyer = session.scalar(queries.buyer_of_key(key))
    if buyer is None:
        raise NotFoundError(f"Aucun acheteur connu n'a le numéro « {key[:60]} ».")
    return buyer


def find_buyers(session: Session, engine: Engine, text: str, page: int) -> Listed:
    """The buyers whose names hold these words, all of them without any; those that published most
    first. Raises EngineUnavailable."""
    counts = buyers_named(engine, text)
    keys = list(counts)[(page - 1) * PER_PAGE : page * PER_PAGE]
    known = {buyer.key: buyer for buyer in session.scalars(queries.buyers_of_keys(keys))}
    shown = [
        {
            "name": known[key].name,
            "url": buyer_url(key),
            "place": place_of(known[key]),
            "siret": known[key].siret,
            "contracts": counts[key],
        }
        for key in keys
        if key in known
    ]
    known_buyers = None if text.strip() else session.scalar(queries.count_buyers())
    return Listed(shown, len(counts), known_buyers)


def named_like(session: Session, engine: Engine, text: str) -> list[dict[str, str]]:
    """Buyers for what is being typed, each with its place. Raises EngineUnavailable."""
    if not text.strip():
        return []
    keys = list(buyers_named(engine, text))[:SUGGESTED]
    known = {buyer.key: buyer for buyer in session.scalars(queries.buyers_of_keys(keys))}
    found = [known[key] for key in keys if key in known]
    return [{"text": b.siret or b.name, "kind": _said(b)} for b in found]


def _said(buyer: Buyer) -> str:
    return f"{buyer.name}, {place_of(buyer)}" if buyer.siret else place_of(buyer) or "acheteur"


def place_of(buyer: Buyer) -> str:
    """« 59000 Lille »."""
    return " ".join(part for part in (buyer.postcode, buyer.city) if part)


def years_of(session: Session, buyer: Buyer) -> list[shares.Year]:
    """What a buyer published by year, the newest first."""
    return [shares.Year(*row) for row in session.execute(queries.years_of(buyer.id))]


def contracts_page(
    session: Session, buyer: Buyer, today: date, year: int | None, page: int
) -> list[dict[str, Any]]:
    """A page of a buyer's contracts: those that may still be answered first, then the newest."""
    found = queries.contracts_of(buyer.id, today, year)
    rows = session.scalars(found.offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    return _lines(session, rows, today)


def _lines(session: Session, rows: Sequence[Contract], today: date) -> list[dict[str, Any]]:
    ids = [contract.id for contract in rows]
    types, sums = _types_of(session, ids), _sums_of(session, ids)
    return [
        line(contract, today, types.get(contract.id, ()), sums.get(contract.id, NOTHING))
        for contract in rows
    ]


def _types_of(session: Session, ids: list[int]) -> dict[int, set[str]]:
    types: dict[int, set[str]] = {}
    for contract_id, type_ in session.execute(queries.types_of(ids)):
        types.setdefault(contract_id, set()).add(type_)
    return types


def _sums_of(session: Session, ids: list[int]) -> dict[int, Sum]:
    lots: dict[int, list[Any]] = {}
    for row in session.execute(queries.lots_of(ids)):
        lots.setdefault(row.contract_id, []).append(row)
    return {
        contract_id: Sum(
            amounts.total(row.amount_eur for row in rows),
            list(dict.fromkeys(award["winner"] for row in rows for award in row.awards)),
        )
        for contract_id, rows in lots.items()
    }


def line(contract: Contract, today: date, types: Iterable[str], lots: Sum) -> dict[str, Any]:
    """A contract in a short list, with what its lots come to and who won them."""
    return {
        "title": contract.title,
        "url": f"/marches/{contract.reference}",
        "published": contract.published_on,
        "state": state_of(contract, today),
        "flags": flags_of(types),
        "amount": lots.amount_eur,
        "winners": lots.winners,
    }


def clause_types(session: Session, buyer: Buyer) -> list[dict[str, Any]]:
    """The types of clauses found in a buyer's contracts, each with in how many."""
    return [
        {"type": type_, "label": LABELS[type_].name, "kind": flag_kind(type_), "count": count}
        for type_, count in session.execute(queries.clause_types_of(buyer.id))
    ]


def activities_bought(engine: Engine, buyer: Buyer) -> list[dict[str, Any]] | None:
    """The activities most recognised in a buyer's contracts; None while the search is away."""
    query = Query(filters=(Terms("buyer_key", (buyer.key,)),), facets=("activities",), limit=0)
    try:
        counts = engine.search("contracts", query).facets["activities"]
    except EngineUnavailable:
        return None
    known = taxonomy()
    return [
        {"code": code, "label": known.label(code), "count": count}
        for code, count in list(counts.items())[:ACTIVITIES]
    ]


@dataclass(frozen=True, slots=True)
class Others:
    """The newest other contracts of a buyer, and how many it has besides."""

    contracts: list[dict[str, Any]]
    total: int


def others_of(session: Session, contract: Contract, today: date) -> Others:
    """The other contracts of a contract's buyer."""
    newest = queries.newest_others(contract.buyer_id, contract.id, OTHERS)
    rows = session.scalars(newest).all()
    total = session.scalar(select(func.count()).where(Contract.buyer_id == contract.buyer_id))
    return Others(_lines(session, rows, today), (total or 1) - 1)
