"""What the law allows a buyer to do for a need, at a date."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from annuaire.law import thresholds

Nature = Literal["travaux", "services", "fournitures"]

SOCIAL_DUTY = "clause.social_compulsory"
STATE_CAUTION = (
    "Seuil des acheteurs autres que l'État ; celui de l'État est de {state} € HT à cette date."
)


@dataclass(frozen=True, slots=True)
class Route:
    """A way to buy: `title`, `explanation` and `caution` are French; `articles` are codes of
    the public procurement code (« R2122-8 »). `caution` always says that it is no legal advice."""

    code: str
    title: str
    explanation: str
    articles: tuple[str, ...]
    caution: str


def euros(amount: float) -> str:
    """« 1 234 567 »: whole euros with narrow no-break spaces."""
    return f"{amount:,.0f}".replace(",", "\u202f")


@cache
def _templates() -> tuple[dict[str, Route], str]:
    text = files(__package__).joinpath("data/routes.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    routes = {
        row["code"]: Route(
            code=row["code"],
            title=row["title"],
            explanation=row["explanation"],
            articles=tuple(row["articles"]),
            caution=row["caution"],
        )
        for row in data["route"]
    }
    return routes, data["legal_caution"]


def _route(code: str, *cautions: str, **values: str) -> Route:
    routes, legal = _templates()
    model = routes[code]
    return Route(
        code=code,
        title=model.title,
        explanation=model.explanation.format(**values),
        articles=model.articles,
        caution=" ".join([model.caution, *cautions, legal]),
    )


def _direct(amount_eur: float | None, nature: Nature | None, on: date) -> Route | None:
    rule = "direct.works" if nature == "travaux" else "direct.supplies_services"
    threshold = thresholds.find(rule, on)
    if amount_eur is None or threshold is None or threshold.value is None:
        return None
    if not 0 <= amount_eur < threshold.value:
        return None
    cautions = [] if nature else ["Seuil des fournitures et services ; celui des travaux diffère."]
    return _route("direct", *cautions, amount=euros(amount_eur), threshold=euros(threshold.value))


def _clause(amount_eur: float | None, nature: Nature | None, on: date) -> Route:
    duty = thresholds.find(SOCIAL_DUTY, on)
    if duty is None or amount_eur is None:
        return _route("clause")
    threshold = thresholds.find("eu.works" if nature == "travaux" else "eu.others", on)
    if threshold is None or threshold.value is None:
        return _route("clause", "Le seuil européen à cette date ne nous est pas connu.")
    state = None if nature == "travaux" else thresholds.find("eu.state", on)
    cautions = []
    if state is not None and state.value is not None:
        cautions.append(STATE_CAUTION.format(state=euros(state.value)))
    if amount_eur >= threshold.value:
        values = {"amount": euros(amount_eur), "threshold": euros(threshold.value)}
        return _route("clause_compulsory", *cautions, **values)
    above_state = bool(state and state.value is not None and amount_eur >= state.value)
    return _route("clause", *(cautions if above_state else ()))


def advise(amount_eur: float | None, nature: Nature | None, on: date) -> list[Route]:
    """The routes open for a need of `amount_eur` (€ HT, whole need, None when unknown).

    `nature` None takes the thresholds of supplies and services, the lower ones, and says so.
    Articles R2122-8, L2113-12 to L2113-14, L2112-2, L2112-2-1; `on` is the day on which the
    consultation is launched. The lightest procedure comes first.
    """
    share = thresholds.find("reserved.minimum_share", on)
    percent = f"{(share.value or 0) * 100:.0f}" if share else "50"
    routes = [_direct(amount_eur, nature, on)]
    routes += [
        _route("reserved_handicap", share=percent),
        _route("reserved_siae", share=percent),
        _route("reserved_both"),
        _clause(amount_eur, nature, on),
    ]
    return [route for route in routes if route is not None]
