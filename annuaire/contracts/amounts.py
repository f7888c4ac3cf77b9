"""Amounts as notices publish them: what cannot be the price of a lot is marked, never summed."""

from collections.abc import Iterable, Mapping
from typing import Final

LEAST_EUR: Final = 100.0  # € HT; under that, a unit price or a share written in the wrong field
MOST_EUR: Final = 1e9  # € HT; over that, a slip of the decimal sign or a filler (999 999 999)
FILLERS: Final = frozenset({999_999.0, 9_999_999.0, 99_999_999.0, 999_999_999.0})

BY_TRUST: Final = ("awarded", "estimated", "maximum")
KINDS: Final = {"estimated": "estimé", "maximum": "maximum", "awarded": "attribué"}


def unlikely(amount: float | None) -> bool:
    """Whether a published amount, in € HT, can hardly be the price of a lot."""
    return amount is not None and (not LEAST_EUR <= amount < MOST_EUR or amount in FILLERS)


def best(said: Mapping[str, float]) -> tuple[float | None, str | None]:
    """The surest likely amount of those that are said of a lot, by kind, and its kind; an unlikely
    one when there is no other, (None, None) without any. A minimum says nothing of its worth."""
    known = [(said[kind], kind) for kind in BY_TRUST if kind in said]
    likely = [each for each in known if not unlikely(each[0])]
    return next(iter((*likely, *known)), (None, None))


def total(amounts: Iterable[float | None]) -> float | None:
    """The sum of the likely amounts, in € HT; None when none is known."""
    known = [amount for amount in amounts if amount is not None and not unlikely(amount)]
    return sum(known) if known else None
