"""Which notices are of one contract; pure: a matter of what they say, never of their order.

Five things join, in this order (docs/decisions/0015-notices-make-contracts.md):
1. the European identifier of the procedure (BT-04);
2. a notice that cites another, or two that are one publication in two journals;
3. a planning notice, with the only procedure that cites it: with several, it stays apart;
4. the same buyer and the same reference of its own, when that is specific and the titles agree;
5. where a notice tells none of these, the same buyer and the very same title, when that is specific
   and one call alone bears it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from annuaire.contracts.facts import ESSENTIAL, NoticeFacts
from annuaire.contracts.keys import title_words

#: Part of every notice's hash: its keys are read again when these rules change.
RULES: Final = "linking 2"

#: The longest that a framework agreement may last (article L2125-1 of the code de la commande
#: publique: four years); a reference met again later is another contract's.
LONGEST: Final = timedelta(days=4 * 366)
TWINS: Final = timedelta(days=21)  # two journals publish one call within that
MANY: Final = 200  # notices of one reference from which it is no contract's
SHARED_WORDS: Final = 0.5  # of the shorter title, for two titles to agree
#: How long after a call, at most, what follows it under its very title comes: corrections while
#: offers are awaited, results within two years.
AFTER: Final = {
    "correction": timedelta(days=120), "cancellation": timedelta(days=365),
    "award": timedelta(days=730),
}  # fmt: skip
SAME_TITLE: Final = 20  # notices of one buyer and title from which it is no contract's
NATURE_ORDER: Final = {
    "planned": 0, "call": 1, "correction": 2, "other": 3, "award": 4, "modification": 5,
    "cancellation": 6,
}  # fmt: skip


def in_order(notices: Iterable[NoticeFacts]) -> list[NoticeFacts]:
    """Notices from the oldest; of one day, a call before what follows it."""
    found = list(notices)
    return sorted(found, key=order) if len(found) > 1 else found


def order(notice: NoticeFacts) -> tuple[date, int, str, tuple[int, ...], str]:
    """Where a notice stands among others: numbers in its key count as numbers."""
    numbers = tuple(int(part[:18]) for part in re.findall(r"\d+", notice.source_key))
    rank = NATURE_ORDER.get(notice.nature, NATURE_ORDER["other"])
    return notice.published_on, rank, notice.source, numbers, notice.source_key


class _Sets:
    """Notices by their place in a list, brought together."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, item: int) -> int:
        while self._parent[item] != item:
            self._parent[item] = self._parent[self._parent[item]]
            item = self._parent[item]
        return item

    def join(self, items: Iterable[int]) -> None:
        roots = sorted({self.root(item) for item in items})
        for other in roots[1:]:
            self._parent[other] = roots[0]


def contracts_of(notices: Iterable[NoticeFacts]) -> list[list[NoticeFacts]]:
    """The notices of each contract, from the oldest; contracts in the order of their first one.

    What a platform pushed joins no two official notices: it stands with the one contract that it
    is of, else alone (docs/decisions/0025).
    """
    found = list(notices)
    groups = _with_matched(_official_contracts(notice for notice in found if notice.official))
    alone: list[list[NoticeFacts]] = []
    for pushed in in_order(notice for notice in found if not notice.official):
        home = next((group for group in groups if _cites(pushed, group)), None) or next(
            (group for group in groups if _is_of(pushed, group)), None
        )
        if home is None:
            alone.append([pushed])
        else:
            home.append(pushed)
    return [*(in_order(group) for group in groups), *alone]


def _with_matched(groups: list[list[NoticeFacts]]) -> list[list[NoticeFacts]]:
    """The contracts, with the awards of the essential data that were matched with a notice of
    theirs (docs/decisions/0029); one that a key ties to another contract stays there."""
    if not any(notice.matched for group in groups for notice in group):
        return groups
    home = {notice.reference: at for at, group in enumerate(groups) for notice in group}
    moved: set[int] = set()
    for at, group in enumerate(groups):
        matched = {home.get(n.matched.official) for n in group if n.matched} - {None, at}
        if len(matched) == 1 and all(n.source == ESSENTIAL for n in group):
            groups[next(to for to in matched if to is not None)] += group
            moved.add(at)
    return [group for at, group in enumerate(groups) if at not in moved]


def _cites(pushed: NoticeFacts, group: Iterable[NoticeFacts]) -> bool:
    """Whether it names the procedure, or a notice of it."""
    told = {*pushed.keys.folders, *pushed.keys.cites}
    return any(told & {*notice.keys.folders, *notice.keys.own} for notice in group)


