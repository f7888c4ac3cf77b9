"""The word lists of matching, read once from their data file."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> frozenset[str]:
    """A list of `data/words.toml` by its name."""
    text = files(__package__).joinpath("data", "words.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)[name].split())
