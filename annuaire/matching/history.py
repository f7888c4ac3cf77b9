"""The features of what a structure won before: lots of this kind, any lot, this buyer's lots."""

from math import exp, log
from typing import Final

from annuaire.matching.candidates import Won
from annuaire.matching.meeting import NOTHING, Asked, Met, Said, name_stems
from annuaire.wording import date_fr, pluriel


def won_alike(asked: Asked, met: Met) -> Said:
    """Lots of this kind already won, the newer the better: three recent ones say it all."""
    if not met.wins:
        return NOTHING
    alike = [(won, _alike(asked, won)) for won in met.wins]
    kept = [(won, close) for won, close in alike if close >= 0.4]
    if not kept:
        return NOTHING
    total = sum(close * exp(-_years(asked, won) / 4) for won, close in kept)
    last = max((won for won, _ in kept), key=lambda won: won.on)
    score = min(1.0, 0.6 + 0.2 * (total - 1)) if total > 1 else 0.6 * total
    return (
        score,
        lambda: (
            f"A déjà gagné {pluriel(len(kept), 'lot')} de ce genre, le dernier pour "
            f"{last.buyer_name} (avis du {date_fr(last.on)})."
        ),
    )


def _alike(asked: Asked, won: Won) -> float:
    near = [close.get(other, 0.0) for close in asked.alike for other in won.activities[:2]]
    shared = asked.stems & name_stems(won.title)
    overlap = len(shared) / max(4, len(asked.stems))
    return min(1.0, max([*near, 0.0]) * 0.8 + overlap)


def _years(asked: Asked, won: Won) -> float:
    return (asked.need.on - won.on).days / 365.25


def won_any(asked: Asked, met: Met) -> Said:
    """Public contracts already won, whatever their kind: it knows how to answer."""
    if not met.wins:
        return NOTHING
    count = len(met.wins)
    score = min(1.0, 0.5 + log(count) / 4)
    return score, lambda: f"A déjà gagné {pluriel(count, 'lot public')}."


def served(asked: Asked, met: Met) -> Said:
    """The same buyer's former lots. Worth nothing where the buyer chooses without competition: it
    must then not always take the same (R2122-8, second paragraph)."""
    count = len(met.former)
    if not count or asked.need.without_competition:
        return NOTHING
    return min(
        1.0, 0.7 + 0.15 * (count - 1)
    ), lambda: f"A déjà gagné {pluriel(count, 'lot')} chez cet acheteur."


def lately_from_buyer(asked: Asked, met: Met) -> int:
    """How many lots this buyer gave it in the last three years: who was taken less comes first
    among equals."""
    return sum(_years(asked, won) <= LATELY_YEARS for won in met.former)


LATELY_YEARS: Final = 3.0
