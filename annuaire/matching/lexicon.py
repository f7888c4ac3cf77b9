"""The word lists of matching, read once from their data files."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from annuaire.activities.text import fold


@cache
def words(name: str) -> frozenset[str]:
    """A list of `data/words.toml` by its name."""
    return frozenset(_data("words.toml")[name].split())


@cache
def usual(kind: str) -> frozenset[str]:
    """What structures of a kind usually do: codes of activities, none for an unknown kind."""
    return frozenset(_data("usual.toml")["usual"].get(kind, "").split())


@cache
def vague_naf() -> frozenset[str]:
    """NAF codes that do not say what is sold."""
    return frozenset(_data("usual.toml")["vague"]["naf"].split())


@cache
def trade_words(name: str) -> frozenset[str]:
    """A list of words of `data/trades.toml` by its name, folded."""
    return frozenset(fold(_data("trades.toml")["words"][name]).split())


@cache
def trade_codes(name: str) -> frozenset[str]:
    """A list of activities or groups of `data/trades.toml`: "beside", "takes", "one_supplier"."""
    return frozenset(_data("trades.toml")[name])


@cache
def one_hand() -> frozenset[frozenset[str]]:
    """Pairs of activities that one structure does in one purchase, far as they are elsewhere."""
    rows = _data("trades.toml")["one_hand"]
    return frozenset(frozenset((row["leaf"], leaf)) for row in rows for leaf in row["with"])


@cache
def works() -> tuple[str, str, frozenset[str]]:
    """The activity of works, the group of its trades, and the words by which it is a trade."""
    row = _data("trades.toml")["works"]
    return row["leaf"], row["group"], frozenset(row["trades"].split())


@cache
def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("data", name).read_text(encoding="utf-8"))
