"""Where each shown value of a structure comes from, and what its other sources say; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from annuaire.runs import ImportRun
from annuaire.structures.alike import alike, said_of, same_place
from annuaire.structures.decided import OWN_SOURCE
from annuaire.structures.decision_models import StructureDecision
from annuaire.structures.fields import LABELS
from annuaire.structures.models import SourceRecord, Structure


@dataclass(frozen=True, slots=True)
class Other:
    """What another living source says of a field, differently."""

    source: str
    value: str


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """A shown field: `source` is None for what was worked out here; `run_id` the reading that last
    changed it (the decision's number when the structure corrected it); `said_at` when that was."""

    field: str
    value: str
    source: str | None
    run_id: int | None
    said_at: datetime | None
    others: tuple[Other, ...]

    @property
    def corrected(self) -> bool:
        """Whether the structure or a moderator gave this value."""
        return self.source == OWN_SOURCE


def origins_of(
    structure: Structure,
    records: Sequence[SourceRecord],
    runs: Mapping[int, ImportRun],
    decisions: Sequence[StructureDecision],
) -> list[FieldOrigin]:
    """Every field that the structure's page shows, in its order; a hidden one is not among them."""
    living = [record for record in records if record.ended_on is None]
    decided_at = {decision.id: decision.decided_at for decision in decisions}
    return [*_origins(structure, living, runs, decided_at)]


def _origins(
    structure: Structure,
    living: Sequence[SourceRecord],
    runs: Mapping[int, ImportRun],
    decided_at: Mapping[int, datetime],
) -> Iterator[FieldOrigin]:
    for field in LABELS:
        if getattr(structure, field) is None:
            continue
        source, number = structure.origins.get(field, (None, None))
        if source == OWN_SOURCE:
            said_at = decided_at.get(number)
        else:
            said_at = runs[number].started_at if number in runs else None
        values = {name: getattr(structure, name) for name in ("lat", "lon", "geo_precision")}
        values[field] = getattr(structure, field)
        others = _others(field, values, source, living)
        yield FieldOrigin(field, worded(field, values), source, number, said_at, tuple(others))


def _others(
    field: str, shown: dict[str, Any], source: str | None, living: Sequence[SourceRecord]
) -> Iterator[Other]:
    """Each other source that says something else, each of its values once."""
    told: set[tuple[str, str]] = set()
    for record in living:
        value = said_of(field, record.data)
        if record.source == source or value is None:
            continue
        same = (
            same_place(shown, record.data) if field == "lat" else alike(field, shown[field], value)
        )
        line = (record.source, worded(field, record.data))
        if not same and line not in told:
            told.add(line)
            yield Other(*line)


def worded(field: str, data: Mapping[str, Any]) -> str:
    """A field's value as text; the position as « 50.63000 ; 3.06000 » (latitude; longitude)."""
    if field == "lat":
        return f"{data['lat']:.5f} ; {data['lon']:.5f}"
    return str(data[field])
