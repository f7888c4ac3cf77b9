"""What an importer hands over: one row of a directory, cleaned, before it meets the database."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
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

    A source that only enriches (Sirene) grants no status; its `name` may be empty. `open` is the
    administrative state of the establishment: True, or False since `closed_on` where that is known.

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
    open: bool | None = None
    closed_on: date | None = None
    head_office: bool | None = None
    ess: bool | None = None
    declared_activities: tuple[str, ...] = ()
    source_updated_on: date | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """The record as JSON-ready values, kept as provenance and hashed to see a change."""
        # Not dataclasses.asdict: it copies every value, and took a fifth of an import.
        known = ((name, getattr(self, name)) for name in _FIELDS)
        data = {name: value for name, value in known if value not in (None, (), {}, "")}
        data["statuses"] = [status.as_data() for status in self.statuses]
        for name in ("source_updated_on", "closed_on"):
            if name in data:
                data[name] = data[name].isoformat()
        if self.declared_activities:
            data["declared_activities"] = list(self.declared_activities)
        return data


_FIELDS = tuple(known.name for known in fields(StructureRecord))


@dataclass(frozen=True)
class Known:
    """The numbers of the register's structures, for sources that only tell more of them:
    `sirets` of establishments, `companies` the SIREN of those known by their company alone."""

    sirets: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()

    @cached_property
    def by_siren(self) -> Mapping[str, tuple[str, ...]]:
        """The known establishments of each company, in order; none for a company known alone."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for siret in sorted(self.sirets):
            found[siret[:9]].append(siret)
        return dict.fromkeys(self.companies, ()) | {k: tuple(v) for k, v in found.items()}
