"""The lots of a contract, made of what each of its notices says of them; pure.

Lots are one when they have one number, else one title. A notice that lists some lots only speaks
of those: the others stay. Of each fact, the newest notice that speaks is believed, and named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import count
from typing import Any, Final

from annuaire.contracts import amounts
from annuaire.contracts.facts import AMOUNT_KINDS, LotFacts, NoticeFacts
from annuaire.contracts.records import REMOVED
from annuaire.contracts.withdrawals import Removals
from annuaire.words import title_key

#: Facts told best by the calls and their corrections.
TOLD_BY_CALLS: Final = (
    "title", "description", "cpv", "cpvs", "nuts", "departement", "code_insee", "city", "place",
    "deadline", "activities",
)  # fmt: skip
#: The order in which notices are believed, by nature: calls, what follows them (1), plans.
FIRST: Final = {"call": 0, "correction": 0, "planned": 2}

Numbers = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class MergedLot:
    """A lot of a contract; fields as in `models.Lot`."""

    number: str
    title: str
    origin: str
    state: str
    outcome: str | None = None
    description: str | None = None
    cpv: str | None = None
    cpvs: tuple[str, ...] = ()
    nuts: str | None = None
    departement: str | None = None
    code_insee: str | None = None
    city: str | None = None
    place: str | None = None
    deadline: datetime | None = None
    amounts: Mapping[str, float] = field(default_factory=dict)
    activities: tuple[Any, ...] = ()
    awards: tuple[Mapping[str, Any], ...] = ()
    reserved: str | None = None
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def amount(self) -> tuple[float | None, str | None]:
        """The surest amount in € HT, a likely one where there is one, and its kind."""
        return amounts.best(self.amounts)

    @property
    def absurd(self) -> bool:
        """Whether an amount that was published cannot be meant."""
        return any(map(amounts.unlikely, self.amounts.values()))


@dataclass(slots=True)
class _Told:
    """A lot with what each notice, from the oldest, says of it."""

    number: str | None
    place: tuple[int, int] = (0, 0)  # of the first notice that names it, and within that notice
    titles: set[str] = field(default_factory=set)
    by: list[tuple[NoticeFacts, LotFacts]] = field(default_factory=list)


def merge_lots(
    notices: Sequence[NoticeFacts], state: str, outcome: str | None, gone: Removals
) -> tuple[tuple[MergedLot, ...], Numbers]:
    """The lots of a contract whose notices come from the oldest, `gone` being those that were taken
    away; and, by a notice's reference and the number that it gives a lot, the number that the
    contract gives it."""
    told = _whole(notices) if not any(n.named_lots for n in notices) else _gathered(notices)
    _number(told)
    numbers = {
        (notice.reference, lot.number): each.number or lot.number
        for each in told
        for notice, lot in each.by
    }
    many = len(notices) > 1
    lots = (_merged(each, notices, state, outcome, many=many) for each in told)
    return tuple(_taken_away(lot, gone, state) for lot in lots), numbers


def _taken_away(lot: MergedLot, gone: Removals, state: str) -> MergedLot:
    """The lot as removed, by the notice that takes it away; the end of a whole contract is not that
    of one lot."""
    by, why = gone.get(lot.number, (None, None))
    if by is None or lot.awards or lot.origin == "notice" or state == "cancelled":
        return lot
    end = why if why != REMOVED else None
    return replace(lot, state=REMOVED, outcome=end, sources={**lot.sources, "removed": by})


def _whole(notices: Sequence[NoticeFacts]) -> list[_Told]:
    """The one lot of a contract whose notices name none."""
    by = [(notice, lot) for notice in notices for lot in notice.lots]
    return [_Told("1", by=by)]


def _gathered(notices: Sequence[NoticeFacts]) -> list[_Told]:
    known = _Known()
    for rank, notice in enumerate(notices):
        known.taken = set()
        # Numbers first: a lot without one may be any of those left.
        for at, lot in sorted(enumerate(notice.named_lots), key=lambda each: not each[1].numbered):
            known.take(notice, lot, (rank, at))
    told = sorted(known.told, key=lambda each: each.place)
    if len(told) == 1:
        told[0].by = [(n, lot) for n in notices for lot in _of_one(n, told[0])]
    return told


class _Known:
    """The lots met so far, by number and by title; `taken` in the notice that is being read."""

    def __init__(self) -> None:
        self.told: list[_Told] = []
        self.taken: set[int] = set()
        self._by_number: dict[str, _Told] = {}
        self._by_title: dict[str, list[_Told]] = {}

    def take(self, notice: NoticeFacts, lot: LotFacts, place: tuple[int, int]) -> None:
        """Add what a notice says of a lot to the lot that it is, or to a new one."""
        title = title_key(lot.title)
        found = self._find(lot, title)
        if found is None:
            found = _Told(None, place)
            self.told.append(found)
        self.taken.add(id(found))
        found.by.append((notice, lot))
        if lot.numbered and found.number is None and lot.number not in self._by_number:
            found.number = lot.number
            self._by_number[lot.number] = found
        if title not in found.titles:
            found.titles.add(title)
            self._by_title.setdefault(title, []).append(found)

    def _find(self, lot: LotFacts, title: str) -> _Told | None:
        numbered = self._by_number.get(lot.number) if lot.numbered else None
        if numbered is not None:
            return numbered if id(numbered) not in self.taken else None
        for one in self._by_title.get(title, ()):
            if id(one) not in self.taken and not (lot.numbered and one.number):
                return one
        return None


def _of_one(notice: NoticeFacts, told: _Told) -> Sequence[LotFacts]:
    """A notice that names no lot speaks of the only one that there is."""
    return notice.lots if not notice.named_lots else [lot for n, lot in told.by if n is notice]


def _number(told: Sequence[_Told]) -> None:
    """Give the first free numbers to the lots that no notice numbers."""
    taken = {each.number for each in told}
    free = (str(n) for n in count(1) if str(n) not in taken)
    for each in told:
        each.number = each.number or next(free)


def _merged(
    told: _Told, notices: Sequence[NoticeFacts], state: str, outcome: str | None, *, many: bool
) -> MergedLot:
    newest = told.by[::-1]
    calls = sorted(newest, key=lambda each: (each[0].beside, FIRST.get(each[0].nature, 1)))
    facts: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name in TOLD_BY_CALLS:
        for notice, lot in calls:
            if value := getattr(lot, name):
                facts[name], sources[name] = value, notice.reference
                break
    found: dict[str, float] = {}
    for kind in AMOUNT_KINDS:
        for notice, lot in newest:
            if value := lot.amounts.get(kind):
                found[kind], sources[kind] = value, notice.reference
                break
    awards, end, by = next(_results(newest, notices[0].published_on), ((), None, None))
    if by:
        sources["awards"] = by
    return MergedLot(
        number=told.number or "1",
        origin=min((lot.origin for _, lot in told.by), key=("field", "text", "notice").index),
        state=_state(told, notices, state, bool(awards), end),
        outcome=end or (outcome if not awards else None),
        amounts=found,
        awards=awards,
        sources=sources if many else {},
        **facts,
    )


def _results(
    newest: Sequence[tuple[NoticeFacts, LotFacts]], first: date
) -> Iterator[tuple[tuple[Mapping[str, Any], ...], str | None, str]]:
    """What the notices say of who won the lot, the newest first: the holders, or why none. A holder
    was not known before the notice that names it, which may be long after the `first` one."""
    for notice, lot in newest:
        if lot.awards or lot.outcome:
            told = {"published_on": notice.published_on.isoformat()}
            if notice.published_on == first:
                told = {}
            awards = tuple({**told, **award} for award in lot.awards)
            yield awards, lot.outcome if not awards else None, notice.reference


def _state(
    told: _Told, notices: Sequence[NoticeFacts], state: str, won: bool, end: str | None
) -> str:
    """A lot's own state, where some lots of a contract are awarded before others."""
    if won:
        return "awarded" if state != "cancelled" else state
    if end:
        return "cancelled"
    if state != "awarded":
        return state
    awarding = [n for n in notices if n.tells_results]
    spoken = {id(notice) for notice, _ in told.by}
    named = any(not n.named_lots or id(n) in spoken for n in awarding)
    return "awarded" if named else "published"
