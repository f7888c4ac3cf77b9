"""What a buyer noted itself, or asked here: what no award notice tells, so that suppliers turn;
pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from annuaire.matching.history import LATELY_YEARS
from annuaire.wording import date_fr, pluriel


@dataclass(frozen=True, slots=True)
class Noted:
    """A purchase that the buyer noted, or a request that it sent (`asked`): to whom (the
    structure's key), what, when."""

    key: str
    title: str
    on: date
    asked: bool = False


def noted_by_key(noted: Iterable[Noted], before: date) -> dict[str, tuple[Noted, ...]]:
    """By structure, what was noted of it up to a day, the newest first."""
    found: dict[str, list[Noted]] = {}
    for each in sorted(noted, key=lambda one: one.on, reverse=True):
        if each.on <= before:
            found.setdefault(each.key, []).append(each)
    return {key: tuple(kept) for key, kept in found.items()}


def lately(noted: Iterable[Noted], day: date, *, asked: bool) -> int:
    """How many of these purchases, or of these requests, are of the last three years, as for award
    notices."""
    return sum(
        each.asked == asked and (day - each.on).days / 365.25 <= LATELY_YEARS for each in noted
    )


def sentences(noted: Iterable[Noted]) -> Iterator[str]:
    """What the buyer is told of a structure of which it noted something, the newest first."""
    bought = [each for each in noted if not each.asked]
    asked = [each for each in noted if each.asked]
    if bought:
        yield (
            f"Vous avez noté {pluriel(len(bought), 'achat')} chez elle, le dernier le "
            f"{date_fr(bought[0].on)} (« {bought[0].title[:80]} ») : sans mise en concurrence, ne "
            "contractez pas toujours avec la même quand plusieurs peuvent répondre (R2122-8, "
            "alinéa 2)."
        )
    if asked:
        yield (
            f"Vous lui avez adressé {pluriel(len(asked), 'demande')}, la dernière le "
            f"{date_fr(asked[0].on)} (« {asked[0].title[:80]} »)."
        )
