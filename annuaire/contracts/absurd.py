"""Amounts as notices publish them: kept, and marked when nobody can mean them; pure."""

from collections.abc import Iterable, Mapping
from typing import Final

from annuaire.contracts.records import ABSURD_EUR

SYMBOLIC: Final = 1.0  # € HT: it stands for « no amount », or is a price by unit
NINES: Final = 8  # « 99999999 » fills a box that had to be filled

#: What a lot is said to be worth, the surest first; a minimum says nothing of it.
BY_TRUST: Final = ("awarded", "estimated", "maximum")


def is_absurd(amount: float) -> bool:
    """Whether an amount was written to fill a box, or by mistake: 1 €, 10^15 €, 999 999 999 €."""
    if not SYMBOLIC < amount < ABSURD_EUR:
        return True
    digits = str(int(amount))
    return len(digits) >= NINES and set(digits) == {"9"}


def best(amounts: Mapping[str, float]) -> tuple[float | None, str | None]:
    """The surest believable amount and its kind; (None, None) when there is none."""
    for kind in BY_TRUST:
        if kind in amounts and not is_absurd(amounts[kind]):
            return amounts[kind], kind
    return None, None


def any_absurd(amounts: Iterable[float]) -> bool:
    """Whether one of the amounts is absurd."""
    return any(is_absurd(amount) for amount in amounts)
