"""Advice as pages show it: the depth and hours of a need, the rules in rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire.advising.allotting import direct_note, proposals, route_codes
from annuaire.advising.hours import Figure, Trade, defaults, split
from annuaire.advising.offering import offer
from annuaire.advising.service import hours_of, trades_note, trades_of_need, whole_amount
from annuaire.contracts.models import Contract
from annuaire.law.articles import Article, all_articles
from annuaire.law.reminders import reminders
from annuaire.law.routes import advise
from annuaire.law.thresholds import Threshold, all_thresholds
from annuaire.matching.need import Need
from annuaire.matching.service import Answer
from annuaire.paging import Arguments, address
from annuaire.wording import euros
from search.engine import Engine

#: The fields of a need that its documents read, and the names of these in their addresses.
NEED_FIELDS: Final = ("quoi", "lieu", "montant", "nature", "date", "etat", "contrat")
DOCUMENTS: Final = ("faisabilite", "dossier-sourcing")
HOURS_PATH: Final = "/outils/heures-insertion"
CLAUSE_PATH: Final = "/outils/clause"
STATUSES: Final = {
    "seen": "lu",
    "inferred": "à vérifier : déduit",
    "partial": "à vérifier : lu en partie",
    "default": "valeur par défaut, à remplacer",
}


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A dated value of a rule, as the page lists it."""

    threshold: Threshold
    in_force: bool
    status: str


def advice_for_need(
    session: Session,
    engine: Engine,
    answer: Answer,
    today: date,
    typed: Arguments,
    *,
    state: bool = False,
) -> dict[str, Any]:
    """What the page of a need shows of advice; `typed` are the fields of its form, `state` says
    whether the State buys. Raises EngineUnavailable."""
    kept = [(key, value) for key, value in typed if key in NEED_FIELDS]
    sheet, sourcing = (address(f"/besoins/{name}", kept) for name in DOCUMENTS)
    context = _context(session, engine, answer, answer.need.amount_eur, today, state=state)
    return context | _links(answer.need, context, sheet, sourcing)


def advice_for_lot(
    session: Session, engine: Engine, answer: Answer, today: date, contract: Contract, number: str
) -> dict[str, Any]:
    """What the page of a contract's lot shows of advice. The thresholds are those of the whole
    contract: a small lot of a great one is no small purchase. Raises EngineUnavailable."""
    sheet, sourcing = (f"/marches/{contract.reference}/{name}" for name in DOCUMENTS)
    whole = whole_amount(contract)
    note = ""
    if len(contract.lots) > 1:
        said = f"{euros(whole)} HT" if whole else "inconnu : un lot au moins n'en publie pas"
        note = f"Les seuils s'apprécient sur le marché entier, dont le montant est {said}."
    context = _context(session, engine, answer, whole, today) | {"route_note": note}
    return context | _links(answer.need, context, sheet, address(sourcing, [("lot", number)]))


def _context(
    session: Session,
    engine: Engine,
    answer: Answer,
    whole_eur: float | None,
    today: date,
    *,
    state: bool = False,
) -> dict[str, Any]:
    """What the templates `_route.html`, `_depth.html` and `_hours.html` need, links apart."""
    need = answer.need
    found = offer(session, engine, need, today)
    trades = trades_of_need(need)
    bought = {"state": state, "concession": need.concession}
    routes = advise(whole_eur, need.nature, need.on, **bought)
    return {
        "route": routes,
        "route_note": "",
        "reminders": reminders(whole_eur, need.nature, need.on, **bought),
        "depth": found,
        "depth_note": direct_note(routes),
        "proposals": proposals(found, routes, whole_eur),
        "hours": hours_of(need, trades),
        "hours_trades": trades,
        "hours_note": trades_note(need, trades),
    }


def _links(need: Need, context: dict[str, Any], sheet: str, sourcing: str) -> dict[str, Any]:
    """Where the page leads on."""
    typed = _typed(need, context["hours_trades"])
    model, *_ = route_codes(context["depth"], context["route"])
    return {
        "advice_links": {
            "sheet": sheet,
            "sourcing": sourcing,
            "hours": address(HOURS_PATH, typed),
            "clause": address(CLAUSE_PATH, [("voie", model), *typed]),
            "oeth": "/outils/oeth",
        }
    }


def _typed(need: Need, trades: Sequence[Trade]) -> list[tuple[str, str]]:
    """The need as fields of the calculator and of the clause: a line for each trade."""
    typed = [("objet", need.text[:150]), ("nature", need.nature or "")]
    if need.amount_eur is None:
        return typed
    for n, (part, trade) in enumerate(zip(split(need.amount_eur, trades), trades, strict=True), 1):
        amount = f"{part.amount_eur:.2f}".removesuffix(".00")
        typed += [(f"nom{n}", part.label), (f"montant{n}", amount), (f"metier{n}", trade.code)]
    return typed


def rule_lines(today: date) -> list[RuleLine]:
    """Every dated value, those of one rule together, the newest first."""
    rows = sorted(all_thresholds(), key=lambda t: t.valid_from, reverse=True)
    order = list(dict.fromkeys(t.rule for t in all_thresholds()))
    rows.sort(key=lambda t: order.index(t.rule))
    return [RuleLine(t, t.in_force(today), STATUSES[t.status]) for t in rows]


def article_lines() -> list[tuple[Article, str]]:
    """Every article with its status in words."""
    return [(article, STATUSES[article.status]) for article in all_articles().values()]


def trade_lines() -> list[tuple[str, Figure, str]]:
    """The shares of labour by trade: its name, the figure, its status in words."""
    return [
        (trade.label, trade.share, STATUSES[trade.share.status])
        for trade in defaults().trades.values()
    ]
