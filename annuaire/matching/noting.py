"""Purchases that a buyer noted itself: what no award notice tells, so that suppliers turn; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from annuaire.matching.history import LATELY_YEARS
from annuaire.wording import date_fr, pluriel


@dataclass(frozen=True, slots=True)
class Noted:
    """A purchase that the buyer noted: from whom (the structure's key), what, when."""

    key: str
    title: str
    on: date


def noted_by_key(noted: Iterable[Noted], before: date) -> dict[str, tuple[Noted, ...]]:
    """By structure, what was noted of it before a day, the newest first."""
    found: dict[str, list[Noted]] = {}
    for each in sorted(noted, key=lambda one: one.on, reverse=True):
        if each.on <= before:
            found.setdefault(each.key, []).append(each)
    return {key: tuple(kept) for key, kept in found.items()}


def lately(noted: Iterable[Noted], day: date) -> int:
    """How many of these purchases are of the last three years, as for award notices."""
    return sum((day - each.on).days / 365.25 <= LATELY_YEARS for each in noted)


def sentence(noted: tuple[Noted, ...]) -> str:
    """What the buyer is told of a structure from which it noted purchases, the newest first."""
    last = noted[0]
    return (
        f"Vous avez noté {pluriel(len(noted), 'achat')} chez elle, le dernier le "
        f"{date_fr(last.on)} (« {last.title[:80]} ») : sans mise en concurrence, ne contractez pas "
        "toujours avec la même quand plusieurs peuvent répondre (R2122-8, alinéa 2)."
    )
