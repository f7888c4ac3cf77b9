"""What an importer hands over: one notice with its lots, before clauses are sought in it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class AwardRecord:
    """Who won a lot: `amount_eur` in € HT as published (may be absurd), ISO date."""

    winner: str
    amount_eur: float | None = None
    awarded_on: date | None = None
    lot_number: str | None = None
    lot_title: str | None = None


@dataclass(frozen=True, slots=True)
class TextField:
    """A free text of the notice; `field` is its name in the glossary of docs (title,
    description, execution, criteria, complement …), `lot_number` the lot that it speaks of."""

    field: str
    text: str
    lot_number: str | None = None


@dataclass(frozen=True, slots=True)
class CodeField:
    """A coded value of the notice; `field` is the source's own name (BT-71, criteres_sociaux …)."""

    field: str
    value: str
    lot_number: str | None = None


@dataclass(frozen=True, slots=True)
class LotRecord:
    """A lot as the notice states it; amounts in € HT."""

    number: str
    title: str
    description: str | None = None
    cpv: str | None = None
    departement: str | None = None
    city: str | None = None
    amount_eur: float | None = None
    amount_kind: str | None = None  # "estimated", "maximum" or "awarded"
    texts: tuple[TextField, ...] = ()
    codes: tuple[CodeField, ...] = ()


@dataclass(frozen=True, slots=True)
class BuyerRecord:
    """The buyer as the notice names it."""

    name: str
    siret: str | None = None
    postcode: str | None = None
    city: str | None = None
    departement: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """One publication. `nature` is one of "call", "award", "correction", "modification",
    "cancellation", "planned", "other"; `procedure` is the source's own word; `types` holds
    "travaux", "services", "fournitures"; `deadline` is aware (Europe/Paris when unsaid)."""

    source: str  # "boamp", "ted", "decp"
    source_key: str
    title: str
    nature: str
    buyer: BuyerRecord
    published_on: date
    expires_on: date | None = None
    deadline: datetime | None = None
    family: str | None = None
    procedure: str | None = None
    types: tuple[str, ...] = ()
    description: str | None = None
    cpv: str | None = None
    descriptors: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    reference: str | None = None
    linked_keys: tuple[str, ...] = ()
    url: str | None = None
    lots: tuple[LotRecord, ...] = ()
    awards: tuple[AwardRecord, ...] = ()
    texts: tuple[TextField, ...] = ()
    codes: tuple[CodeField, ...] = ()
