"""The purchase taxonomy: groups and leaves in buyers' words, tied to CPV, NAF and French words.

The data are the files of `data/taxonomy`, one by group, which a buyer can read and extend.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
SAME_GROUP = 0.4  # proximity of two leaves of one group, unless the data say otherwise


@dataclass(frozen=True, slots=True)
class Activity:
    """A leaf. `cpv` holds prefixes of codes, `naf` sub-classes without dot.

    Words are phrases; « a + b » asks for all its words in the text, in any order. `strong` decide
    alone, `words` count, `weak` only hint; of the `general` ones, which fit many purchases, only
    the best counts.
    """

    code: str
    label: str
    group: str
    cpv: tuple[str, ...] = ()
    naf: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    general: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A family of leaves, in the order in which families are shown."""

    code: str
    label: str
    order: int
    leaves: tuple[Activity, ...]


class Taxonomy:
    """Groups and leaves by code; `outside` holds what no activity fits, never shown."""

    def __init__(self, groups: list[Group], outside: tuple[Activity, ...]) -> None:
        self.groups = tuple(sorted(groups, key=lambda group: group.order))
        self.leaves = tuple(leaf for group in self.groups for leaf in group.leaves)
        self.outside = outside
        self._by_code: dict[str, Activity | Group] = {g.code: g for g in self.groups}
        self._by_code.update((leaf.code, leaf) for leaf in self.leaves)

    def get(self, code: str) -> Activity | Group | None:
        """The leaf or the group of this code, or None."""
        return self._by_code.get(code)

    def children(self, group: str) -> tuple[Activity, ...]:
        """The leaves of a group; none for an unknown code or a leaf."""
        node = self._by_code.get(group)
        return node.leaves if isinstance(node, Group) else ()

    def label(self, code: str) -> str:
        """The French label; the code itself when unknown, so that a page never breaks."""
        node = self._by_code.get(code)
        return node.label if node else code

    def group_of(self, code: str) -> str | None:
        """The group of a leaf, a group itself, or None when unknown."""
        node = self._by_code.get(code)
        return node.group if isinstance(node, Activity) else node.code if node else None


def _read_leaves(group: str, table: dict[str, Any]) -> Iterator[Activity]:
    lists = ("cpv", "naf", "strong", "words", "weak", "general")
    for code, fields in table.items():
        values = {name: tuple(dict.fromkeys(fields.get(name, ()))) for name in lists}
        yield Activity(code=code, label=fields["label"], group=group, **values)


@cache
def taxonomy() -> Taxonomy:
    """The whole taxonomy, read once."""
    groups: list[Group] = []
    outside: tuple[Activity, ...] = ()
    for path in sorted((DATA / "taxonomy").glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        leaves = tuple(_read_leaves(path.stem, data["leaf"]))
        if data.get("outside"):
            outside = leaves
        else:
            groups.append(Group(path.stem, data["label"], data["order"], leaves))
    return Taxonomy(groups, outside)


def search_words(code: str) -> list[str]:
    """What to look for in a text index for this leaf or group: label and words, without pairs."""
    node = taxonomy().get(code)
    leaves = node.leaves if isinstance(node, Group) else (node,) if node else ()
    phrases = [
        p for leaf in leaves for p in (leaf.label, *leaf.strong, *leaf.words) if "+" not in p
    ]
    return list(dict.fromkeys(phrases))


@cache
def _near() -> dict[frozenset[str], float]:
    data = tomllib.loads((DATA / "near.toml").read_text(encoding="utf-8"))
    return {frozenset(row["leaves"]): float(row["proximity"]) for row in data["near"]}


def proximity(a: str, b: str) -> float:
    """How far an offer in one leaf answers a need in the other, from 0 to 1; symmetric.

    1 for the same code, what `near.toml` declares, 0.4 within a group (a group and its own leaf
    included), else 0.
    """
    if taxonomy().get(a) is None or taxonomy().get(b) is None:
        return 0.0
    if a == b:
        return 1.0
    same = taxonomy().group_of(a) == taxonomy().group_of(b)
    return _near().get(frozenset((a, b)), SAME_GROUP if same else 0.0)
