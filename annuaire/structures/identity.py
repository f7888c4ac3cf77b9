"""Which structure a record belongs to; pure.

Every record gives itself one key, its own: a SIRET, else a company's SIREN, else a FINESS number,
else its source's number. It may tell that other keys lead there: its FINESS number, the SIRET
under which an agreement was signed before a move, the SIREN of a company shown on its
establishment. From what all records tell, and from what people decided, each key leads to one
present key, whatever the order in which the records came: that is the structure's address.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from annuaire.structures.records import StructureRecord

COMPANY: Final = "siren:"

#: Part of every record's hash: what is told here is read again when these rules change.
RULES: Final = "identity 1"


@dataclass(frozen=True, slots=True)
class Link:
    """A record told that `key` leads to `target`. `holds` while the record lives and still says
    it; `rank` is its source's, the most trusted first."""

    key: str
    target: str
    holds: bool
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """All that bears on some keys: those that a living record gives itself, the links, and the
    structures that people joined as (other, kept), the oldest decision first."""

    claimed: set[str] = field(default_factory=set)
    links: list[Link] = field(default_factory=list)
    joins: Sequence[tuple[str, str]] = ()


def structure_key(record: StructureRecord) -> str:
    """The key that a record gives itself: its SIRET, else its company's SIREN, else its FINESS
    number, else its source's number."""
    if record.siret:
        return record.siret
    if record.siren:
        return f"{COMPANY}{record.siren}"
    return f"finess:{record.finess}" if record.finess else f"source:{record.source_key}"


def other_keys(record: StructureRecord) -> tuple[str, ...]:
    """The keys that a record tells to lead to its own.

    The ASP's former SIRET counts when its SIREN is the same (directories.md 2a: a move); another
    SIREN is another company, a matter for a person.
    """
    if not record.siret:
        return ()
    keys = [f"finess:{record.finess}"] if record.finess else []
    if record.siren:
        keys.append(f"{COMPANY}{record.siren}")
    signed = record.extra.get("siret_signature", "")
    if len(signed) == 14 and signed.isdigit() and signed != record.siret:
        keys += [signed] if signed[:9] == record.siret[:9] else []
    return tuple(keys)


def claims(record: StructureRecord) -> bool:
    """Whether a record lists the structure that it names: it grants a status there.

    What only enriches lists nothing, nor does a company's status shown on an establishment.
    """
    return bool(record.statuses) and not (record.siret and record.siren)


def siret_of(key: str) -> str | None:
    """The SIRET that a key is, if it is one."""
    return key if len(key) == 14 and key.isdigit() else None


def present_keys(keys: Iterable[str], facts: Facts) -> dict[str, str]:
    """The present key to which each of some keys leads: itself when it is one.

    `facts` must hold all that is linked to these keys, near and far.
    """
    roots = _Roots(facts)
    for other, kept in facts.joins:
        roots.join(other, kept)
    return {key: roots.joined(key) for key in keys}


class _Roots:
    """Where keys lead by the records, then by what people joined."""

    def __init__(self, facts: Facts) -> None:
        self._claimed = facts.claimed
        self._out: Mapping[str, list[Link]] = _grouped((link.key, link) for link in facts.links)
        self._into: Mapping[str, list[Link]] = _grouped((link.target, link) for link in facts.links)
        self._found: dict[str, str] = {}
        self._under: dict[str, str] = {}

    def join(self, other: str, kept: str) -> None:
        """Put the structure of `other` under that of `kept`; no effect when they are one."""
        loser, winner = self.joined(other), self.joined(kept)
        if loser != winner:
            self._under[loser] = winner

    def joined(self, key: str) -> str:
        """Where a key leads once people's decisions are followed."""
        root = self._root(key)
        while root in self._under:
            root = self._under[root]
        return root

    def _root(self, key: str) -> str:
        path: list[str] = []
        at = key
        while at not in self._found:
            if at in path:  # records contradict one another: the newest number, by its rank
                at = max(path[path.index(at) :])
                break
            path.append(at)
            onward = self._next(at)
            if onward is None:
                break
            at = onward
        root = self._found.get(at, at)
        self._found.update(dict.fromkeys((*path, at), root))
        return root

    def _next(self, key: str) -> str | None:
        """Where a key leads in one step; None when it stands for itself."""
        if said := self._said(key):
            return said
        if key in self._claimed:
            return None
        # Nobody lists this key any more: what was once said of it keeps its address alive.
        if former := self._out.get(key):
            return min(former, key=self._former_order).target
        return self._successor(key)

    def _former_order(self, link: Link) -> tuple[bool, int, str]:
        return (link.target not in self._claimed, *_order(link))

    def _said(self, key: str) -> str | None:
        held = [link for link in self._out.get(key, ()) if link.holds]
        return min(held, key=_order).target if held else None

    def _successor(self, key: str) -> str | None:
        """The number that once led to this key and now leads elsewhere: a second move.

        A company's number is left out: it stands for all of its establishments.
        """
        for link in sorted(self._into.get(key, ()), key=lambda link: (link.rank, link.key)):
            said = self._said(link.key)
            lives = link.key in self._claimed if said is None else said != key
            if lives and not link.key.startswith(COMPANY):
                return link.key
        return None


def _order(link: Link) -> tuple[int, str]:
    return link.rank, link.target


def _grouped(pairs: Iterable[tuple[str, Link]]) -> Mapping[str, list[Link]]:
    groups: dict[str, list[Link]] = defaultdict(list)
    for key, link in pairs:
        groups[key].append(link)
    return groups
