"""One structure out of what its sources say, field by field; pure.

The most trusted source that knows a field wins; the others stay visible as provenance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from annuaire.activities.classify import from_naf, from_name
from annuaire.activities.taxonomy import taxonomy
from annuaire.structures.decided import NOTHING, Decided, apply_decisions

#: Smaller is more trusted: a directory that grants a status, then samples, then what enriches.
#: What the structure itself corrected (`decided.OWN_SOURCE`) stands above them all.
TRUST: Final = {
    "siae": 10,
    "geiq": 10,
    "esat": 10,
    "ea": 10,
    "ea_finess": 15,
    "esus": 20,
    "exemple": 90,
}

FIELDS: Final = (
    "finess", "name", "brand", "address", "postcode", "city", "code_insee", "departement",
    "lat", "lon", "geo_precision", "naf", "legal_form", "website", "phone", "email",
    "employees_range", "description",
)  # fmt: skip

#: Taken together from one source: half an address from each would be nobody's address.
GROUPS: Final = (
    ("address", "postcode", "city", "code_insee", "departement"),
    ("lat", "lon", "geo_precision"),
)

INFERRED_WEIGHT: Final = {"naf": 0.6, "name": 0.7, "text": 0.7}
DECLARED_WEIGHT: Final = 1.0


@dataclass(frozen=True, slots=True)
class Said:
    """What one source said of a structure, in the run that last changed it."""

    source: str
    source_key: str
    run_id: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Merged:
    """A structure's values, where each comes from, its statuses and its activities."""

    values: dict[str, Any]
    origins: dict[str, tuple[str, int]]
    statuses: dict[tuple[str, str], tuple[date | None, date | None]]
    activities: dict[str, tuple[str, str, float]]  # code: (origin, evidence, weight)


def merge(said: Sequence[Said], decided: Decided = NOTHING) -> Merged:
    """Merge the living records of one structure; the order in which they came does not count.
    What people decided stands above what sources say, at each reading again."""
    ranked = sorted(said, key=lambda s: (TRUST.get(s.source, 50), s.source, s.source_key))
    values: dict[str, Any] = dict.fromkeys(FIELDS)
    origins: dict[str, tuple[str, int]] = {}
    grouped = {field: group for group in GROUPS for field in group}
    for record in ranked:
        for field in FIELDS:
            value = record.data.get(field)
            if value is None or values[field] is not None:
                continue
            group = grouped.get(field, ())
            if any(origins.get(f, (record.source,))[0] != record.source for f in group):
                continue
            values[field] = value
            origins[field] = (record.source, record.run_id)
    apply_decisions(values, origins, decided)
    return Merged(values, origins, _statuses(ranked), _activities(ranked, values))


def _statuses(
    ranked: Sequence[Said],
) -> dict[tuple[str, str], tuple[date | None, date | None]]:
    held: dict[tuple[str, str], tuple[date | None, date | None]] = {}
    for record in ranked:
        for status in record.data["statuses"]:
            bounds = (_day(status.get("valid_from")), _day(status.get("valid_to")))
            held.setdefault((status["kind"], record.source), bounds)
    return held


def _activities(
    ranked: Sequence[Said], values: dict[str, Any]
) -> dict[str, tuple[str, str, float]]:
    known = taxonomy()
    found: dict[str, tuple[str, str, float]] = {}
    for record in ranked:
        for code in record.data.get("declared_activities", ()):
            if known.get(code):
                found.setdefault(code, ("declared", record.source, DECLARED_WEIGHT))
    guesses = [*from_name(f"{values['name'] or ''} {values['brand'] or ''}".strip())]
    if values["naf"]:
        guesses += from_naf(values["naf"])
    for guess in guesses:
        weight = round(guess.score * INFERRED_WEIGHT.get(guess.origin, 0.5), 3)
        kept = found.get(guess.code)
        if kept is None or kept[2] < weight:
            origin = "naf" if guess.origin == "naf" else "name"
            found[guess.code] = (origin, guess.evidence, weight)
    return found


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
