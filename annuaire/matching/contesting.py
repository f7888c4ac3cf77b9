"""« Pas adaptée parce que… »: what a visitor said of a structure, and how it weighs later; pure.

It lowers the structure for that visitor alone, for needs of the same trade or place when the
reason speaks of these, and never hides it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from annuaire.matching.need import Need
from annuaire.wording import date_fr

Scope = Literal["activity", "departement", "all"]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that can be given: its words, for which needs it counts, points of 100 lost."""

    words: str
    scope: Scope
    points: float


REASONS: Final[Mapping[str, Reason]] = {
    "metier": Reason("n'exerce pas cette activité", "activity", 30.0),
    "lieu": Reason("n'intervient pas dans ce département", "departement", 25.0),
    "moyens": Reason("n'a pas les moyens qu'il faut", "activity", 20.0),
    "experience": Reason("n'a pas convenu la dernière fois", "all", 20.0),
    "injoignable": Reason("ne répond plus, ou a fermé", "all", 40.0),
}
MOST: Final = 30  # kept by a visitor: the newest


@dataclass(frozen=True, slots=True)
class Contest:
    """What a visitor said of a structure (its key) on a day, before a need of this activity and
    département (empty when the need had none)."""

    key: str
    reason: str
    activity: str
    departement: str
    on: date

    @property
    def sentence(self) -> str:
        return f"Vous l'avez dite non adaptée le {date_fr(self.on)} : {REASONS[self.reason].words}."


def counted(contests: Iterable[Contest], need: Need) -> dict[str, Contest]:
    """By structure, what counts for this need: of several, what weighs most."""
    found: dict[str, Contest] = {}
    for contest in contests:
        held = found.get(contest.key)
        if _counts(contest, need) and (held is None or points_lost(held) < points_lost(contest)):
            found[contest.key] = contest
    return found


def points_lost(contest: Contest | None) -> float:
    """Points of 100 that a structure loses."""
    return REASONS[contest.reason].points if contest else 0.0


def _counts(contest: Contest, need: Need) -> bool:
    scope = REASONS[contest.reason].scope
    if scope == "activity":
        return contest.activity in {code for code, _, _ in need.activities[:1]} | {""}
    if scope == "departement":
        return contest.departement in need.departements or not contest.departement
    return True


def added(contests: Iterable[Contest], new: Contest) -> list[Contest]:
    """The contests with a new one, which replaces what was said of that structure for the same
    reason; the newest `MOST`."""
    kept = [c for c in contests if (c.key, c.reason) != (new.key, new.reason)]
    return [*kept, new][-MOST:]


def taken_back(contests: Iterable[Contest], key: str) -> list[Contest]:
    """The contests without those of a structure."""
    return [c for c in contests if c.key != key]
