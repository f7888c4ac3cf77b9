"""What became of the letters of a request."""

from sqlalchemy.orm import Session

from annuaire.mail.queries import suspended_among
from annuaire.sourcing import queries, wording
from annuaire.sourcing.letters import key_of
from annuaire.sourcing.models import SourcingRequest


def troubles_of(session: Session, request: SourcingRequest) -> dict[int, str]:
    """By asked structure, why its letter has not arrived, in words; without those whose letter a
    server took and that did not come back."""
    asked = [each for each in request.asked if each.asked_at]
    found = session.execute(queries.letters_of([key_of(each) for each in asked])).all()
    states = {row.once: row.state for row in found}
    addresses = [each.address for each in asked if each.address]
    returned = set(session.scalars(suspended_among(addresses)))
    told = {}
    for each in asked:
        words = wording.DELIVERIES.get(states.get(key_of(each), ""))
        if words is None and each.address in returned:
            words = wording.RETURNED
        if words:
            told[each.id] = words
    return told
