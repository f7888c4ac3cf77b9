"""What a structure can take on, from the number of its employees; pure."""

from functools import lru_cache
from typing import Final

from annuaire.matching.candidates import Candidate

#: A means of about 60,000 € HT a head and a year, at the upper bound of the range of employees.
EUROS_PER_HEAD: Final = 60_000.0
MONTHS: Final = 12.0


def means_eur(candidate: Candidate, months: float | None = None) -> float | None:
    """The € HT that it may earn over these months (a year at least); None when its number of
    employees is unknown."""
    most = heads(candidate.employees_range or "")
    if most is None:
        return None
    return most * EUROS_PER_HEAD * max(1.0, (months or MONTHS) / MONTHS)


@lru_cache(maxsize=256)
def heads(label: str) -> int | None:
    """The largest number in « 10 à 19 salariés »; None when the range says none."""
    numbers = [int(n) for n in label.replace("\u202f", "").split() if n.isdigit()]
    return max(numbers) if numbers and max(numbers) > 0 else None
