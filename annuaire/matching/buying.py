"""What a buyer already bought, and from whom, as award notices tell: so that it turns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.contracts.models import Buyer
from annuaire.geo.free_address import find_place
from annuaire.matching import queries
from annuaire.matching.buyers import buyer_identity

SIRET_DIGITS: Final = 14
MAX_NAME: Final = 200
SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Bought:
    """A lot that a buyer bought from a structure of the register."""

    key: str
    name: str
    title: str
    on: date


def buyer_key(session: Session, typed: str, place: str | None = None) -> str | None:
    """The key under which a buyer's awards are known: by its SIRET, or by its name in the
    département of a place; None when neither says it."""
    text = " ".join(typed.split())[:MAX_NAME]
    digits = re.sub(r"[\s.]", "", text)
    if digits.isdigit():
        if len(digits) != SIRET_DIGITS:
            return None
        found = session.scalar(
            select(Buyer).where(Buyer.siret == digits).order_by(Buyer.id).limit(1)
        )
        return buyer_identity(found.name, found.postcode, found.departement) if found else None
    located = find_place(place) if place else None
    here = located.place.departements if located else ()
    if not text or len(here) != 1:
        return None
    return buyer_identity(text, None, here[0])


def bought(session: Session, key: str, before: date, limit: int = SHOWN) -> Sequence[Bought]:
    """The newest lots that this buyer bought from structures of the register before a day."""
    rows = session.execute(queries.bought_by(key, before, limit))
    return [Bought(row.key, row.brand or row.name, row.title, row.won_on) for row in rows]
