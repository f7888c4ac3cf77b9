"""What matching knows of a structure, read from what the search index stores of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast

from annuaire.matching.told import Told, told_of


class Held(NamedTuple):
    """An activity of a structure; origin, evidence and weight as in StructureActivity."""

    code: str
    origin: str
    evidence: str
    weight: float


class Won(NamedTuple):
    """A lot that the structure won: known since `on`; `reference` is « contract#lot », the buyer's
    key is `annuaire.matching.buyers.buyer_identity`."""

    on: date
    activities: tuple[str, ...]
    departement: str | None
    buyer_key: str
    buyer_name: str
    title: str
    reference: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A structure as matching sees it. `key` is its present address, `told` what its profile
    says, when it has one, `until` the last day (ISO) of each kind of which one is known."""

    key: str
    name: str
    kinds: tuple[str, ...]
    activities: tuple[Held, ...] = ()
    siret: str | None = None
    brand: str | None = None
    city: str | None = None
    code_insee: str | None = None
    departement: str | None = None
    region: str | None = None
    naf: str | None = None
    employees_range: str | None = None
    lat: float | None = None
    lon: float | None = None
    wins: tuple[Won, ...] = ()
    told: Told | None = None
    until: tuple[tuple[str, str], ...] = ()

    @property
    def point(self) -> tuple[float, float] | None:
        """Where it stands (lat, lon), when that is known."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)

    @property
    def shown_name(self) -> str:
        return self.brand or self.name


def from_stored(stored: Mapping[str, Any], wins: Sequence[Won] = ()) -> Candidate:
    """The candidate of a document's `_stored` (search.documents.structure_document), with the lots
    that it won.

    Only a name is needed: what the document does not hold is unknown. Activities inferred from
    lots that were won are left out: which lots may teach depends on the need's day (`meet`).
    """
    name, told = str(stored["name"]), stored.get("told")
    get = stored.get
    siret = get("siret")
    return Candidate(
        key=str(get("key") or siret or get("id") or name),
        name=name,
        kinds=tuple(get("kinds", ())),
        activities=tuple(map(Held._make, _known_otherwise(stored))),
        siret=siret,
        brand=get("brand"),
        city=get("city"),
        code_insee=get("code_insee"),
        departement=get("departement"),
        region=get("region"),
        naf=get("naf"),
        employees_range=get("employees_range"),
        lat=get("lat"),
        lon=get("lon"),
        wins=tuple(wins),
        told=None if told is None else told_of(told),
        until=tuple((kind, day) for kind, day in get("until", ())),
    )


def _known_otherwise(stored: Mapping[str, Any]) -> Iterable[Iterable[Any]]:
    """The activities of a document, those that won lots alone prove left out."""
    known = stored.get("without_wins")
    return cast(Iterable[Iterable[Any]], stored.get("activities", ()) if known is None else known)
