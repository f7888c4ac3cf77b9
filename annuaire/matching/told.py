"""What a structure says of itself on its page, and what that means for a need; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from annuaire.geo.area_words import area_words
from annuaire.geo.areas import ServiceArea, area_of, why_served
from annuaire.matching.need import Need
from annuaire.wording import date_fr, euros

#: How many days a word on availability is believed, before and after.
AVAILABILITY_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class Told:
    """What a profile says that bears on a need; None or nothing for what it does not say.
    `available` was said on `available_on`; amounts are in € HT."""

    area: ServiceArea | None = None
    available: bool | None = None
    available_on: date | None = None
    amount_min: float | None = None
    amount_max: float | None = None
    ways: tuple[str, ...] = ()
    cocontract: bool | None = None

    def available_at(self, day: date) -> bool:
        """Whether it said that it is available, lately enough for that day."""
        return bool(self.available) and self._lately(day)

    def busy_at(self, day: date) -> bool:
        """Whether it said that it is not, lately enough for that day."""
        return self.available is False and self._lately(day)

    def _lately(self, day: date) -> bool:
        said = self.available_on
        return said is not None and abs((day - said).days) <= AVAILABILITY_DAYS


def told_of(stored: Mapping[str, Any]) -> Told:
    """What the index stores of a profile (search/profile_parts.py)."""
    on = stored.get("available_on")
    return Told(
        area=area_of(stored.get("area")),
        available=_YES_NO.get(stored.get("available", "")),
        available_on=date.fromisoformat(on) if on else None,
        amount_min=stored.get("amount_min"),
        amount_max=stored.get("amount_max"),
        ways=tuple(stored.get("ways", ())),
        cocontract=_YES_NO.get(stored.get("cocontract", "")),
    )


_YES_NO: Final = {"oui": True, "non": False}


def reach(told: Told, own: tuple[float, float] | None, need: Need) -> str | None:
    """How the declared area covers a place of the need, in words; None when it does not, or when
    none is declared."""
    if told.area is None:
        return None
    return next(_covering(told.area, own, need), None)


def _covering(area: ServiceArea, own: tuple[float, float] | None, need: Need) -> Iterator[str]:
    spots = [((spot.lat, spot.lon), spot.code) for spot in need.spots]
    if not spots and need.lat is not None and need.lon is not None:
        yield from filter(None, [why_served(area, own, (need.lat, need.lon), None, None)])
    for point, code in spots:
        if words := why_served(area, own, point, code, None):
            yield words
    for departement in need.departements:
        if words := why_served(area, own, None, None, departement):
            yield words


def told_cautions(told: Told, need: Need, *, reached: bool) -> Iterator[str]:
    """What to beware of, by its own words."""
    placed = need.lat is not None or need.departements
    if told.area is not None and placed and not reached:
        yield f"Le besoin est hors de la zone où elle dit intervenir : {area_words(told.area)}."
    on = told.available_on
    if on and told.busy_at(need.on):
        yield f"Dit ne pas être disponible (le {date_fr(on)}) : demandez-lui quand elle le sera."
    amount = need.amount_eur
    if amount is not None and told.amount_max is not None and amount > told.amount_max:
        yield (
            f"Montant au-dessus de ce qu'elle dit lui convenir ({euros(told.amount_max)} HT au "
            "plus) : pensez à un lot plus petit ou à un groupement."
        )
    if amount is not None and told.amount_min is not None and amount < told.amount_min:
        yield (
            f"Montant en dessous de ce qu'elle dit lui convenir ({euros(told.amount_min)} HT au "
            "moins)."
        )
    if told.ways and need.lent and "lent" not in told.ways:
        yield "Ne dit pas mettre de personnel à disposition : demandez-le-lui."
    if told.ways == ("lent",) and not need.lent:
        yield "Dit ne faire que de la mise à disposition de personnel."
