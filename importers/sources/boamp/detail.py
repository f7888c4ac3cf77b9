"""What the body of a notice says, whatever the form it was written in."""

from dataclasses import dataclass
from datetime import datetime

from annuaire.contracts.records import (
    AwardRecord,
    BuyerRecord,
    CodeField,
    LotRecord,
    TextField,
)


@dataclass(frozen=True, slots=True)
class Detail:
    """The parts of a NoticeRecord that the body gives, under the same names; the record's own
    fields fill the rest. `whole` is what it says of the place and worth of a contract that has no
    lots, as of one lot."""

    title: str | None = None
    description: str | None = None
    buyer: BuyerRecord | None = None
    reference: str | None = None
    deadline: datetime | None = None
    cpv: str | None = None
    lots: tuple[LotRecord, ...] = ()
    awards: tuple[AwardRecord, ...] = ()
    texts: tuple[TextField, ...] = ()
    codes: tuple[CodeField, ...] = ()
    folder: str | None = None
    own_keys: tuple[str, ...] = ()
    linked_keys: tuple[str, ...] = ()
    outcome: str | None = None
    types: tuple[str, ...] = ()
    whole: LotRecord | None = None
    removed_lots: tuple[str, ...] = ()
    complete: bool = False


def texts_of(lot_number: str | None = None, **fields: str | None) -> tuple[TextField, ...]:
    """The texts that are there, by field."""
    return tuple(TextField(name, text, lot_number) for name, text in fields.items() if text)


def criteria_text(criteria: list[tuple[str | None, str | None]]) -> str | None:
    """Award criteria with their weights as one text, a line each: « Insertion sociale : 10 »."""
    said = [f"{name} : {weight}" if weight else name for name, weight in criteria if name]
    return "\n".join(said) or None
