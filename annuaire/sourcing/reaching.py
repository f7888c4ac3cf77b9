"""Which structures may be written to, and why others may not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError
from annuaire.mail.letters import address_key, usable_address
from annuaire.mail.queries import suspended_among
from annuaire.sourcing import queries, rules, wording
from annuaire.structures.models import Structure


@dataclass(frozen=True, slots=True)
class Reached:
    """A structure and the address at which it may be written to; without one, `why` is a key of
    `wording.UNASKED`."""

    structure: Structure
    email: str | None
    why: str | None

    @property
    def words(self) -> str:
        return wording.UNASKED[self.why] if self.why else ""


def reach(
    session: Session, structures: Sequence[Structure], now: datetime, sender_key: str | None = None
) -> list[Reached]:
    """How these structures may be asked now. What a structure had hidden is no address, and one
    that wants no more requests, or has many already, is left in peace; so is one that had many of
    `sender_key`, once that address is proved: it tells what was sent from there."""
    emails = {s.id: _usable(s.email) for s in structures}
    keys = {id_: address_key(email) for id_, email in emails.items() if email}
    addresses = [*keys.values()]
    stops = session.execute(queries.stops_among([*emails], addresses)).all()
    stopped = {row.structure_id for row in stops}
    quiet = {row.address for row in stops if row.address}
    suspended = set(session.scalars(suspended_among(addresses)))
    counted = session.execute(queries.asked_since([*emails], now - rules.A_WEEK)).all()
    busy = {row[0] for row in counted if row[1] >= rules.STRUCTURE_WEEK}
    often: set[int] = set()
    if sender_key:
        own = session.execute(queries.asked_from(sender_key, [*emails], now - rules.A_WEEK))
        often = {row[0] for row in own if row[1] >= rules.SENDER_WEEK}

    def why(structure: Structure) -> str | None:
        key = keys.get(structure.id)
        if structure.ended_on:
            return wording.ENDED
        if structure.id in stopped or key in quiet:
            return wording.STOPPED
        if key is None:
            return wording.NO_ADDRESS
        if key in suspended:
            return wording.SUSPENDED
        if structure.id in often:
            return wording.OFTEN
        return wording.BUSY if structure.id in busy else None

    return [Reached(s, None if (reason := why(s)) else emails[s.id], reason) for s in structures]


def reachable(found: Iterable[Reached]) -> list[Reached]:
    """Those that may be written to."""
    return [each for each in found if each.why is None]


def _usable(email: str | None) -> str | None:
    try:
        return usable_address(email) if email else None
    except InvalidInputError:
        return None
