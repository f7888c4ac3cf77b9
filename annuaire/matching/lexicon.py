"""The word lists of matching, read once from their data files."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


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
def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("data", name).read_text(encoding="utf-8"))
