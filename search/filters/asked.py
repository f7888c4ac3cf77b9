"""What a user asks, checked, and the query that it makes for the engine."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from annuaire.geo.places import Place
from search.engine import Circle, Filter, Query, Terms
from search.filters.kinds import Chosen, InputError


@dataclass(frozen=True, slots=True)
class Search:
    """What a user asks, checked: values that could not be used are in `errors`, and left out.
    `place_note` says how the place was understood, when that is not plain."""

    text: str
    place: Place | None
    radius_km: float | None
    chosen: tuple[Chosen, ...]
    sort: str
    page: int
    errors: tuple[InputError, ...]
    place_note: str | None = None

    def query(
        self,
        today: date,
        *,
        facets: tuple[str, ...] = (),
        per_page: int = 20,
        extra: tuple[Filter, ...] = (),
        territory_field: str = "departement",
    ) -> Query:
        """The query for the engine: a place with a radius is a circle, a territory a filter."""
        filters = [*extra, *self._by_kind(today)]
        circle, origin = None, None
        if self.place:
            if self.place.lat is not None and self.place.lon is not None:
                origin = (self.place.lat, self.place.lon)
            if self.radius_km is not None and origin:
                circle = Circle(*origin, self.radius_km)
            else:
                filters.append(_within(self.place, territory_field))
        return Query(
            text=self.text,
            filters=tuple(filters),
            circle=circle,
            origin=origin,
            facets=facets,
            sort=self.sort if self.sort != "distance" or origin else "relevance",
            offset=(self.page - 1) * per_page,
            limit=per_page,
            day=today.isoformat(),
        )

    def _by_kind(self, today: date) -> Iterable[Filter]:
        values: dict[str, list[Chosen]] = {}
        for chosen in self.chosen:
            values.setdefault(chosen.kind.key, []).append(chosen)
        for group in values.values():
            kind = group[0].kind
            asked = [value for chosen in group for value in chosen.means or (chosen.value,)]
            built = kind.build(kind.field, asked, today)
            if built is not None:
                yield built


def _within(place: Place, territory_field: str) -> Filter:
    """An intercommunalité is finer than the départements that it touches."""
    if place.kind == "epci":
        return Terms("epci", (place.code,))
    return Terms(territory_field, tuple(place.departements))
