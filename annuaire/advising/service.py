"""Sheets of feasibility for a contract or a need: the offer, the law, the hours, the structures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import quote

from sqlalchemy.orm import Session

from annuaire.advising.allotting import proposals, route_codes
from annuaire.advising.clauses import model
from annuaire.advising.hours import (
    BOUNDS,
    SEVERAL_TRADES,
    Total,
    Trade,
    count,
    rule_for,
    split,
    trades_of,
)
from annuaire.advising.offering import likely_trades, offer
from annuaire.advising.sheets import EQUAL_PARTS, ONE_TRADE, LotAdvice, Sheet
from annuaire.contracts.models import Contract
from annuaire.law.reminders import reminders
from annuaire.law.routes import Route, advise
from annuaire.matching.need import Need, need_from_lot
from annuaire.matching.service import suggest
from search.engine import Engine

MOST_LOTS: Final = 30  # looked at in one request: more is told, not shown
STRUCTURES: Final = 5  # proposed for each lot of a sheet


@dataclass(frozen=True, slots=True)
class Asked:
    """A lot as it is asked about: its number, title, address, need."""

    number: str
    title: str
    url: str | None
    need: Need


def sheet_of_contract(
    session: Session,
    engine: Engine,
    contract: Contract,
    today: date,
    *,
    on: date | None = None,
    state: bool = False,
    concession: bool = False,
) -> Sheet:
    """The sheet of a contract. The law is that of the day on which it was published, unless `on`
    says another; `concession` says that it lets one. Raises EngineUnavailable."""
    day = on or contract.published_on
    lots = [
        Asked(
            lot.number,
            lot.title,
            f"/marches/{contract.reference}/lots/{quote(lot.number, safe='')}",
            replace(need_from_lot(contract, lot), on=day, concession=concession),
        )
        for lot in contract.standing_lots[:MOST_LOTS]
    ]
    whole = whole_amount(contract)
    sheet = _sheet(session, engine, lots, contract.title, whole, today, day, state=state)
    return replace(
        sheet,
        buyer=contract.buyer.name,
        reference=contract.reference,
        left_out=len(contract.standing_lots) - len(lots),
    )


def whole_amount(contract: Contract) -> float | None:
    """The amount of all lots together, in € HT; None when one is unknown, or the sum absurd."""
    amounts = [lot.amount_eur for lot in contract.standing_lots]
    whole = sum(a for a in amounts if a) if amounts and all(amounts) else 0.0
    return whole if 0 < whole <= BOUNDS["amount_eur"][1] else None


def sheet_of_need(
    session: Session, engine: Engine, need: Need, today: date, *, state: bool = False
) -> Sheet:
    """The sheet of a need that a buyer typed. Raises EngineUnavailable."""
    lots = [Asked("1", need.text, None, need)]
    return _sheet(session, engine, lots, need.text, need.amount_eur, today, need.on, state=state)


def _sheet(
    session: Session,
    engine: Engine,
    lots: Sequence[Asked],
    title: str,
    amount_eur: float | None,
    today: date,
    on: date,
    *,
    state: bool,
) -> Sheet:
    nature = next((lot.need.nature for lot in lots), None)
    concession = any(lot.need.concession for lot in lots)
    routes = tuple(advise(amount_eur, nature, on, state=state, concession=concession))
    found = tuple(_lot(session, engine, lot, routes, amount_eur, today) for lot in lots)
    parts = [hours.part for each in found if each.hours for hours in each.hours.lots]
    return Sheet(
        title=title,
        buyer=None,
        reference=None,
        on=on,
        state=state,
        concession=concession,
        nature=nature,
        amount_eur=amount_eur,
        routes=routes,
        reminders=tuple(reminders(amount_eur, nature, on, state=state, concession=concession)),
        lots=found,
        rule=rule_for(nature),
        total=count(parts, rule_for(nature)) if parts else None,
    )


def _lot(
    session: Session,
    engine: Engine,
    asked: Asked,
    routes: Sequence[Route],
    whole_eur: float | None,
    today: date,
) -> LotAdvice:
    need = asked.need
    counted = offer(session, engine, need, today)
    trades = trades_of_need(need)
    hours = hours_of(need, trades)
    return LotAdvice(
        number=asked.number,
        title=asked.title,
        url=asked.url,
        need=need,
        offer=counted,
        answer=suggest(session, engine, need, today, limit=STRUCTURES),
        trades=trades,
        hours=hours,
        hours_note=trades_note(need, trades),
        proposals=proposals(counted, routes, whole_eur),
        models=tuple(
            model(code, need.text, need.nature, hours)
            for code in (route_codes(counted, routes) if routes else ())
        ),
    )


def trades_of_need(need: Need) -> tuple[Trade, ...]:
    """The trades whose shares of labour count for a need: those that its words name apart; else
    the first that is recognised, or a whole building's when works may be of several."""
    codes = likely_trades(need)
    if need.named_trades or need.nature == "travaux":
        return trades_of(codes, need.nature)
    return trades_of(codes[:1], need.nature)


def trades_note(need: Need, trades: Sequence[Trade]) -> str:
    """How a need of several trades was counted; empty where there is nothing to say."""
    if len(trades) > 1:
        return EQUAL_PARTS
    if len(likely_trades(need)) > 1 and trades[0].code != SEVERAL_TRADES:
        return ONE_TRADE.format(trades[0].label)
    return ""


def hours_of(need: Need, trades: Sequence[Trade]) -> Total | None:
    """The usual hours of a need, its amount cut in equal parts between its trades; None while
    the amount is unknown or absurd."""
    least, most, *_ = BOUNDS["amount_eur"]
    if need.amount_eur is None or not least * len(trades) <= need.amount_eur <= most:
        return None
    return count(split(need.amount_eur, trades), rule_for(need.nature))
