"""Which award of the essential data (DECP) and which award notice are of one contract, where no key
says so; pure.

Both are of one buyer, by its SIREN. Each feature gives points and the words that say why, or bars
the pair. A pair holds with `LEAST` points, when no other pair of either side comes near (docs/
decisions/0029): two like orders of one month are told apart by nothing, and stay apart.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from annuaire.contracts.amounts import unlikely
from annuaire.contracts.keys import title_words
from annuaire.contracts.linking import agree
from annuaire.wording import euros, pluriel

LEAST: Final = 85  # points, of 110: buyer, amount, name and day alone do not make it
MARGIN: Final = 10  # points by which the best pair must lead another
NEAR: Final = 0.005  # of the amount
ROUND_EUR: Final = 10_000  # a multiple of it may be the ceiling of many contracts
AFTER, BEFORE = 180, 90  # days: notified so long after the award was decided, or before
SOON: Final = 7
MANY: Final = 200  # awards of a buyer with one amount, or one holder, from which it tells nothing
PUBLISHED_BY: Final = 120  # days after the notification, where the notice names no day


@dataclass(frozen=True, slots=True)
class Award:
    """One lot and one who holds it, as a notice says it. `holder` is the comparable name, `siren`
    the holder's; `on` the day of the award, `published_on` the notice's; `amount_eur` in € HT;
    `title` is None where none was published."""

    reference: str
    lot: str
    title: str | None
    holder: str
    siren: str | None
    amount_eur: float | None
    on: date | None
    published_on: date
    cpv: str | None


class Match(NamedTuple):
    """An award of the essential data with the lot of the notice that it is of, and why."""

    essential: str
    official: str
    lot: str
    score: int
    reasons: tuple[str, ...]


Said = tuple[int, str] | None  # points and words; None bars the pair


def _amount(one: Award, other: Award) -> Said:
    mine, theirs = one.amount_eur, other.amount_eur
    if mine is None or theirs is None:
        return 0, ""
    if abs(mine - theirs) <= 1:
        if mine % ROUND_EUR == 0:
            return 25, f"même montant rond ({euros(mine)} HT)"
        return 35, f"même montant ({euros(mine)} HT)"
    if abs(mine - theirs) <= NEAR * max(mine, theirs):
        return 25, f"montants voisins ({euros(mine)} et {euros(theirs)} HT)"
    return None


def _holder(one: Award, other: Award) -> Said:
    if one.siren and other.siren:
        return (35, f"même titulaire (SIREN {one.siren})") if one.siren == other.siren else None
    if one.holder and one.holder == other.holder:
        return 30, "même nom de titulaire"
    shared = {w for w in one.holder.split() if len(w) > 3} & set(other.holder.split())
    return (10, f"noms de titulaires proches ({', '.join(sorted(shared))})") if shared else None


def _day(one: Award, other: Award) -> Said:
    notified = one.on or one.published_on
    if other.on is None:
        late = (other.published_on - notified).days
        return (8, "avis publié après la notification") if 0 <= late <= PUBLISHED_BY else None
    apart = (notified - other.on).days
    if abs(apart) <= SOON:
        return 15, "même date" if apart == 0 else f"dates à {pluriel(abs(apart), 'jour')} près"
    if -30 <= apart <= BEFORE:
        return 10, f"dates à {abs(apart)} jours près"
    return (3, f"dates à {abs(apart)} jours près") if -BEFORE <= apart <= AFTER else None


def _cpv(one: Award, other: Award) -> Said:
    if not one.cpv or not other.cpv:
        return 0, ""
    if one.cpv == other.cpv:
        return 10, f"même code CPV ({one.cpv})"
    if one.cpv[:5] == other.cpv[:5]:
        return 8, "codes CPV voisins"
    return (4, "même division CPV") if one.cpv[:2] == other.cpv[:2] else (-15, "")


def _title(one: Award, other: Award) -> Said:
    if not one.title or not other.title:
        return 0, ""
    mine, theirs = title_words(one.title), title_words(other.title)
    shared = len(mine & theirs)
    if shared > 1 and shared == min(len(mine), len(theirs)):
        return 15, "intitulés semblables"  # all the words of one are in the other
    return (0, "") if agree(mine, theirs) else (-15, "")  # « … à Rimaucourt », « … à Bourg »


FEATURES: Final[tuple[Callable[[Award, Award], Said], ...]] = (
    _amount, _holder, _day, _cpv, _title,
)  # fmt: skip


def scored(essential: Award, official: Award) -> tuple[int, tuple[str, ...]] | None:
    """The points of a pair and why, or None when something bars it."""
    points, reasons = 0, ["même acheteur (SIREN)"]
    for feature in FEATURES:
        said = feature(essential, official)
        if said is None:
            return None
        points += said[0]
        reasons += [said[1]] if said[1] else []
    return points, tuple(reasons)


class _Index:
    """The awards of one buyer's notices, by what a pair needs: an amount or a holder."""

    def __init__(self, awards: Sequence[Award]) -> None:
        known = [(a.amount_eur, n) for n, a in enumerate(awards) if a.amount_eur is not None]
        self._amounts = sorted(known)
        self._awards = awards
        self._holders: dict[str, list[int]] = defaultdict(list)
        self._blank: dict[str, list[int]] = defaultdict(list)  # those that tell no amount
        for at, award in enumerate(awards):
            for name in filter(None, (award.siren, award.holder)):
                self._holders[name].append(at)
                if award.amount_eur is None:
                    self._blank[name].append(at)

    def near(self, one: Award) -> Iterator[Award]:
        """Those of its amount; those of its holder, where one of both tells no amount. None where
        they are too many to tell anything: the work grows with the awards, not with their pairs."""
        found: set[int] = set()
        if one.amount_eur is not None:
            slack = max(1.0, NEAR * one.amount_eur)
            low = bisect_left(self._amounts, (one.amount_eur - slack, -1))
            high = bisect_right(self._amounts, (one.amount_eur + slack, len(self._awards)))
            if high - low > MANY:
                return iter(())
            found = {at for _, at in self._amounts[low:high]}
        for name in filter(None, (one.siren, one.holder)):
            found.update((self._holders if one.amount_eur is None else self._blank).get(name, ()))
        return (self._awards[at] for at in sorted(found)) if len(found) <= MANY else iter(())