def _is_of(pushed: NoticeFacts, group: Iterable[NoticeFacts]) -> bool:
    """Whether a call of the same buyer, reference and title was published about then."""
    words = title_words(pushed.title)
    return any(
        notice.nature in ("call", "planned", "correction")
        and set(pushed.keys.references) & set(notice.keys.references)
        and abs(notice.published_on - pushed.published_on) <= TWINS
        and agree(words, title_words(notice.title))
        for notice in group
        if notice.official
    )


def _official_contracts(notices: Iterable[NoticeFacts]) -> list[list[NoticeFacts]]:
    ordered = in_order(notices)
    sets = _Sets(len(ordered))
    for same in _by_key(ordered, "folders").values():
        sets.join(same)
    _join_cited(ordered, sets)
    for followed in _by_key(ordered, "references").values():
        _join_reference(ordered, followed, sets)
    for titled in _by_key(ordered, "titles").values():
        _join_title(ordered, titled, sets)
    groups: dict[int, list[NoticeFacts]] = defaultdict(list)
    for place, notice in enumerate(ordered):
        groups[sets.root(place)].append(notice)
    return list(groups.values())


def _by_key(notices: Sequence[NoticeFacts], kind: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place, notice in enumerate(notices):
        for key in getattr(notice.keys, kind):
            found[key].append(place)
    return found


def _join_cited(notices: Sequence[NoticeFacts], sets: _Sets) -> None:
    """Join a notice with those that it cites, and last the planning notices."""
    named, cited = _by_key(notices, "own"), _by_key(notices, "cites")
    planned: list[tuple[list[int], list[int]]] = []
    for holders in named.values():
        sets.join(holders)
    for key, citing in cited.items():
        holders = named.get(key, [])
        if not holders:  # nobody read it: those that follow it follow one another, calls excepted
            sets.join(at for at in citing if notices[at].nature not in ("call", "planned"))
        elif any(notices[at].nature == "planned" for at in holders):
            planned.append((holders, citing))
        else:
            sets.join((*holders, *(at for at in citing if _follows(notices, at, holders))))
    _join_planned(notices, planned, sets)


def _follows(notices: Sequence[NoticeFacts], citing: int, holders: Sequence[int]) -> bool:
    """Whether a citation says that it is one contract: a call that cites an award announces the
    next contract."""
    if notices[citing].nature not in ("call", "planned"):
        return True
    return all(notices[at].nature in ("call", "correction") for at in holders)


def _join_planned(
    notices: Sequence[NoticeFacts], cited: Sequence[tuple[list[int], list[int]]], sets: _Sets
) -> None:
    for holders, citing in cited:
        sets.join((*holders, *(at for at in citing if notices[at].nature == "planned")))
    begun = {sets.root(at) for at, notice in enumerate(notices) if notice.nature != "planned"}
    following: dict[int, set[int]] = defaultdict(set)
    for holders, citing in cited:
        following[sets.root(holders[0])] |= {sets.root(at) for at in citing}
    for root, roots in [(root, roots - {root}) for root, roots in following.items()]:
        if len(roots) == 1 and root not in begun:
            sets.join((root, *roots))


def _join_reference(notices: Sequence[NoticeFacts], places: Sequence[int], sets: _Sets) -> None:
    """Among notices of one buyer and reference, tie each to the newest call before it whose title
    agrees. Two calls are two contracts, unless two journals published one."""
    if len(places) > MANY:
        return
    calls: dict[frozenset[str], int] = {}
    for at in places:  # from the oldest
        notice = notices[at]
        words = title_words(notice.title)
        best = max((c for w, c in calls.items() if agree(words, w)), default=None)
        if best is not None and _of_one(notices[best], notice):
            sets.join((best, at))
            if notice.nature != "call":
                continue
        if words:
            calls[words] = at


def _join_title(notices: Sequence[NoticeFacts], places: Sequence[int], sets: _Sets) -> None:
    """Among notices of one buyer and title, tie each to the call before it, where there is but one
    that it may be of."""
    if not 1 < len(places) <= SAME_TITLE:
        return
    calls = [at for at in places if notices[at].nature == "call"]
    for at in places:
        longest = AFTER.get(notices[at].nature)
        if longest is not None:
            on = notices[at].published_on
            before = [c for c in calls if timedelta(0) <= on - notices[c].published_on <= longest]
            if len(before) == 1:
                sets.join((before[0], at))


def _of_one(first: NoticeFacts, later: NoticeFacts) -> bool:
    apart = later.published_on - first.published_on
    if later.nature in ("call", "planned"):
        return first.source != later.source and apart <= TWINS
    return apart <= LONGEST


def agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two titles speak of one thing: they share half of the words of the shorter."""
    shared = len(one & other)
    return bool(shared) and shared >= SHARED_WORDS * min(len(one), len(other))
