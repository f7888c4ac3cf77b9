"""What the words beside a figure of hours make of it, and what the words beside lots say of
them, read from `data/hours.toml` and `data/lots.toml`."""

import re
from functools import cache

from annuaire.clauses.rules import expand, raw

NEAR = 80  # characters looked at on either side of a figure


@cache
def _written() -> dict[str, str]:
    rows = [*raw("hours")["mark"], *raw("lots")["mark"]]
    return {row["name"]: row["pattern"] for row in rows}


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(expand(_written()[name]))


def before(name: str, words: str) -> bool:
    """Whether the words that end where the figure begins bear that mark."""
    return _pattern(name).search(words) is not None


def after(name: str, words: str) -> bool:
    """Whether the words that begin where the figure ends bear that mark."""
    return _pattern(name).match(words) is not None


def where(name: str, folded: str, start: int, end: int) -> int | None:
    """Where words between two offsets bear that mark; None for nowhere."""
    found = _pattern(name).search(folded, start, end)
    return None if found is None else found.start()


def within(name: str, folded: str, start: int, end: int) -> bool:
    """Whether words between two offsets bear that mark."""
    return where(name, folded, start, end) is not None
