"""What the lots that a structure won say of its trade: inferred, with the lots as evidence; pure.

One rule for both who ask: the register (all that was won), and a need (what was won before it).
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final, Protocol

from annuaire.matching.candidates import Held
from annuaire.wording import pluriel

ORIGIN: Final = "won"
#: The most that won lots may say: a declared activity weighs 1. One lot says half of it, each
#: further one half of what was left: 0.45, 0.68, 0.79…
MOST: Final = 0.9
#: A lot counts whole for its surest activity, for half of one for the second: titles hold both.
BY_RANK: Final = (1.0, 0.5)
LEAST: Final = 0.3  # a lone second activity is no proof
SHOWN: Final = 3  # lots named in the evidence
TITLE: Final = 80  # characters of a lot's title in the evidence


class WonLot(Protocol):
    """What is read of a lot that was won; `activities` are codes, surest first."""

    @property
    def title(self) -> str: ...

    @property
    def activities(self) -> Sequence[str]: ...

    @property
    def reference(self) -> str: ...

    @property
    def on(self) -> date: ...


def won_activities(lots: Sequence[WonLot]) -> tuple[Held, ...]:
    """The activities that these lots prove, the heaviest first. Each lot counts once; their order
    does not count."""
    proofs: defaultdict[str, list[tuple[float, WonLot]]] = defaultdict(list)
    for lot in {lot.reference: lot for lot in lots}.values():
        for code, share in zip(lot.activities, BY_RANK, strict=False):
            proofs[code].append((share, lot))
    held = [
        Held(code, ORIGIN, _evidence([lot for _, lot in found]), weight)
        for code, found in proofs.items()
        if (weight := _weight(sum(share for share, _ in found))) >= LEAST
    ]
    return tuple(sorted(held, key=lambda each: (-each.weight, each.code)))


def _weight(lots: float) -> float:
    return round(MOST * (1 - math.pow(0.5, lots)), 3)


def _evidence(lots: Sequence[WonLot]) -> str:
    """« 2 marchés gagnés : Nettoyage de locaux (2020) ; Vitrerie (2019) », the newest first."""
    newest = sorted(lots, key=lambda lot: (-lot.on.toordinal(), lot.reference))
    named = list(dict.fromkeys(f"{_title(lot)} ({lot.on.year})" for lot in newest))
    rest = ["…"] if len(named) > SHOWN else []
    return f"{pluriel(len(lots), 'marché gagné')} : {' ; '.join([*named[:SHOWN], *rest])}"


def _title(lot: WonLot) -> str:
    title = " ".join(lot.title.split())
    return title if len(title) <= TITLE else f"{title[:TITLE].rstrip()}…"
