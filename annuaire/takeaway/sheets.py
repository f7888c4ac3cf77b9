"""The lines of a sourcing sheet: what a purchase's records need of each structure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from annuaire.structures.kinds import kind_label
from annuaire.structures.models import Structure
from annuaire.structures.reading import full_by_ids
from annuaire.takeaway.rows import Wanted
from annuaire.takeaway.structure_rows import declared, guessed, validity

SHEET_ROWS: Final = 100  # more is no list of people met; the exports hold them all
SHOWN_ACTIVITIES: Final = 4


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One structure on the sheet."""

    name: str
    siret: str | None
    url: str
    statuses: list[str]
    validity: list[str]
    declared: list[str]
    inferred: list[str]
    city: str | None
    distance_km: float | None
    phone: str | None
    email: str | None
    website: str | None
    ended_on: date | None


def sheet_lines(session: Session, batches: Iterable[list[Wanted]], today: date) -> list[SheetLine]:
    """The lines, in the order asked for."""
    found: list[SheetLine] = []
    for batch in batches:
        structures = full_by_ids(session, [wanted.id for wanted in batch])
        found += [
            sheet_line(structures[wanted.id], wanted.distance_km, today)
            for wanted in batch
            if wanted.id in structures
        ]
    return found


def sheet_line(structure: Structure, distance_km: float | None, today: date) -> SheetLine:
    """One structure, as the sheet and the selection show it."""
    return SheetLine(
        name=structure.shown_name,
        siret=structure.siret,
        url=f"/structures/{structure.key}",
        statuses=[kind_label(kind) for kind in structure.kinds_held(today)],
        validity=validity(structure, today),
        declared=declared(structure)[:SHOWN_ACTIVITIES],
        inferred=guessed(structure)[:SHOWN_ACTIVITIES],
        city=structure.city,
        distance_km=distance_km,
        phone=structure.phone,
        email=structure.email,
        website=structure.website,
        ended_on=structure.ended_on,
    )
