"""Amounts as notices publish them: what cannot be the price of a lot is marked, never summed."""

from collections.abc import Iterable
from typing import Final

LEAST_EUR: Final = 100.0  # € HT; under that, a unit price or a share written in the wrong field
MOST_EUR: Final = 1e9  # € HT; over that, a slip of the decimal sign or a filler (999 999 999)
FILLERS: Final = frozenset({999_999.0, 9_999_999.0, 99_999_999.0, 999_999_999.0})

KINDS: Final = {"estimated": "estimé", "maximum": "maximum", "awarded": "attribué"}


def unlikely(amount: float | None) -> bool:
    """Whether a published amount, in € HT, can hardly be the price of a lot."""
    return amount is not None and (not LEAST_EUR <= amount < MOST_EUR or amount in FILLERS)


def total(amounts: Iterable[float | None]) -> float | None:
    """The sum of the likely amounts, in € HT; None when none is known."""
    known = [amount for amount in amounts if amount is not None and not unlikely(amount)]
    return sum(known) if known else None
