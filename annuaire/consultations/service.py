"""Consultations that buyers write: drafts, publication, withdrawal, by who buys for the body.

Published, one is a notice of the source `depot`, by the service that takes in what platforms push:
an official notice of the same contract is believed alone.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from annuaire.accounts.audit import record
from annuaire.accounts.buying import seats_of
from annuaire.accounts.models import Seat
from annuaire.consultations.form import Content, checked
from annuaire.consultations.models import WrittenConsultation
from annuaire.contracts.facts import PUSHED
from annuaire.contracts.sheets import WRITTEN_HERE
from annuaire.errors import AnnuaireError, InvalidInputError, NotFoundError
from annuaire.platforms.consultations import Pushed, push
from annuaire.sql import among, numbered
from search.filters import InputError

#: The name under which they are pushed: a platform's has no dash, so none can take it.
PLATFORM: Final = WRITTEN_HERE.rstrip(".")
DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"
REMOVED: Final = "removed"  # by a moderator: its page is gone (`moderating`)
STATES: Final = {
    DRAFT: "brouillon",
    PUBLISHED: "publiée",
    WITHDRAWN: "retirée",
    REMOVED: "retirée par la modération",
}
MOST: Final = 300  # consultations of one body


class WrongContentError(AnnuaireError):
    """A consultation cannot be published as it is: `errors` say where."""

    def __init__(self, errors: Sequence[InputError]) -> None:
        super().__init__("La consultation n’est pas complète.")
        self.errors = list(errors)


def bodies_of(user_id: int) -> Select[Seat]:
    """The bodies for which a person writes: those that they were verified for."""
    return seats_of(user_id).where(Seat.verified_at.is_not(None))


def written_for(session: Session, user_id: int) -> Sequence[WrittenConsultation]:
    """The consultations that a person may change, the newest first."""
    sirets = [seat.siret for seat in session.scalars(bodies_of(user_id))]
    found = (
        select(WrittenConsultation)
        .where(among(WrittenConsultation.siret, sirets))
        .order_by(WrittenConsultation.updated_at.desc(), WrittenConsultation.id.desc())
    )
    return session.scalars(found).all()


def written(session: Session, user_id: int, number: int) -> WrittenConsultation:
    """One of them. Raises NotFoundError: who may not change it does not learn that it is there."""
    row = numbered(session, WrittenConsultation, number)
    sirets = {seat.siret for seat in session.scalars(bodies_of(user_id))}
    if row is None or row.siret not in sirets:
        raise NotFoundError("Cette consultation n’est pas de vos organisations.")
    return row


def start(session: Session, user_id: int, seat_id: int, content: Content) -> WrittenConsultation:
    """Begin a draft for a body, in the caller's transaction. Raises InvalidInputError."""
    seat = session.scalar(bodies_of(user_id).where(Seat.id == seat_id))
    if seat is None:
        raise InvalidInputError("Choisissez une organisation de votre compte.", "organisation")
    held = select(func.count()).where(WrittenConsultation.siret == seat.siret)
    if (session.scalar(held) or 0) >= MOST:
        raise InvalidInputError(f"{seat.name} a déjà {MOST} consultations.", "organisation")
    now = datetime.now(UTC)
    row = WrittenConsultation(
        siret=seat.siret, body=seat.name, author_id=user_id, content=content, state=DRAFT,
        created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def version(row: WrittenConsultation) -> str:
    """What a form gives back, so that nobody writes over a colleague's words unseen."""
    return row.updated_at.isoformat()


def save(row: WrittenConsultation, content: Content, seen: str) -> None:
    """Keep what a form holds, in the caller's transaction. Raises InvalidInputError when somebody
    changed it since."""
    if seen != version(row):
        raise InvalidInputError(
            "Cette consultation a été modifiée depuis que vous l’avez ouverte : ce que vous avez "
            "écrit est ci-dessous. Ouvrez-la dans un autre onglet pour comparer, puis reprenez."
        )
    if row.content != content:
        row.content = content
        row.updated_at = datetime.now(UTC)


def said(row: WrittenConsultation, content: Content, today: date) -> dict[str, Any]:
    """What a consultation says with some content, in the words of a push. Raises
    WrongContentError."""
    body, errors = checked(content, today)
    if body is None:
        raise WrongContentError(errors)
    return {"id": str(row.id), "buyer": {"name": row.body, "siret": row.siret}, **body}


def key_of(row: WrittenConsultation) -> str:
    """The key of its notice."""
    return f"{PLATFORM}.{row.id}"


def reference_of(row: WrittenConsultation) -> str:
    """Where its contract is found once it is published."""
    return f"{PUSHED}-{key_of(row)}"


def publish(session: Session, row: WrittenConsultation, user_id: int, now: datetime) -> Pushed:
    """Publish what is kept, or what it says now, in the caller's transaction; the same again
    changes nothing. Raises WrongContentError, and InvalidInputError for one that a moderator took
    away."""
    if row.state == REMOVED:
        raise InvalidInputError(
            "La modération a retiré cette consultation : elle ne peut plus être publiée. Ce que "
            "vous aviez écrit est gardé."
        )
    body = said(row, row.content, now.date())
    return _push(session, row, body, user_id, PUBLISHED, now)


def withdraw(session: Session, row: WrittenConsultation, user_id: int, now: datetime) -> Pushed:
    """Have a published consultation stand as cancelled, in the caller's transaction. Raises
    InvalidInputError when it is not published."""
    if row.state != PUBLISHED:
        raise InvalidInputError("Cette consultation n’est pas publiée : rien à retirer.")
    return _push(session, row, body_kept(row, WITHDRAWN, now), user_id, WITHDRAWN, now)


def body_kept(row: WrittenConsultation, state: str, now: datetime) -> dict[str, Any]:
    """What a consultation said when it was published, even if its last day is past since; as
    cancelled when `state` is "withdrawn". Raises WrongContentError."""
    body = said(row, row.content, min(now.date(), _limit(row) or now.date()))
    return body | {"nature": "cancellation"} if state == WITHDRAWN else body


def _limit(row: WrittenConsultation) -> date | None:
    """The last day to answer, as it was published."""
    try:
        return date.fromisoformat(row.content["fields"]["limite"])
    except ValueError:
        return None


def _push(
    session: Session, row: WrittenConsultation, body: dict[str, Any], user_id: int, state: str,
    now: datetime,
) -> Pushed:  # fmt: skip
    number, first = row.id, row.state == DRAFT
    if row.state != state:
        row.state, row.updated_at = state, now
    session.flush()
    found = push(session, PLATFORM, body, now, replace=not first)
    record(
        session, f"consultations.{state}", "consultation", number, actor_id=user_id,
        result=found.result,
    )  # fmt: skip
    return found
