"""« Pas pour nous »: what a subscription may say of a contract, said and taken back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import taxonomy
from annuaire.alerts import queries
from annuaire.alerts.models import AlertDelivery, AlertRefusal
from annuaire.alerts.prints import references_of
from annuaire.alerts.refusing import ACTIVITY, BUYER, CONTRACT, by_subscription, main_activities
from annuaire.alerts.service import held
from annuaire.contracts.models import Contract
from annuaire.contracts.service import by_reference
from annuaire.db import insert_for, writing
from annuaire.errors import InvalidInputError
from annuaire.sql import among


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that one may no longer want: `subject` and `value` as in AlertRefusal."""

    subject: str
    value: str
    label: str

    @property
    def key(self) -> str:
        """The choice as a form sends it."""
        return f"{self.subject}:{self.value}"


def choices(contract: Contract) -> list[Choice]:
    """What may be said of a contract, the narrowest first."""
    known = taxonomy()
    return [
        Choice(CONTRACT, contract.reference, contract.title),
        *(Choice(ACTIVITY, code, known.label(code)) for code in main_activities(contract)),
        Choice(BUYER, contract.buyer.key, contract.buyer.name),
    ]


def refuse(session: Session, id_: int, reference: str, keys: list[str], now: datetime) -> None:
    """Say that a contract does not suit, and why; what waits to be told and is refused
    with it is dropped. Raises NotFoundError for one that is no more, InvalidInputError when nothing
    fits."""
    contract = by_reference(session, reference)
    chosen = [each for each in choices(contract) if each.key in keys]
    if not chosen:
        raise InvalidInputError("Dites ce qui n’est pas pour vous.", "motif")
    if all(each.subject != CONTRACT for each in chosen):
        chosen.append(choices(contract)[0])
    activities = main_activities(contract)
    rows = [
        {
            "subscription_id": id_,
            "subject": each.subject,
            "value": each.value,
            "label": each.label,
            "activities": activities if each.subject == CONTRACT else [],
            "created_at": now,
        }
        for each in chosen
    ]
    with writing(session):
        held(session, id_)
        statement = insert_for(session, AlertRefusal.__table__).on_conflict_do_nothing()
        session.execute(statement, rows)
        _drop_refused(session, id_, references_of(contract))


def _drop_refused(session: Session, id_: int, names: frozenset[str]) -> None:
    """Tell nothing of these references, nor of what waits and that the subscription refuses now."""
    waits = AlertDelivery.subscription_id == id_, AlertDelivery.queued_at.is_(None)
    waiting = session.scalars(select(AlertDelivery.reference).where(*waits).distinct()).all()
    known = session.execute(queries.ids_of_references(waiting)).all()
    contracts = session.scalars(queries.contracts_to_tell(row.id for row in known)).unique()
    refused = by_subscription(session.execute(queries.refusals_of([id_])))[id_]
    named = [(contract, references_of(contract)) for contract in contracts]
    gone = names.union(*(found for contract, found in named if refused.excludes(contract, found)))
    session.execute(delete(AlertDelivery).where(*waits, among(AlertDelivery.reference, gone)))


def take_back(session: Session, id_: int, refusal: int) -> None:
    """Forget something that was said not to suit."""
    with writing(session):
        session.execute(
            delete(AlertRefusal).where(
                AlertRefusal.id == refusal, AlertRefusal.subscription_id == id_
            )
        )
