"""Telling more of the structures that the register holds: which they are, what was asked when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.db import insert_for
from annuaire.sql import plain
from annuaire.structures.models import Enquiry, Structure
from annuaire.structures.queries import listed_structures
from annuaire.structures.records import Known
from annuaire.structures.samples import SAMPLE_SOURCE

_COMPANY, _FINESS = "siren:", "finess:"


@dataclass(frozen=True, slots=True)
class Asked:
    """The key of a structure that a service was asked about, and whether it knew it."""

    number: str
    known: bool


def known_numbers(session: Session) -> Known:
    """The numbers of the structures that a directory lists now; invented samples are none."""
    keys = _listed_keys(session)
    return Known(
        sirets=frozenset(key for key in keys if key.isdigit()),
        companies=frozenset(key.removeprefix(_COMPANY) for key in keys if key.startswith(_COMPANY)),
    )


def due(session: Session, source: str, before: datetime) -> list[str]:
    """The listed structures about which a service was not asked since `before`, by SIRET, by
    « siren:… » or by « finess:… »: those never asked about first, then the oldest."""
    rows = session.execute(select(Enquiry.number, Enquiry.asked_at).where(Enquiry.source == source))
    asked = {row.number: row.asked_at for row in rows}
    listed = [
        key for key in _listed_keys(session) if key.isdigit() or key.startswith((_COMPANY, _FINESS))
    ]
    new = [key for key in listed if key not in asked]
    old = sorted((asked[key], key) for key in listed if key in asked and asked[key] < before)
    return new + [key for _, key in old]


def note_asked(session: Session, source: str, asked: Iterable[Asked], now: datetime) -> None:
    """Keep, in the caller's transaction, when a service was asked about some numbers."""
    rows = [
        {"source": source, "number": one.number, "asked_at": now, "known": one.known}
        for one in asked
    ]
    if not rows:
        return
    statement = insert_for(session, Enquiry.__table__)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["source", "number"],
            set_={name: statement.excluded[name] for name in ("asked_at", "known")},
        ),
        rows,
    )


def _listed_keys(session: Session) -> list[str]:
    listed = (
        select(Structure.key)
        .where(*listed_structures(SAMPLE_SOURCE))
        .group_by(Structure.key)
        .order_by(plain(Structure.key))
    )
    return list(session.scalars(listed))