def matches(
    essential: Iterable[Award],
    official: Sequence[Award],
    contract_of: Callable[[str], object],
    apart: Collection[tuple[str, str]] = (),
) -> list[Match]:
    """The pairs that hold among one buyer's awards, each award once; `contract_of` says of which
    contract a notice is, `apart` are pairs of notices that a person parted."""
    index = _Index(official)
    pairs = [
        (result[0], one, other, result[1])
        for one in essential
        if one.amount_eur is None or not unlikely(one.amount_eur)
        for other in index.near(one)
        if (one.reference, other.reference) not in apart
        and (result := scored(one, other)) is not None
        and result[0] >= LEAST - MARGIN
    ]
    pairs.sort(key=lambda p: (-p[0], p[1].reference, p[2].reference, p[2].lot, p[2].holder))
    rivals = _Rivals(pairs, contract_of)
    done: set[str] = set()
    taken: set[tuple[str, str, str]] = set()
    found: list[Match] = []
    for points, one, other, reasons in pairs:
        slot = (other.reference, other.lot, other.holder)
        if points < LEAST or one.reference in done or slot in taken:
            continue
        if not rivals.near(points, one, other):
            done.add(one.reference)
            taken.add(slot)
            found.append(Match(one.reference, other.reference, other.lot, points, reasons))
    return found


Pair = tuple[int, Award, Award, tuple[str, ...]]


class _Rivals:
    """Whether another pair is about as good: another contract for the one, or another award of the
    essential data for the same lot and holder."""

    def __init__(self, pairs: Iterable[Pair], contract_of: Callable[[str], object]) -> None:
        self._contract_of = contract_of
        self._of_one: dict[str, list[tuple[int, object]]] = defaultdict(list)
        self._of_slot: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
        for points, one, other, _ in pairs:
            self._of_one[one.reference].append((points, contract_of(other.reference)))
            slot = (other.reference, other.lot, other.holder)
            self._of_slot[slot].append((points, one.reference))

    def near(self, points: int, one: Award, other: Award) -> bool:
        least = points - MARGIN
        contract = self._contract_of(other.reference)
        elsewhere = any(p > least and c != contract for p, c in self._of_one[one.reference])
        slot = (other.reference, other.lot, other.holder)
        return elsewhere or any(p > least and r != one.reference for p, r in self._of_slot[slot])
