"""Insertion hours of a lot, from its amount: pure, every parameter an argument.

Two ways, both seen in guides: the labour of the lot × a rate ÷ the cost of an hour; or one hour
for so many euros.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import isfinite
from typing import Any, Final

from annuaire.errors import InvalidInputError
from annuaire.wording import nombre

LABOUR: Final = "main-oeuvre"
PER_EUROS: Final = "euros"
DEFAULT_TRADE: Final = "defaut"
SEVERAL_TRADES: Final = "batiment"

#: Bounds of each parameter, and what it is called: outside them the figure is a slip.
BOUNDS: Final = {
    "amount_eur": (1.0, 1e10, "Le montant d'un lot", "de 1 à 10 000 000 000 € HT"),
    "share": (0.01, 1.0, "La part de main-d'œuvre", "de 1 à 100 %"),
    "rate": (0.001, 1.0, "Le taux d'insertion", "de 0,1 à 100 %"),
    "cost_eur": (8.0, 300.0, "Le coût d'une heure", "de 8 à 300 €"),
    "euros_per_hour": (50.0, 1e6, "Le nombre d'euros par heure", "de 50 à 1 000 000 €"),
    "full_time_hours": (500.0, 2400.0, "Le nombre d'heures d'un temps plein", "de 500 à 2 400"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the data with where it comes from; `status` is "seen", "inferred" or
    "default" (ours)."""

    value: float
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade: the share of labour in its price; `activities` are codes of the taxonomy."""

    code: str
    label: str
    share: Figure
    activities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FullTime:
    """A way to count the hours of a full-time job in a year."""

    code: str
    label: str
    hours: Figure


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is supposed when the buyer says nothing."""

    cost: Figure
    per_hour: Figure
    rates: dict[str, Figure]
    full_times: tuple[FullTime, ...]
    trades: dict[str, Trade]


@dataclass(frozen=True, slots=True)
class Rule:
    """How hours are counted: `method` LABOUR (rate, cost) or PER_EUROS (euros_per_hour, on the
    whole amount or on its `share` of labour)."""

    method: str = LABOUR
    rate: float = 0.05
    cost_eur: float = 30.0
    euros_per_hour: float = 1500.0
    of_labour: bool = False
    full_time_hours: float = 1607.0


@dataclass(frozen=True, slots=True)
class Part:
    """A lot: its amount in € HT and the share of labour in it."""

    amount_eur: float
    share: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a lot, rounded, and how they were found, in a French sentence."""

    part: Part
    hours: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Total:
    """All lots together; `full_times` are full-time jobs of a year."""

    lots: tuple[Hours, ...]
    hours: int
    full_times: float = field(default=0.0)


@cache
def defaults() -> Defaults:
    """The figures of data/hours.toml."""
    text = files(__package__).joinpath("data/hours.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return Defaults(
        cost=_figure(data["cost"]),
        per_hour=_figure(data["per_hour"]),
        rates={row["nature"]: _figure(row) for row in data["rate"]},
        full_times=tuple(
            FullTime(row["code"], row["label"], _figure(row)) for row in data["full_time"]
        ),
        trades={
            row["code"]: Trade(
                row["code"], row["label"], _figure(row, "share"), tuple(row["activities"])
            )
            for row in data["trade"]
        },
    )


def _figure(row: dict[str, Any], name: str = "value") -> Figure:
    return Figure(float(row[name]), row["status"], row["source"])


def rule_for(nature: str | None) -> Rule:
    """The usual rule for a nature of purchase; works when it is unknown: the lower rate."""
    known = defaults()
    return Rule(
        rate=known.rates[nature or "travaux"].value,
        cost_eur=known.cost.value,
        euros_per_hour=known.per_hour.value,
        full_time_hours=known.full_times[0].hours.value,
    )


def trades_of(activities: Iterable[str], nature: str | None = None) -> tuple[Trade, ...]:
    """The trades of these activities, each once, in their order: the default for those unknown;
    in works several are one, those of a whole building."""
    trades = defaults().trades
    held = {code: trade.code for trade in trades.values() for code in trade.activities}
    found = tuple(dict.fromkeys(held.get(code, DEFAULT_TRADE) for code in activities))
    if len(found) > 1 and nature == "travaux":
        found = (SEVERAL_TRADES,)
    return tuple(trades[code] for code in found or (DEFAULT_TRADE,))


def split(amount_eur: float, trades: Sequence[Trade]) -> tuple[Part, ...]:
    """Equal parts of an amount, to the cent, one for each trade: nothing says more of them."""
    least, over = divmod(round(amount_eur * 100), len(trades))
    named = len(trades) > 1
    return tuple(
        Part((least + (n < over)) / 100, trade.share.value, trade.label if named else "")
        for n, trade in enumerate(trades)
    )


def count(parts: Sequence[Part], rule: Rule) -> Total:
    """The hours of each lot and of all. Raises InvalidInputError for a figure out of its bounds."""
    for name in ("rate", "cost_eur", "euros_per_hour", "full_time_hours"):
        check(name, getattr(rule, name))
    lots = tuple(_of_lot(part, rule) for part in parts)
    hours = sum(lot.hours for lot in lots)
    return Total(lots, hours, round(hours / rule.full_time_hours, 2))


def check(name: str, value: float) -> None:
    """Raises InvalidInputError when `value` is out of the bounds of that parameter."""
    least, most, label, words = BOUNDS[name]
    if not (isfinite(value) and least <= value <= most):
        raise InvalidInputError(f"{label} doit être {words}.", name)


def _of_lot(part: Part, rule: Rule) -> Hours:
    check("amount_eur", part.amount_eur)
    check("share", part.share)
    labour = part.amount_eur * part.share
    if rule.method == PER_EUROS:
        base = labour if rule.of_labour else part.amount_eur
        said = "de main-d'œuvre" if rule.of_labour else "HT"
        hours = round(base / rule.euros_per_hour)
        return Hours(
            part,
            hours,
            f"{nombre(base)} € {said}, à raison d'une heure pour {nombre(rule.euros_per_hour)} €",
        )
    hours = round(labour * rule.rate / rule.cost_eur)
    return Hours(
        part,
        hours,
        f"{nombre(part.amount_eur)} € HT × {nombre(part.share * 100)} % de main-d'œuvre "
        f"× {nombre(rule.rate * 100)} % d'insertion ÷ {nombre(rule.cost_eur)} € de l'heure",
    )
