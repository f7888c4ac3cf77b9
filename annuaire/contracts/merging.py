"""One contract made of its notices; pure.

The newest notice that speaks of something is believed, calls and their corrections before the
notices that only follow them; who won and for how much is told by the newest of all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from annuaire.clauses.findings import ENVIRONMENT, SOCIAL_TYPES
from annuaire.contracts.adopting import adopted
from annuaire.contracts.facts import NoticeFacts
from annuaire.contracts.linking import in_order
from annuaire.contracts.lot_merging import FIRST, MergedLot, merge_lots
from annuaire.contracts.records import REMOVED
from annuaire.contracts.withdrawals import removals, whole_cancelled

#: Part of every notice's hash: contracts are made again when these rules change.
RULES: Final = "merging 3"

CALLING: Final = ("call", "correction")
RESERVED: Final = "reserved_"
UNSPECIFIED: Final = "reserved_unspecified"

ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class MergedContract:
    """A contract as its notices, from the oldest, make it; `believed` has them by authority.
    `in_force` are those that no other replaced, and `findings` theirs, each with the notice that
    it stands in."""

    notices: tuple[NoticeFacts, ...]
    believed: tuple[NoticeFacts, ...]
    in_force: frozenset[str]
    state: str
    outcome: str | None
    lots: tuple[MergedLot, ...]
    findings: tuple[tuple[NoticeFacts, Mapping[str, Any]], ...]

    def place(self, reference: str) -> dict[str, Any]:
        """Where a notice stands among the others, and whether it is in force."""
        position = next(n for n, each in enumerate(self.notices) if each.reference == reference)
        return {"position": position, "in_force": reference in self.in_force}

    @property
    def first(self) -> NoticeFacts:
        """The notice that gives the contract its reference: the first official one that no likeness
        alone brought."""
        named = (n for n in self.notices if n.official and not n.beside)
        return next(named, self.notices[0])

    def said(self, read: Callable[[NoticeFacts], ValueT]) -> ValueT:
        """What the notice that knows best says; what the last one says when none does."""
        value = read(self.first)
        if len(self.believed) == 1:
            return value
        for notice in self.believed:
            if value := read(notice):
                return value
        return value

    @property
    def social(self) -> bool:
        """Whether a notice in force has a social clause, of lots that remain."""
        return any(row["type"] in SOCIAL_TYPES for row in self._standing())

    @property
    def environmental(self) -> bool:
        """Whether a notice in force has an environmental clause, of lots that remain."""
        return any(row["type"] == ENVIRONMENT for row in self._standing())

    def _standing(self) -> Iterator[Mapping[str, Any]]:
        gone = {lot.number for lot in self.lots if lot.state == REMOVED}
        return (row for _, row in self.findings if not row["lots"] or set(row["lots"]) - gone)


def merge(notices: Iterable[NoticeFacts]) -> MergedContract:
    """The contract that these notices make together; what a platform pushed says nothing of a
    contract of which something official is published."""
    everything = in_order(adopted(notices))
    pushed = [notice for notice in everything if not notice.official]
    ordered = tuple(notice for notice in everything if notice.official) or tuple(pushed)
    state, outcome = state_of(ordered)
    lots, numbers = merge_lots(ordered, state, outcome, removals(ordered))
    if state in ("published", "planned") and all(lot.state == REMOVED for lot in lots):
        state, outcome = "cancelled", lots[0].outcome
    valid = in_force(ordered)
    findings = tuple(
        (notice, {**row, "lots": [numbers.get((notice.reference, n), n) for n in row["lots"]]})
        for notice in ordered
        if notice.reference in valid
        for row in notice.findings
    )
    if any(row["type"].startswith(RESERVED) for _, row in findings):
        lots = tuple(replace(lot, reserved=_reserved(lot, findings)) for lot in lots)
    believed = tuple(by_authority(ordered))
    placed = (*pushed, *ordered) if ordered[0].official else ordered
    return MergedContract(placed, believed, valid, state, outcome, lots, findings)


def by_authority(notices: Sequence[NoticeFacts]) -> list[NoticeFacts]:
    """Notices, from the oldest, in the order in which they are believed: the newest first, calls
    and corrections before what follows them, planning notices last but for what only likeness
    brought."""
    newest = notices[::-1]
    return sorted(newest, key=lambda notice: (notice.beside, FIRST.get(notice.nature, 1)))


def state_of(notices: Sequence[NoticeFacts]) -> tuple[str, str | None]:
    """The state of a contract, and why it ended without holder.

    A cancellation ends what was published before it, unless it is of some lots only, and an award
    where no lot found a holder too; a call published since begins again. A correction changes no
    state, unless it takes every lot away.
    """
    natures = {notice.nature for notice in notices}
    calls = [at for at, notice in enumerate(notices) if notice.nature == "call"]
    since = notices[calls[-1] if calls else 0 :]
    for notice in reversed(since):
        if notice.nature == "cancellation" and whole_cancelled(notices, notice):
            return "cancelled", notice.outcome
    awards = [notice for notice in since if notice.tells_results]
    if awards:
        return _awarded(awards)
    if natures & set(CALLING):
        return "published", None
    return ("planned" if "planned" in natures else "unknown"), None


def _awarded(awards: Sequence[NoticeFacts]) -> tuple[str, str | None]:
    if any(lot.awards for notice in awards for lot in notice.lots):
        return "awarded", None
    ends = [notice.outcome or _end_of_lots(notice) for notice in awards]
    if all(ends):
        return "cancelled", ends[-1]
    return "awarded", None


def _end_of_lots(notice: NoticeFacts) -> str | None:
    """How a notice ends all its lots without holder; None when one may have found one."""
    ends = [lot.outcome for lot in notice.lots]
    if not ends or not all(ends):
        return None
    return "unsuccessful" if "unsuccessful" in ends else "abandoned"


def in_force(notices: Sequence[NoticeFacts]) -> frozenset[str]:
    """The references of the notices that no other replaced: one publication in two journals
    counts once, and a planning notice is replaced by the call."""
    begun = any(notice.nature != "planned" for notice in notices)
    seen: set[str] = set()
    kept: set[str] = set()
    for notice in notices:
        twin = bool(seen & set(notice.keys.own))
        seen |= set(notice.keys.own)
        if not twin and not (begun and notice.nature == "planned"):
            kept.add(notice.reference)
    return frozenset(kept)


def _reserved(
    lot: MergedLot, findings: Iterable[tuple[NoticeFacts, Mapping[str, Any]]]
) -> str | None:
    """The reservation that concerns a lot: to whom when one is said, unspecified when several."""
    types = set(_types_of(lot, findings))
    said = types - {UNSPECIFIED}
    if len(said) == 1:
        return said.pop()
    return UNSPECIFIED if types else None


def _types_of(
    lot: MergedLot, findings: Iterable[tuple[NoticeFacts, Mapping[str, Any]]]
) -> Iterator[str]:
    for _, row in findings:
        if row["type"].startswith(RESERVED) and (not row["lots"] or lot.number in row["lots"]):
            yield row["type"]
