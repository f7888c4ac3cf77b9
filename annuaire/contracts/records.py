"""What an importer hands over: one notice with its lots, before clauses are sought in it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

REMOVED: Final = "removed"  # the state of a lot that a correction took away

#: Amounts from which one is surely a slip, or a code in place of an amount; € HT.
ABSURD_EUR: Final = 1e10

#: How a name ends that only stands in for one: « Titulaire 213 001 234 00017 (nom inconnu) ».
UNKNOWN_NAME: Final = "(nom inconnu)"
NO_OBJECT: Final = "objet non publié"  # in the title of what was published without its object
#: In the text of the essential data, where a buyer declared that there is no consideration.
NONE_DECLARED: Final = "déclarées : aucune."


@dataclass(frozen=True, slots=True)
class AwardRecord:
    """Who won a lot: `amount_eur` in € HT as published (may be absurd), ISO date; the winner's
    SIRET where it is published; `published_on` when that is later than the notice itself."""

    winner: str
    amount_eur: float | None = None
    awarded_on: date | None = None
    lot_number: str | None = None
    lot_title: str | None = None
    winner_siret: str | None = None
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """A modification of a contract after its award, by what it changed: the new amount in € HT,
    the new duration in months, the new winners; None or empty for what stayed."""

    on: date | None
    subject: str | None = None
    amount_eur: float | None = None
    months: int | None = None
    winners: tuple[str, ...] = ()


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
    """A lot as the notice states it; amounts in € HT.

    `numbered` is False when the notice gives no number and the reader gave one, by which no other
    notice knows the lot. `origin` is "field", or "text" when the lot was found in words. `outcome`
    is "unsuccessful" (infructueux) or "abandoned" (sans suite) when it found no holder.
    """

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
    numbered: bool = True
    origin: str = "field"
    outcome: str | None = None
    cpvs: tuple[str, ...] = ()  # the additional ones
    nuts: str | None = None
    place: str | None = None  # in words
    deadline: datetime | None = None
    minimum_eur: float | None = None
    maximum_eur: float | None = None


@dataclass(frozen=True, slots=True)
class BuyerRecord:
    """The buyer as the notice names it; `name` is empty where only its SIRET is published."""

    name: str
    siret: str | None = None
    postcode: str | None = None
    city: str | None = None
    departement: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """One publication. `nature` is one of "call", "award", "correction", "modification",
    "cancellation", "planned", "other"; `procedure` is the source's own word; `types` holds
    "travaux", "services", "fournitures"; `deadline` is aware (Europe/Paris when unsaid).

    What joins it with others (`linking`): `reference` is the buyer's own, `folder` the European
    identifier of the procedure (BT-04), `own_keys` other names of this very notice
    (« eforms:<uuid>-01 »), `linked_keys` the notices that it follows: a number of its own source,
    or « source:number ». Notices of two `realm`s are never joined (sample data has its own).
    `outcome` is as a lot's, when it is said of the whole; `whole` tells place and amounts of a
    contract that has no lots. `removed_lots` are the lots that it takes away by a code; one that is
    `complete` lists all the lots that the notice that it corrects still has.
    """

    source: str  # "boamp", "ted", "decp", or "depot" for what platforms push
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
    folder: str | None = None
    own_keys: tuple[str, ...] = ()
    outcome: str | None = None
    whole: LotRecord | None = None
    realm: str = ""
    changes: tuple[ChangeRecord, ...] = ()
    removed_lots: tuple[str, ...] = ()
    complete: bool = False
