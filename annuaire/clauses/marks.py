"""What the words beside a figure of hours make of it, read from `data/hours.toml`."""

import re
from functools import cache

from annuaire.clauses.rules import expand, raw

NEAR = 60  # characters looked at on either side of a figure


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {row["name"]: re.compile(expand(row["pattern"])) for row in raw("hours")["mark"]}


def before(name: str, words: str) -> bool:
    """Whether the words that end where the figure begins bear that mark."""
    return _patterns()[name].search(words) is not None


def after(name: str, words: str) -> bool:
    """Whether the words that begin where the figure ends bear that mark."""
    return _patterns()[name].match(words) is not None


def within(name: str, folded: str, start: int, end: int) -> bool:
    """Whether words between two offsets bear that mark."""
    return _patterns()[name].search(folded, start, end) is not None
