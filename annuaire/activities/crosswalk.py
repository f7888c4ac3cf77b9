"""From our leaves to the sectors of the main peer, le marché de l'inclusion, and back."""

import tomllib
from collections import defaultdict
from functools import cache

from annuaire.activities.taxonomy import DATA


@cache
def _peer() -> dict[str, tuple[str, ...]]:
    data = tomllib.loads((DATA / "crosswalk.toml").read_text(encoding="utf-8"))
    return {leaf: tuple(names) for leaf, names in data.items()}


@cache
def _leaves() -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for leaf, names in _peer().items():
        for name in names:
            found[name].append(leaf)
    return {name: tuple(leaves) for name, leaves in found.items()}


def peer_sectors(leaf: str) -> tuple[str, ...]:
    """The peer's sector names for a leaf, best first; none for an unknown leaf."""
    return _peer().get(leaf, ())


def leaves_of(sector: str) -> tuple[str, ...]:
    """Our leaves for a sector named exactly as the peer names it; none when unknown."""
    return _leaves().get(sector, ())


def sector_names() -> tuple[str, ...]:
    """Every peer sector that the crosswalk reaches."""
    return tuple(_leaves())
