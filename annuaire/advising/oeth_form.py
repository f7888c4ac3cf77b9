"""The form of the calculator of the deduction from the OETH contribution."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from annuaire.advising.typed import Reading
from annuaire.errors import InvalidInputError
from annuaire.law.oeth import Deduction, Spent, deduction
from search.filters import InputError

NO_PRICE: Final = "Donnez le prix HT de l'achat."


@dataclass(frozen=True, slots=True)
class OethAsked:
    """A form that holds, and what it gives."""

    spent: Spent
    on: date
    found: Deduction


def read_oeth(
    values: Mapping[str, str], today: date
) -> tuple[OethAsked | None, Sequence[InputError]]:
    """The deduction that a form asks for, or the errors, field by field."""
    reading = Reading(values)
    price = reading.number("prix")
    costs = reading.number("couts", 0.0)
    contribution = reading.number("contribution")
    rate = reading.number("taux", of=100)
    on = _day(reading, today)
    if price is None and not reading.errors:
        reading.refuse("prix", NO_PRICE)
    if reading.errors or price is None:
        return None, reading.errors
    spent = Spent(price, costs or 0.0, contribution, rate)
    try:
        return OethAsked(spent, on, deduction(spent, on)), ()
    except InvalidInputError as error:
        return None, [InputError(error.field or "", error.message)]


def _day(reading: Reading, today: date) -> date:
    typed = reading.text("date")
    if not typed:
        return today
    try:
        return date.fromisoformat(typed)
    except ValueError:
        reading.refuse("date", "Date illisible : écrivez-la année-mois-jour, comme 2026-05-31.")
        return today
