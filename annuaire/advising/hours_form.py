"""The form of the calculator of insertion hours: all of it is in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from annuaire.advising.hours import (
    DEFAULT_TRADE,
    LABOUR,
    PER_EUROS,
    Part,
    Rule,
    Total,
    check,
    count,
    defaults,
    rule_for,
)
from annuaire.advising.typed import Reading
from annuaire.errors import InvalidInputError
from search.filters import InputError

MAX_LOTS: Final = 20
SHOWN_LOTS: Final = 3
METHODS: Final = {LABOUR: "part de main-d'œuvre", PER_EUROS: "une heure pour tant d'euros"}
NATURES: Final = {"travaux": "travaux", "services": "services", "fournitures": "fournitures"}
NO_AMOUNT: Final = "Donnez le montant d'un lot au moins."


@dataclass(frozen=True, slots=True)
class HoursAsked:
    """A form that holds: the rule, the lots, and what they give."""

    nature: str | None
    rule: Rule
    total: Total


def lot_count(values: Mapping[str, str]) -> int:
    """How many lines the form has: those filled, and as many as asked for."""
    asked = values.get("lots", "")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else SHOWN_LOTS
    filled = [n for n in range(1, MAX_LOTS + 1) if values.get(f"montant{n}", "").strip()]
    return min(MAX_LOTS, max([wanted, *filled, 1]))


def read_hours(values: Mapping[str, str]) -> tuple[HoursAsked | None, Sequence[InputError]]:
    """The hours that a form asks for, or the errors, field by field."""
    reading = Reading(values)
    nature = reading.choice("nature", NATURES, "") or None
    rule = _rule(reading, nature)
    parts = [part for n in range(1, lot_count(values) + 1) if (part := _part(reading, n))]
    if not parts and not reading.errors:
        reading.refuse("montant1", NO_AMOUNT)
    if reading.errors:
        return None, reading.errors
    return HoursAsked(nature, rule, count(parts, rule)), ()


def _rule(reading: Reading, nature: str | None) -> Rule:
    usual = rule_for(nature)
    return replace(
        usual,
        method=reading.choice("methode", METHODS, LABOUR),
        of_labour=reading.choice("base", {"entier": "", "main-oeuvre": ""}, "entier") != "entier",
        rate=_bounded(reading, "taux", "rate", usual.rate, of=100),
        cost_eur=_bounded(reading, "cout", "cost_eur", usual.cost_eur),
        euros_per_hour=_bounded(reading, "euros", "euros_per_hour", usual.euros_per_hour),
        full_time_hours=_bounded(reading, "temps_plein", "full_time_hours", usual.full_time_hours),
    )


def _bounded(reading: Reading, shown: str, name: str, default: float, of: float = 1.0) -> float:
    """The number of the field `shown` within the bounds of `name`; else the default, and an
    error."""
    value = reading.number(shown, default, of)
    return default if value is None or not _checked(reading, name, value, shown) else value


def _part(reading: Reading, number: int) -> Part | None:
    """The lot of one line; None when its amount is empty or wrong."""
    amount_field, share_field = f"montant{number}", f"part{number}"
    trade = reading.choice(f"metier{number}", defaults().trades, DEFAULT_TRADE)
    share = reading.number(share_field, defaults().trades[trade].share.value, of=100)
    amount = reading.number(amount_field)
    if amount is None or share is None:
        return None
    good = _checked(reading, "amount_eur", amount, amount_field)
    if not (_checked(reading, "share", share, share_field) and good):
        return None
    return Part(amount, share, reading.text(f"nom{number}")[:80] or f"Lot {number}")


def _checked(reading: Reading, name: str, value: float, shown: str) -> bool:
    try:
        check(name, value)
    except InvalidInputError as error:
        reading.refuse(shown, error.message)
        return False
    return True
