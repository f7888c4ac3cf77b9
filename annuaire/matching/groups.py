"""Groups of structures that together cover what none covers alone; pure, over candidates.

A need is cut in parts (a trade, a place, a lot). Each part knows who could take it, best first;
groups are the least sets that cover all parts that somebody can take, few and different.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from annuaire.matching.candidates import Candidate
from annuaire.matching.grouping_words import gap_sentence, group_sentence

MOST_GROUPS: Final = 3
MOST_MEMBERS: Final = 5
#: Candidates tried for a part, by how many members are chosen already: 6, then fewer.
TRIED: Final = (6, 5, 4, 3, 3)
EXTRA: Final = 40.0  # points that each further part a candidate covers is worth when choosing


@dataclass(frozen=True, slots=True)
class Able:
    """A structure that could take a part: its points of 100 for it, the km from it, and the € HT
    that it may earn meanwhile (None: unknown)."""

    candidate: Candidate
    points: float
    distance_km: float | None
    means_eur: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a need: its words, whom it suits (best first), its amount in € HT, and whether
    its trade was recognised: else nobody was sought."""

    label: str
    able: tuple[Able, ...]
    amount_eur: float | None = None
    recognised: bool = True


@dataclass(frozen=True, slots=True)
class Member:
    """A structure of a group and the parts that it takes; `lead` would speak for all."""

    key: str
    siret: str | None
    name: str
    kinds: tuple[str, ...]
    city: str | None
    distance_km: float | None
    takes: tuple[str, ...]
    share: float | None
    lead: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A proposal: its members, the lead first, the parts that it leaves, and why in French."""

    members: tuple[Member, ...]
    missing: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """What can be done together: the groups, best first; whom one would do alone (names); what
    nobody known does (sentences)."""

    groups: tuple[Group, ...] = ()
    alone: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


#: Nothing to do together.
NOBODY: Final = Grouping()


def propose(parts: Sequence[Part], within_km: float) -> Grouping:
    """Groups for these parts; none when somebody covers all that is covered alone. `within_km` is
    how far members were sought."""
    gaps = tuple(
        gap_sentence(part.label, within_km, known=part.recognised)
        for part in parts
        if not part.able
    )
    held = [part for part in parts if part.able]
    if not held:
        return Grouping(gaps=gaps)
    if len(held) == 1:
        return Grouping(groups=_diverse(_sharing(held[0])), gaps=gaps)
    table = _Table(held)
    if alone := table.alone():
        return Grouping(alone=tuple(alone[:MOST_GROUPS]), gaps=gaps)
    found = sorted(table.sets(), key=table.rank)
    needed = frozenset(next(iter(able)) for able in table.by_part if len(able) == 1)
    kept = _diverse((table.group(keys) for keys in found), needed)
    return Grouping(groups=kept, gaps=gaps)


class _Table:
    """Who covers what, by key."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.by_part: list[dict[str, Able]] = [
            {able.candidate.key: able for able in part.able} for part in parts
        ]
        self.covers: dict[str, frozenset[int]] = {}
        for at, able in enumerate(self.by_part):
            for key in able:
                self.covers[key] = self.covers.get(key, frozenset()) | {at}

    def alone(self) -> list[str]:
        """The names of those that cover all parts, the best first."""
        whole = [key for key, covered in self.covers.items() if len(covered) == len(self.parts)]
        whole.sort(key=lambda key: (-self.worth(key), key))
        return [self.by_part[0][key].candidate.shown_name for key in whole]

    def worth(self, key: str) -> float:
        """The points of a structure over the parts that it covers."""
        return sum(able[key].points for able in self.by_part if key in able)

    def sets(self) -> set[tuple[str, ...]]:
        """Sets of structures that cover all parts, or as many as a group may; each without a
        member that could be left out."""
        return {keys for keys in map(self._least, self._search((), frozenset())) if len(keys) > 1}

    def _search(self, chosen: tuple[str, ...], done: frozenset[int]) -> Iterator[tuple[str, ...]]:
        left = [at for at in range(len(self.parts)) if at not in done]
        if not left or len(chosen) == MOST_MEMBERS:
            yield chosen
            return
        hardest = min(left, key=lambda at: (len(self.by_part[at]), at))
        tried = sorted(
            self.by_part[hardest],
            key=lambda key: (-self._gain(key, hardest, done), key),
        )
        for key in tried[: TRIED[len(chosen)]]:
            yield from self._search((*chosen, key), done | self.covers[key])

    def _gain(self, key: str, at: int, done: frozenset[int]) -> float:
        return self.by_part[at][key].points + EXTRA * (len(self.covers[key] - done) - 1)

    def _least(self, keys: Sequence[str]) -> tuple[str, ...]:
        kept = list(keys)
        for key in sorted(keys, key=self.worth):
            rest = [other for other in kept if other != key]
            if rest and self.covers[key] <= frozenset[int]().union(*(self.covers[k] for k in rest)):
                kept = rest
        return tuple(sorted(kept))

    def rank(self, keys: tuple[str, ...]) -> tuple[int, int, float, tuple[str, ...]]:
        """The fewest parts left, then the fewest members, then the best points for each part."""
        best = [max((a[k].points for k in keys if k in a), default=None) for a in self.by_part]
        given = [points for points in best if points is not None]
        return len(best) - len(given), len(keys), -sum(given) / len(given), keys

    def group(self, keys: tuple[str, ...]) -> Group:
        """These structures as a group, each part to the one that suits it best."""
        takes: dict[str, list[int]] = {key: [] for key in keys}
        for at, able in enumerate(self.by_part):
            if mine := [key for key in keys if key in able]:
                takes[max(mine, key=lambda key: (able[key].points, key))].append(at)
        lead = max(keys, key=lambda key: (len(takes[key]), self.worth(key), key))
        order = sorted(keys, key=lambda key: (key != lead, -len(takes[key]), key))
        members = tuple(self._member(key, takes[key], lead=key == lead) for key in order)
        covered = {at for found in takes.values() for at in found}
        missing = [part.label for at, part in enumerate(self.parts) if at not in covered]
        return Group(members, tuple(missing), group_sentence(_told(members)))

    def _member(self, key: str, takes: Sequence[int], *, lead: bool) -> Member:
        mine = [self.by_part[at][key] for at in takes or sorted(self.covers[key])[:1]]
        far = [able.distance_km for able in mine if able.distance_km is not None]
        labels = tuple(self.parts[at].label for at in takes)
        return _member(mine[0].candidate, max(far, default=None), labels, lead=lead)


