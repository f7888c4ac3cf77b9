"""Where an activity has no structure within a radius: by département, and by EPCI in one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import Group, taxonomy
from annuaire.coverage import queries
from annuaire.geo.reach import Floats, inhabited, nearest_km
from annuaire.geo.records import Commune
from annuaire.geo.store import gazetteer
from annuaire.structures.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Gap:
    """One territory: its communes and inhabitants, and those farther than the radius from any
    structure. `median_km` is the distance that half of its inhabitants do not exceed."""

    code: str
    name: str
    structures: int | None
    communes: int
    communes_far: int
    population: int
    population_far: int
    median_km: float | None

    @property
    def share_far(self) -> float:
        """The share of the inhabitants beyond the radius, 0 to 1."""
        return self.population_far / self.population if self.population else 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is within reach of an activity: one row a territory, those with most people beyond
    the radius first."""

    rows: tuple[Gap, ...]
    structures: int

    @property
    def population(self) -> int:
        return sum(row.population for row in self.rows)

    @property
    def population_far(self) -> int:
        return sum(row.population_far for row in self.rows)


def coverage(
    session: Session,
    activity: str,
    radius_km: float,
    day: date,
    *,
    family: str = "",
    departement: str = "",
) -> Coverage:
    """The gaps of an activity (a leaf, or a group: any of its leaves) by département; by EPCI
    when a département is given. `family` limits to structures that hold one of its statuses."""
    codes, kinds = _codes(activity), _kinds(family)
    rows = session.execute(queries.points(codes, kinds, day)).all()
    by_departement = {
        code or "": number for code, number in session.execute(queries.counts(codes, kinds, day))
    }
    distances = nearest_km(tuple((lat, lon) for lat, lon in rows))
    if departement:
        gaps = _gaps(
            distances,
            radius_km,
            lambda c: (c.epci or "") if c.departement == departement else None,
            lambda code: _epci_name(code),
            {},
        )
    else:
        gaps = _gaps(
            distances, radius_km, lambda c: c.departement, _departement_name, by_departement
        )
    ranked = sorted(gaps, key=lambda gap: (-gap.population_far, gap.name))
    total = by_departement.get(departement, 0) if departement else sum(by_departement.values())
    return Coverage(tuple(ranked), total)


def counts_by_activity(session: Session) -> dict[str, tuple[int, int]]:
    """By activity: how many structures, and in how many départements."""
    rows = session.execute(queries.counts_by_activity())
    return {code: (number, departements) for code, number, departements in rows}


def _codes(activity: str) -> list[str]:
    node = taxonomy().get(activity)
    return [leaf.code for leaf in node.leaves] if isinstance(node, Group) else [activity]


def _kinds(family: str) -> list[str]:
    return [kind.code for kind in KINDS.values() if kind.family == family]


def _gaps(
    distances: Floats,
    radius_km: float,
    territory_of: Callable[[Commune], str | None],
    name_of: Callable[[str], str],
    structures: dict[str, int],
) -> Iterable[Gap]:
    land = inhabited()
    members: dict[str, list[int]] = {}
    for position, commune in enumerate(land.communes):
        code = territory_of(commune)
        if code is not None:
            members.setdefault(code, []).append(position)
    for code, positions in members.items():
        people, km = land.population[positions], distances[positions]
        far = km > radius_km
        yield Gap(
            code=code,
            name=name_of(code),
            structures=structures.get(code, 0) if structures else None,
            communes=len(positions),
            communes_far=int(far.sum()),
            population=int(people.sum()),
            population_far=int(people[far].sum()),
            median_km=_median(km, people),
        )


def _median(km: Floats, people: "np.typing.NDArray[np.int64]") -> float | None:
    """The distance that half of the people do not exceed; None where nobody is within reach."""
    order = np.argsort(km)
    below = np.cumsum(people[order])
    if not below.size or not below[-1]:
        return None
    median = float(km[order][np.searchsorted(below, below[-1] / 2)])
    return median if np.isfinite(median) else None


def _departement_name(code: str) -> str:
    found = gazetteer().departement(code)
    return found.name if found else code


def _epci_name(siren: str) -> str:
    found = gazetteer().epci(siren)
    return found.name if found else "Communes hors intercommunalité"
