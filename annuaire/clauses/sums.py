"""What several figures of hours amount to: the sum of the parts, each counted once."""

from collections.abc import Iterator, Sequence

from annuaire.clauses.hours import HoursMention


def total(stated: Sequence[HoursMention]) -> float | None:
    """The hours that mentions of one clause amount to: a figure restated is counted once, a sum of
    others not at all."""
    whole = [mention for mention in stated if not mention.partial] or list(stated)
    paced = {m.hours for m in whole if m.rate and any(_amounts(m, other) for other in whole)}
    whole = [m for m in whole if not (m.rate and m.hours in paced)]
    if not whole:
        return None
    if sums := [mention.hours for mention in whole if mention.total]:
        return max(sums)
    of_others = {place for place in range(len(whole)) if _is_sum(whole, place)}
    told = max((whole[place].hours for place in of_others), default=0.0)
    whole = [m for place, m in enumerate(whole) if m.labelled or place not in of_others]
    kept: list[float] = []
    for mention in whole:
        if mention.worth and kept:
            kept[-1] = max(kept[-1], mention.hours)
        elif mention.hours not in kept or mention.labelled:
            kept.append(mention.hours)
    return max(sum(kept), told)


def _amounts(rate: HoursMention, other: HoursMention) -> bool:
    """Whether a figure tells what so many hours a month or a year come to."""
    if other.rate or other.labelled or other.hours <= rate.hours or other.start < rate.start:
        return False
    return other.hours % rate.hours < 1


def _is_sum(stated: list[HoursMention], at: int) -> bool:
    """Whether a figure is the sum of two or more that follow it, or that stand before it."""
    wanted = stated[at].hours
    after = (stated[place].hours for place in range(at + 1, len(stated)))
    before = (stated[place].hours for place in range(at - 1, -1, -1))
    return _reaches(after, wanted) or _reaches(before, wanted)


def _reaches(values: Iterator[float], wanted: float) -> bool:
    """Whether the first values, two at least, come to what is wanted."""
    reached = 0.0
    for count, value in enumerate(values, start=1):
        reached += value
        if reached - wanted > -1:
            return count > 1 and reached - wanted < 1
    return False