def _sharing(part: Part) -> Iterator[Group]:
    """Groups of one trade whose means together reach the amount that none reaches alone; none
    when somebody's means reach it, or are unknown among the best."""
    amount = part.amount_eur
    known = [able for able in part.able if able.means_eur]
    if amount is None or len(known) < 2 or any((a.means_eur or 0) >= amount for a in known):
        return
    if any(able.means_eur is None for able in part.able[:3]):
        return
    for lead in known[:MOST_MEMBERS]:
        chosen = [lead]
        for other in known:
            if sum(a.means_eur or 0 for a in chosen) >= amount or len(chosen) == MOST_MEMBERS:
                break
            if other is not lead:
                chosen.append(other)
        total = sum(a.means_eur or 0 for a in chosen)
        if total >= amount:
            members = tuple(
                _member(
                    a.candidate,
                    a.distance_km,
                    (part.label,),
                    lead=a is lead,
                    share=(a.means_eur or 0) / total,
                )
                for a in chosen
            )
            yield Group(members, (), group_sentence(_told(members), amount_eur=amount))


def _member(
    candidate: Candidate,
    far: float | None,
    takes: tuple[str, ...],
    *,
    lead: bool,
    share: float | None = None,
) -> Member:
    return Member(
        key=candidate.key,
        siret=candidate.siret,
        name=candidate.shown_name,
        kinds=candidate.kinds,
        city=candidate.city,
        distance_km=None if far is None else round(far, 1),
        takes=takes,
        share=None if share is None else round(share, 2),
        lead=lead,
    )


def _told(members: Sequence[Member]) -> list[tuple[str, Sequence[str], float | None]]:
    return [(m.name, m.takes, m.distance_km) for m in members]


def _diverse(groups: Iterable[Group], needed: frozenset[str] = frozenset()) -> tuple[Group, ...]:
    """The first groups that differ: less than half of the members of the smaller are shared,
    those apart that are `needed` for being alone to take a part."""
    kept: list[Group] = []
    for group in groups:
        keys = {member.key for member in group.members} - needed
        others = [{m.key for m in other.members} - needed for other in kept]
        if all(len(keys & other) * 2 < min(len(keys), len(other)) for other in others):
            kept.append(group)
        if len(kept) == MOST_GROUPS:
            break
    return tuple(kept)


def as_json(grouping: Grouping) -> list[Mapping[str, object]]:
    """The groups as commands print them."""
    return [
        {
            "members": [
                {
                    "siret": m.siret,
                    "name": m.name,
                    "takes": list(m.takes),
                    "share": m.share,
                    "lead": m.lead,
                    "distance_km": m.distance_km,
                }
                for m in group.members
            ],
            "missing": list(group.missing),
            "sentence": group.sentence,
        }
        for group in grouping.groups
    ]
