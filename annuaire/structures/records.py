"""What an importer hands over: one row of a directory, cleaned, before it meets the database."""

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class StatusRecord:
    """A status as the directory grants it: kind (glossary of docs/design), ISO dates."""

    kind: str
    valid_from: date | None = None
    valid_to: date | None = None

    def as_data(self) -> dict[str, str]:
        """The status as JSON-ready values, those that are known."""
        days = {"valid_from": self.valid_from, "valid_to": self.valid_to}
        return {"kind": self.kind} | {name: day.isoformat() for name, day in days.items() if day}


@dataclass(frozen=True, slots=True)
class StructureRecord:
    """One establishment as one source describes it.

    A directory of companies (ESUS) gives `siren` and no `siret`: its statuses are those of every
    establishment of the SIREN, and its place, if any, is the one that the directory gives.

    `source_key` is unique within the source and stable between two publications. `lat` and `lon`
    are WGS84 degrees; `geo_precision` is "number", "street", "commune" or None without coordinates.
    Fields that the source does not know stay None: None never erases what another source knows.
    """

    source_key: str
    name: str
    statuses: tuple[StatusRecord, ...]
    siret: str | None = None
    siren: str | None = None
    finess: str | None = None
    brand: str | None = None
    address: str | None = None
    postcode: str | None = None
    city: str | None = None
    code_insee: str | None = None
    departement: str | None = None
    lat: float | None = None
    lon: float | None = None
    geo_precision: str | None = None
    naf: str | None = None
    legal_form: str | None = None
    website: str | None = None
    phone: str | None = None
    email: str | None = None
    employees_range: str | None = None
    description: str | None = None
    declared_activities: tuple[str, ...] = ()
    source_updated_on: date | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """The record as JSON-ready values, kept as provenance and hashed to see a change."""
        # Not dataclasses.asdict: it copies every value, and took a fifth of an import.
        known = ((name, getattr(self, name)) for name in _FIELDS)
        data = {name: value for name, value in known if value not in (None, (), {})}
        data["statuses"] = [status.as_data() for status in self.statuses]
        if self.source_updated_on:
            data["source_updated_on"] = self.source_updated_on.isoformat()
        if self.declared_activities:
            data["declared_activities"] = list(self.declared_activities)
        return data


_FIELDS = tuple(known.name for known in fields(StructureRecord))
