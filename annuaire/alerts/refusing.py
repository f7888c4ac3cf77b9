"""« Pas pour nous »: what a subscription said, and what it leaves out of what is found; pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from annuaire.contracts.models import Contract

CONTRACT, ACTIVITY, BUYER = "contract", "activity", "buyer"
COST: Final = 5.0  # points that each refused contract of an activity takes off a lot of it
MOST_LOST: Final = 15.0


@dataclass(slots=True)
class Refused:
    """What a subscription no longer wants: references, codes, keys of buyers; and in how many
    refused contracts each activity stood."""

    contracts: set[str] = field(default_factory=set)
    activities: set[str] = field(default_factory=set)
    buyers: set[str] = field(default_factory=set)
    counts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def excludes(self, contract: Contract, references: Iterable[str]) -> bool:
        """Whether nothing of a contract is to be told: it was refused under one of its references,
        its buyer was, or all its activities were."""
        if contract.buyer.key in self.buyers or not self.contracts.isdisjoint(references):
            return True
        codes = main_activities(contract)
        return bool(codes) and self.activities.issuperset(codes)

    def lost(self, activities: Sequence[str]) -> float:
        """The points that a lot loses for its likeness to refused contracts."""
        return min(MOST_LOST, COST * max((self.counts[code] for code in activities), default=0))


def main_activities(contract: Contract) -> list[str]:
    """The surest activity of each lot, each once."""
    lots = contract.standing_lots
    return list(dict.fromkeys(lot.activities[0][0] for lot in lots if lot.activities))


def by_subscription(rows: Iterable[Any]) -> defaultdict[int, Refused]:
    """What each subscription refused (`queries.refusals_of`)."""
    found: defaultdict[int, Refused] = defaultdict(Refused)
    for row in rows:
        refused = found[row.subscription_id]
        match row.subject:
            case "contract":
                refused.contracts.add(row.value)
            case "activity":
                refused.activities.add(row.value)
            case _:
                refused.buyers.add(row.value)
        for code in row.activities:
            refused.counts[code] += 1
    return found
