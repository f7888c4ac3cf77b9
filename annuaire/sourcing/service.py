"""A request from its writing to its sending: nothing leaves before its sender has confirmed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.mail.letters import address_key
from annuaire.mail.service import SUSPENDED, queue, queue_all
from annuaire.sourcing import letters, queries, rules
from annuaire.sourcing.form import Written
from annuaire.sourcing.links import Links
from annuaire.sourcing.models import AskedStructure, SourcingEvent, SourcingRequest
from annuaire.sourcing.personal import erase, export_of, move
from annuaire.sourcing.reaching import Reached, reach, reachable
from annuaire.sourcing.wording import BUSY, ENDED
from annuaire.sql import possible
from annuaire.structures.models import Structure
from annuaire.structures.reading import full_by_ids

__all__ = [
    "by_id", "close", "confirm", "draft", "erase", "export_of", "forget", "held", "move", "nudge",
    "remind",
]  # fmt: skip

GONE = (
    "Cette demande n'est plus ici : elle a été effacée, ou n'a pas été confirmée à temps. Une "
    "demande confirmée est gardée un an après le dernier jour pour répondre."
)


def draft(
    session: Session,
    written: Written,
    chosen: Sequence[Reached],
    origin: Mapping[str, str],
    links: Links,
    now: datetime,
    *,
    mailed: bool = True,
) -> SourcingRequest:
    """Keep a request until its sender confirms it, and queue the letter that asks for that, in the
    caller's transaction; no letter unless `mailed`, when the sender is known already.

    Raises InvalidInputError when too many or none of the structures may be written to, when the
    address already has as many requests to confirm as one may have, or when mails to it come back.
    """
    refuse_number(written.kind, len(reachable(chosen)))
    key = address_key(written.sender_email)
    if (session.scalar(queries.drafts_of(key)) or 0) >= rules.PENDING:
        raise InvalidInputError(
            f"{rules.PENDING} demandes attendent déjà d'être confirmées à cette adresse : ouvrez "
            "les courriels reçus, ou attendez deux jours qu'elles soient effacées.",
            "courriel",
        )
    request = SourcingRequest(
        kind=written.kind,
        state="draft",
        subject=written.subject,
        text=written.text,
        documents=[[document.title, document.url] for document in written.documents],
        deadline=written.deadline,
        origin=dict(origin),
        sender_name=written.sender_name,
        sender_organisation=written.sender_organisation,
        sender_email=written.sender_email,
        sender_key=key,
        created_at=now,
        asked=[_asked(each) for each in chosen],
    )
    session.add(request)
    session.flush()
    session.add(_event(request, "written", now))
    if mailed and not queue(session, letters.to_confirm(request, links)):
        raise InvalidInputError(SUSPENDED, "courriel")
    return request


def refuse_number(kind: str, count: int) -> None:
    """Raises InvalidInputError unless so many structures may be asked at once."""
    allowed = rules.KINDS[kind]
    if not count:
        raise InvalidInputError(
            "Cochez au moins une structure à qui un courriel peut être envoyé.", "structures"
        )
    if count > allowed.most:
        raise InvalidInputError(
            f"{count} structures sont cochées : gardez-en {allowed.most} au plus. {allowed.why}",
            "structures",
        )


def _asked(reached: Reached) -> AskedStructure:
    return AskedStructure(
        structure_id=reached.structure.id,
        key=reached.structure.key,
        name=reached.structure.shown_name,
        email=reached.email,
        address=address_key(reached.email) if reached.email else None,
        unasked=reached.why,
    )


def _event(
    request: SourcingRequest, kind: str, at: datetime, asked: AskedStructure | None = None
) -> SourcingEvent:
    return SourcingEvent(
        request_id=request.id, asked_id=asked.id if asked else None, kind=kind, at=at
    )


def by_id(session: Session, request_id: int, *states: str) -> SourcingRequest:
    """A request with its structures, in one of some states (any without). Raises NotFoundError."""
    known = possible(request_id)
    found = session.scalar(queries.request_by_id(request_id)) if known else None
    if found is None or (states and found.state not in states):
        raise NotFoundError(GONE)
    return found


def held(session: Session, request_id: int) -> SourcingRequest:
    """The same as it stands now, others waiting until this transaction ends. Raises
    NotFoundError."""
    if possible(request_id):
        session.execute(
            select(SourcingRequest.id).where(SourcingRequest.id == request_id).with_for_update()
        )
    session.expire_all()
    return by_id(session, request_id)


def confirm(session: Session, request_id: int, links: Links, now: datetime) -> SourcingRequest:
    """Send a draft, in the caller's transaction, to those of its structures that may still be
    written to; done already, it changes nothing.

    Raises NotFoundError, and InvalidInputError when its last day has come too near, or when the
    address sent as many as one may in a day.
    """
    request = held(session, request_id)
    if request.state != "draft":
        return request
    if now >= rules.last_moment(request.deadline) - timedelta(days=1):
        raise InvalidInputError(
            "Le dernier jour pour répondre est trop proche : refaites la demande avec une date "
            "plus lointaine. Rien n'a été envoyé."
        )
    sent = session.scalar(queries.confirmed_since(request.sender_key, now - timedelta(days=1)))
    if (sent or 0) >= rules.SENDER_DAY:
        raise InvalidInputError(
            f"{rules.SENDER_DAY} demandes sont parties de cette adresse en 24 heures : confirmez "
            "celle-ci demain. Rien n'a été envoyé."
        )
    request.state, request.confirmed_at = "open", now
    session.add(_event(request, "confirmed", now))
    _send(session, request, links, now)
    queue(session, letters.sent(request, links))
    return request


def _send(session: Session, request: SourcingRequest, links: Links, now: datetime) -> None:
    """Write to each structure that may be written to now; the others are told with their reason."""
    structures: dict[int, Structure] = full_by_ids(
        session, [asked.structure_id for asked in request.asked]
    )
    reached = reach(session, [*structures.values()], now, request.sender_key)
    found = {each.structure.id: each for each in reached}
    for asked in request.asked:
        known = found.get(asked.structure_id)
        asked.unasked = known.why if known else ENDED
        asked.email = known.email if known else None
        asked.address = address_key(asked.email) if asked.email else None
        asked.asked_at = now if asked.email else None
        session.add(_event(request, "asked" if asked.email else "unasked", now, asked))
    queue_all(
        session, [letters.ask(request, asked, links) for asked in request.asked if asked.email]
    )


def nudge(session: Session, request_id: int, links: Links, now: datetime) -> int:
    """Remind those that are silent, once, at the buyer's demand, in the caller's transaction;
    returns how many. Raises InvalidInputError when it was done, or when it is too early or late."""
    request = held(session, request_id)
    if request.state != "open" or rules.is_over(request.deadline, now):
        raise InvalidInputError("Le dernier jour pour répondre est passé.")
    if any(asked.nudged_at for asked in request.asked):
        raise InvalidInputError("Vous avez déjà relancé : une relance à la main, pas davantage.")
    silent = silent_of(request)
    if not silent:
        raise InvalidInputError("Toutes les structures contactées ont répondu.")
    if any(now - _last(asked) < rules.REMIND_LEAST for asked in silent):
        raise InvalidInputError("Un courriel leur est parti il y a moins d'un jour : attendez.")
    return remind(session, request, silent, links, now, by_hand=True)


def silent_of(request: SourcingRequest) -> list[AskedStructure]:
    """Those that were written to and did not answer."""
    return [asked for asked in request.asked if asked.asked_at and asked.answer is None]


def _last(asked: AskedStructure) -> datetime:
    moments = (asked.asked_at, asked.reminded_at, asked.nudged_at)
    return max(moment for moment in moments if moment)


def remind(
    session: Session,
    request: SourcingRequest,
    silent: Sequence[AskedStructure],
    links: Links,
    now: datetime,
    *,
    by_hand: bool,
) -> int:
    """Remind these structures, in the caller's transaction; returns how many. Not those that
    stopped, were taken off or had their address hidden meanwhile."""
    structures = full_by_ids(session, [asked.structure_id for asked in silent])
    found = reach(session, [*structures.values()], now)
    open_to = {each.structure.id for each in found if each.why in (None, BUSY)}
    wanted = [asked for asked in silent if asked.email and asked.structure_id in open_to]
    for asked in wanted:
        if by_hand:
            asked.nudged_at = now
        else:
            asked.reminded_at = now
        session.add(_event(request, "nudged" if by_hand else "reminded", now, asked))
    word: letters.Reminder = "nudge" if by_hand else "remind"
    queue_all(session, [letters.ask(request, a, links, reminder=word) for a in wanted])
    return len(wanted)


def close(session: Session, request_id: int, links: Links, now: datetime, *, early: bool) -> bool:
    """End an open request, in the caller's transaction: answers are no longer taken; its buyer is
    told where they are when its day has come. False when it was ended already."""
    request = held(session, request_id)
    if request.state != "open":
        return False
    request.state, request.closed_at = "closed", now
    session.add(_event(request, "closed_early" if early else "closed", now))
    if not early:
        queue(session, letters.closed(request, links))
    return True


def forget(session: Session, request_id: int) -> None:
    """Erase a request with all that was answered, in the caller's transaction."""
    session.execute(delete(SourcingRequest).where(SourcingRequest.id == request_id))
