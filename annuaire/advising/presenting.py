"""Advice as pages show it: the depth and hours of a need, the rules in rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire.advising.allotting import proposals
from annuaire.advising.hours import Figure, defaults, trade_of
from annuaire.advising.offering import Offer, offer, trades_of
from annuaire.advising.service import hours_of
from annuaire.law.articles import Article, all_articles
from annuaire.law.routes import Route
from annuaire.law.thresholds import Threshold, all_thresholds
from annuaire.matching.need import Need
from annuaire.paging import address
from search.engine import Engine

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


def advice_context(
    session: Session,
    engine: Engine,
    need: Need,
    routes: Sequence[Route],
    today: date,
    sheet_url: str,
    sourcing_url: str,
) -> dict[str, Any]:
    """What the templates `_depth.html` and `_hours.html` need. Raises EngineUnavailable."""
    found = offer(session, engine, need, today)
    trade = trade_of((code for code, _ in trades_of(need)), need.nature)
    typed = _typed(need, trade.code)
    return {
        "depth": found,
        "proposals": proposals(found, routes, need.amount_eur),
        "hours": hours_of(need, trade),
        "hours_trade": trade,
        "advice_links": {
            "sheet": sheet_url,
            "sourcing": sourcing_url,
            "hours": address(HOURS_PATH, typed),
            "clause": address(CLAUSE_PATH, [("voie", _route(found, routes)), *typed]),
            "oeth": "/outils/oeth",
        },
    }


def _typed(need: Need, trade: str) -> list[tuple[str, str]]:
    """The need as fields of the calculator and of the clause."""
    amount = "" if need.amount_eur is None else f"{need.amount_eur:.2f}".removesuffix(".00")
    return [
        ("objet", need.text[:150]),
        ("nature", need.nature or ""),
        ("montant1", amount),
        ("metier1", trade if amount else ""),
    ]


def _route(found: Offer, routes: Sequence[Route]) -> str:
    """The route whose model is proposed first: what the offer allows, what the law commands."""
    chosen = (found.verdict.route if found.verdict else None) or "clause"
    compulsory = f"{chosen}_compulsory"
    return compulsory if any(route.code == compulsory for route in routes) else chosen


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
