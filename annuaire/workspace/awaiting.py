"""What awaits a person: short lines with where to go. A room adds its own provider here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from annuaire.accounts.models import User
from annuaire.accounts.policy import Subject
from annuaire.claims import queries, states
from annuaire.moderation.queues import QUEUES
from annuaire.profiles.fields import SUBJECTS
from annuaire.profiles.queries import refused_of
from annuaire.sourcing.models import AskedStructure, SourcingRequest
from annuaire.sourcing.queries import received_by
from annuaire.structures.models import Structure
from annuaire.wording import date_fr, pluriel

REFUSED_LATELY: Final = timedelta(days=30)
MOST_REQUESTS: Final = 20


@dataclass(frozen=True, slots=True)
class Awaited:
    """A line: what awaits, and the path where it is done."""

    sentence: str
    path: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whose page it is, as providers see them; `structures` are those they speak for, by
    number."""

    user: User
    subject: Subject
    structures: Mapping[int, Structure]
    now: datetime


Provider = Callable[[Session, Person], Iterator[Awaited]]


def awaiting(session: Session, person: Person) -> list[Awaited]:
    """All that awaits a person, room by room."""
    return [line for provider in PROVIDERS for line in provider(session, person)]


def _claims_to_answer(session: Session, person: Person) -> Iterator[Awaited]:
    wanted = queries.asked_among(list(person.structures))
    for claim, who, structure_id in session.execute(wanted):
        structure = person.structures[structure_id]
        yield Awaited(
            f"{who.name} demande à être rattaché à {structure.shown_name} : répondez avant le "
            f"{date_fr(claim.due_at)}",
            f"/structures/{structure.key}/equipe",
        )


def _requests_to_answer(session: Session, person: Person) -> Iterator[Awaited]:
    open_ones = received_by(list(person.structures)).where(
        SourcingRequest.state == "open", AskedStructure.answer.is_(None)
    )
    for asked, request, structure_id in session.execute(open_ones.limit(MOST_REQUESTS)):
        yield Awaited(
            f"{request.sender_organisation} demande à {asked.name} : {request.subject}, répondez "
            f"avant le {date_fr(request.deadline)}",
            f"/structures/{person.structures[structure_id].key}/demandes",
        )


def _invitations(session: Session, person: Person) -> Iterator[Awaited]:
    wanted = queries.invitations_to(person.user.email, person.now)
    for invitation, structure in session.execute(wanted):
        yield Awaited(
            f"Une invitation à gérer la page de {structure.shown_name}",
            f"/espace/invitations/{invitation.id}",
        )


def _own_claims(session: Session, person: Person) -> Iterator[Awaited]:
    for claim, structure in session.execute(queries.claims_of(person.user.id)):
        path = f"/espace/rattachements/{claim.id}"
        if claim.state == "letter_sent":
            yield Awaited(f"Le code de la lettre pour {structure.shown_name} est à saisir", path)
        elif (
            claim.state == "held"
            and claim.due_at is not None
            and claim.due_at <= person.now + states.RENEWABLE
        ):
            yield Awaited(f"Votre rattachement à {structure.shown_name} est à prolonger", path)


def _edits_refused(session: Session, person: Person) -> Iterator[Awaited]:
    """Edits of one's own that a moderator refused lately."""
    wanted = refused_of(person.user.id, person.now - REFUSED_LATELY)
    for made, structure in session.execute(wanted):
        subject = SUBJECTS.get(made.subject, made.subject).lower()
        yield Awaited(
            f"Modification refusée pour {structure.shown_name} ({subject}) : {made.reason}",
            f"/espace/structure/{structure.key}/fiche/historique",
        )


def _moderation(session: Session, person: Person) -> Iterator[Awaited]:
    if "moderator" not in person.subject.words:
        return
    for queue in QUEUES.values():
        count = queue.waits(session).count
        if count:
            words = pluriel(count, "demande attend", "demandes attendent")
            yield Awaited(
                f"Modération, {queue.title.lower()} : {words}", f"/moderation/{queue.name}"
            )


PROVIDERS: Final[tuple[Provider, ...]] = (
    _claims_to_answer, _requests_to_answer, _invitations, _own_claims, _edits_refused, _moderation,
)  # fmt: skip
