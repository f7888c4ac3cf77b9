"""What the law allows a buyer to do for a need, at a date."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from math import isfinite
from types import MappingProxyType
from typing import Final, Literal, get_args

from annuaire.errors import InvalidInputError
from annuaire.law import articles, thresholds
from annuaire.law.codes import Entry, entries_for
from annuaire.law.thresholds import Threshold

Nature = Literal["travaux", "services", "fournitures"]
NATURES: Final[tuple[Nature, ...]] = get_args(Nature)

#: The code entered into force on that day (ordonnance 2018-1074): before it, other texts.
CODE_SINCE: Final = date(2019, 4, 1)
MAX_AMOUNT_EUR: Final = 1e12
SEEN: Final = "seen"
STATE_CAUTION: Final = (
    "Seuil des acheteurs autres que l'État ; celui de l'État est de {state} € HT à cette date."
)
UNKNOWN_NATURE: Final = "Seuil des fournitures et services ; celui des travaux diffère."
NO_EU_THRESHOLD: Final = "Le seuil européen à cette date ne nous est pas connu."


@dataclass(frozen=True, slots=True)
class Route:
    """A way to buy: `title`, `explanation`, `conditions` and `caution` are French; `articles` are
    codes of the public procurement code (« R2122-8 »), `thresholds` the dated values applied,
    `entries` the fields to fill in. `caution` always says that it is no legal advice.
    `to_check` says that something of it was inferred, not read."""

    code: str
    title: str
    explanation: str
    articles: tuple[str, ...]
    caution: str
    conditions: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    entries: tuple[Entry, ...] = ()
    to_check: bool = False


@dataclass(frozen=True, slots=True)
class Purchase:
    """What decides of the routes. `amount_eur` is in € HT for the whole need (None: unknown);
    `nature` None takes the thresholds of supplies and services, the lower ones. `on` is the day on
    which the consultation is launched; `state` says that the State buys, not another body."""

    amount_eur: float | None
    nature: Nature | None
    on: date
    state: bool = False
    concession: bool = False

    def value(self, rule: str) -> Threshold | None:
        """The value of a rule at the day, where it has a figure."""
        found = thresholds.find(rule, self.on)
        return found if found and found.value is not None else None

    @property
    def eu_rule(self) -> str:
        """The name of the European threshold that this purchase is held to."""
        if self.concession:
            return "eu.concessions"
        if self.nature == "travaux":
            return "eu.works"
        return "eu.state" if self.state else "eu.others"

    @property
    def kind(self) -> str:
        """Which of the two columns of small purchases it belongs to."""
        return "works" if self.nature == "travaux" else "supplies_services"


def euros(amount: float) -> str:
    """« 1 234 567 » or « 39 999,99 »: with narrow no-break spaces, cents where there are some."""
    whole = amount == int(amount)
    text = f"{amount:,.0f}" if whole else f"{amount:,.2f}"
    return text.replace(",", "\u202f").replace(".", ",")


def advise(
    amount_eur: float | None,
    nature: Nature | None,
    on: date,
    *,
    state: bool = False,
    concession: bool = False,
) -> list[Route]:
    """The routes open for a purchase, the lightest procedure first (see `Purchase`).

    Articles R2122-8, R2122-9-1, R2123-1, L2113-12 to L2113-16, L2112-2, L2112-2-1, R2152-7, and
    L3113-1, L3114-2 for concessions. None before the code (1 April 2019). Raises
    InvalidInputError for an amount that is none.
    """
    if amount_eur is not None and not (isfinite(amount_eur) and 0 < amount_eur <= MAX_AMOUNT_EUR):
        raise InvalidInputError("Le montant doit être un nombre d'euros positif.", "montant")
    purchase = Purchase(amount_eur, nature, on, state, concession)
    routes = _of_concession(purchase) if concession else _of_contract(purchase)
    return [route for route in routes if _in_force(route, on)]


def _of_contract(purchase: Purchase) -> Iterator[Route]:
    yield from _without_competition(purchase)
    yield from _small_lots(purchase)
    share = purchase.value("reserved.minimum_share")
    reserved = (("reserved.minimum_share",), {"share": _percent(share)})
    yield _route("reserved_handicap", purchase, *reserved)
    yield _route("reserved_siae", purchase, *reserved)
    yield _route("reserved_both", purchase, *reserved)
    if purchase.nature in (None, "services"):
        years = purchase.value("reserved.ess_years")
        shown = f"{years.value:g}" if years and years.value else "quelques"
        yield _route("reserved_ess", purchase, ("reserved.ess_years",), {"years": shown})
        yield _route("insertion_object", purchase)
    yield _clause(purchase, "clause", "clause.social_compulsory")
    yield _route("criterion", purchase)


def _of_concession(purchase: Purchase) -> Iterator[Route]:
    share = _percent(purchase.value("reserved.minimum_share"))
    yield _route("concession_reserved", purchase, ("reserved.minimum_share",), {"share": share})
    yield _clause(purchase, "concession_clause", "clause.social_compulsory_concessions")
    yield _route("concession_criterion", purchase)


def _without_competition(purchase: Purchase) -> Iterator[Route]:
    amount, direct = purchase.amount_eur, purchase.value(f"direct.{purchase.kind}")
    if amount is None:
        return
    if direct and direct.value is not None and amount < direct.value:
        cautions = () if purchase.nature else (UNKNOWN_NATURE,)
        values = {"amount": euros(amount), "threshold": euros(direct.value)}
        yield _route("direct", purchase, (direct.rule,), values, cautions)
        return
    innovative = purchase.value("direct.innovative")
    if innovative and innovative.value is not None and amount < innovative.value:
        values = {"amount": euros(amount), "threshold": euros(innovative.value)}
        yield _route("innovative", purchase, (innovative.rule,), values)


def _small_lots(purchase: Purchase) -> Iterator[Route]:
    """R2122-8 and R2123-1 2°: lots under a value, a fifth of all lots together at most."""
    amount, share = purchase.amount_eur, purchase.value("small_lots.cumulated")
    if amount is None or share is None or share.value is None:
        return
    values = {"share": _percent(share), "ceiling": euros(int(amount * share.value))}
    direct = purchase.value(f"direct.{purchase.kind}")
    if direct and direct.value is not None and amount >= direct.value:
        of_lot = values | {"threshold": euros(direct.value)}
        yield _route("direct_lot", purchase, (direct.rule, share.rule), of_lot)
    eu, small = purchase.value(purchase.eu_rule), purchase.value(f"small_lots.{purchase.kind}")
    if eu and small and eu.value is not None and small.value is not None and amount >= eu.value:
        values |= {"amount": euros(amount), "eu": euros(eu.value), "threshold": euros(small.value)}
        yield _route("small_lots", purchase, (small.rule, share.rule, eu.rule), values)


def _clause(purchase: Purchase, code: str, duty_rule: str) -> Route:
    """The clause, compulsory from the European threshold on once the duty is in force."""
    amount, eu = purchase.amount_eur, purchase.value(purchase.eu_rule)
    if thresholds.find(duty_rule, purchase.on) is None or amount is None:
        return _route(code, purchase)
    if eu is None or eu.value is None:
        return _route(code, purchase, cautions=(NO_EU_THRESHOLD,))
    of_state = purchase.value("eu.state") if purchase.eu_rule == "eu.others" else None
    cautions: tuple[str, ...] = ()
    if of_state and of_state.value is not None:
        cautions = (STATE_CAUTION.format(state=euros(of_state.value)),)
    if amount >= eu.value:
        values = {"amount": euros(amount), "threshold": euros(eu.value)}
        return _route(f"{code}_compulsory", purchase, (duty_rule, eu.rule), values, cautions)
    near = bool(of_state and of_state.value is not None and amount >= of_state.value)
    return _route(code, purchase, cautions=cautions if near else ())


def _percent(share: Threshold | None) -> str:
    return f"{(share.value or 0) * 100:g}" if share else "50"


@cache
def _templates() -> tuple[dict[str, tuple[Route, str]], str]:
    """Each route as the data words it, with its status; then the caution of all."""
    text = files(__package__).joinpath("data/routes.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    routes = {
        row["code"]: (
            Route(
                code=row["code"],
                title=row["title"],
                explanation=row["explanation"],
                articles=tuple(row["articles"]),
                caution=row["caution"],
                conditions=tuple(row["conditions"]),
                entries=entries_for(row["code"]),
            ),
            row["status"],
        )
        for row in data["route"]
    }
    return routes, data["legal_caution"]


def all_routes() -> tuple[Route, ...]:
    """Every route as the data words it, values not filled in, in its order."""
    return tuple(route for route, _ in _templates()[0].values())


def _route(
    code: str,
    purchase: Purchase,
    rules: tuple[str, ...] = (),
    values: Mapping[str, str] = MappingProxyType({}),
    cautions: tuple[str, ...] = (),
) -> Route:
    """The route of that code, its sentences filled in; `rules` are the thresholds it rests on."""
    models, legal = _templates()
    model, status = models[code]
    applied = [found for rule in rules if (found := thresholds.find(rule, purchase.on))]
    cited = [article for name in model.articles if (article := articles.get(name))]
    statuses = [status, *(t.status for t in applied), *(a.status for a in cited)]
    return replace(
        model,
        explanation=model.explanation.format_map(values),
        caution=" ".join([model.caution, *cautions, legal]),
        conditions=tuple(sentence.format_map(values) for sentence in model.conditions),
        thresholds=tuple(applied),
        to_check=any(each != SEEN for each in statuses),
    )


def _in_force(route: Route, on: date) -> bool:
    cited = [articles.get(code) for code in route.articles]
    return on >= CODE_SINCE and all(article and article.valid_from <= on for article in cited)
