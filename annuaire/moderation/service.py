"""What moderators decide: each decision a row, logged, told to the person, undone by another."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, Final

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.orm import Session

from annuaire.accounts import audit
from annuaire.accounts.models import User
from annuaire.claims.letters import written
from annuaire.errors import AnnuaireError, InvalidInputError, NotFoundError
from annuaire.mail.service import queue as queue_letter
from annuaire.moderation.items import By, Decided, Item, Queue
from annuaire.moderation.models import ModerationDecision
from annuaire.moderation.queues import QUEUES
from annuaire.sql import possible
from annuaire.structures.reports import KEPT as REPORTS_KEPT

MOST: Final = 100  # items of one bulk act
MAX_REASON: Final = 500
REASONS_KEPT: Final = timedelta(days=1_096)
VERDICTS: Final = {"accept": "accepté", "refuse": "refusé", "undo": "annulé"}
STATISTICS_DAYS: Final = 30
CHANGED: Final = "cela a changé depuis que vous avez ouvert la page : relisez, puis décidez."
OWN: Final = "C’est votre propre demande : une autre personne de la modération doit en décider."


def queue_named(name: str) -> Queue:
    """A queue by its name. Raises NotFoundError."""
    if name not in QUEUES:
        raise NotFoundError(f"Aucune file ne s’appelle « {name[:30]} ».")
    return QUEUES[name]


def decide(
    session: Session,
    queue: Queue,
    ids: Sequence[int],
    verdict: str,
    by: By,
    seen: datetime | None = None,
) -> list[ModerationDecision]:
    """Decide of items alike, in the caller's transaction: all, or none. Nobody accepts what they
    asked for themselves, nor what changed since it was `seen`. Raises NotFoundError, and
    InvalidInputError that names the item which cannot be decided."""
    refuse_verdict(queue, verdict)
    wanted = sorted(set(ids))
    if not 0 < len(wanted) <= MOST:
        raise InvalidInputError(f"Cochez de 1 à {MOST} lignes.")
    refuse_reason(by.reason)
    made = []
    for item_id in wanted:
        if not possible(item_id):
            raise NotFoundError("Cette ligne n’existe pas.")
        item = queue.item(session, item_id)
        if verdict == "accept" and item.account == by.user_id:
            raise InvalidInputError(f"{item.title} : {OWN}")
        if verdict == "accept" and seen is not None and item.since > seen:
            raise InvalidInputError(f"{item.title} : {CHANGED}")
        try:
            kept = queue.decide(session, item, verdict, by)
        except AnnuaireError as error:
            raise InvalidInputError(f"{item.title} : {error.message}") from error
        made.append(_keep(session, queue, item, verdict, by, kept))
        if verdict not in queue.writes:
            _tell(session, queue, item.person, made[-1], by)
    return made


def refuse_verdict(queue: Queue, verdict: str) -> None:
    """Raises InvalidInputError for a verdict that a queue has no button for."""
    if not {"accept": queue.accept, "refuse": queue.refuse}.get(verdict):
        raise InvalidInputError("Choisissez d’accepter ou de refuser.")


def refuse_reason(reason: str) -> None:
    """Raises InvalidInputError without a reason, or with a long one."""
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidInputError(f"Donnez la raison, en {MAX_REASON} signes au plus.", "motif")


def _keep(
    session: Session, queue: Queue, item: Item, verdict: str, by: By, kept: dict[str, Any]
) -> ModerationDecision:
    decision = ModerationDecision(
        queue=queue.name,
        item_id=item.id,
        title=item.title,
        verdict=verdict,
        reason=by.reason.strip(),
        waited=max(0, round((by.now - item.since).total_seconds())),
        kept=kept,
        decided_by=by.user_id,
        decided_at=by.now,
    )
    session.add(decision)
    session.flush()
    _log(session, decision, by)
    return decision


def _log(session: Session, decision: ModerationDecision, by: By) -> None:
    # Not the reason: it may be erased one day, and the log cannot be.
    audit.record(
        session, f"moderation.{decision.verdict}", decision.queue, decision.item_id,
        actor_id=by.user_id, decision=decision.id,
    )  # fmt: skip


def _tell(
    session: Session, queue: Queue, person: str | None, decision: ModerationDecision, by: By
) -> None:
    if person is None:
        return
    words = {"accept": queue.accept, "refuse": queue.refuse, "undo": "décision annulée"}
    letter = written(
        person,
        f"moderation:{decision.id}",
        by.site,
        f"Réponse de la modération : {decision.title}",
        [
            f"Au sujet de votre demande « {decision.title} » : {words[decision.verdict].lower()}.",
            by.reason.strip(),
        ],
        None,
        "Vous recevez ce courriel parce que vous nous avez écrit ou demandé quelque chose.",
        purpose="moderation",
    )
    queue_letter(session, letter)


def _person(session: Session, queue: Queue, decision: ModerationDecision) -> str | None:
    """Whom a decision was about: by its item, or by the account when the item is another now."""
    try:
        return queue.item(session, decision.item_id).person
    except NotFoundError:
        user = session.get(User, decision.kept.get("user_id", 0))
        return user.email if user else None


def _account(session: Session, queue: Queue, decision: ModerationDecision) -> int | None:
    """Whose account a decision was about: as the queue kept it, or by its item."""
    if "user_id" in decision.kept:
        return int(decision.kept["user_id"])
    try:
        return queue.item(session, decision.item_id).account
    except NotFoundError:
        return None


def undo(session: Session, decision_id: int, by: By) -> ModerationDecision:
    """Undo a decision, in the caller's transaction. Raises NotFoundError, and InvalidInputError
    when it is undone already or cannot be any more."""
    found = None
    if possible(decision_id):
        wanted = select(ModerationDecision).where(ModerationDecision.id == decision_id)
        found = session.scalars(wanted.with_for_update()).one_or_none()
    if found is None:
        raise NotFoundError(f"Aucune décision ne porte le numéro {decision_id}.")
    refuse_reason(by.reason)
    if found.verdict == "undo":
        raise InvalidInputError("Une annulation ne s’annule pas : décidez de nouveau.")
    if session.scalar(
        select(ModerationDecision.id).where(ModerationDecision.undoes == decision_id)
    ):
        raise InvalidInputError("Cette décision est déjà annulée.")
    queue = queue_named(found.queue)
    if found.verdict == "refuse" and _account(session, queue, found) == by.user_id:
        raise InvalidInputError(OWN)  # what was shown or held before would be again
    queue.undo(session, Decided(found.item_id, found.verdict, found.kept), by)
    session.flush()
    row = ModerationDecision(
        queue=found.queue, item_id=found.item_id, title=found.title, verdict="undo",
        reason=by.reason.strip(), kept={}, decided_by=by.user_id, decided_at=by.now,
        undoes=found.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _log(session, row, by)
    if row.verdict not in queue.writes:
        _tell(session, queue, _person(session, queue, found), row, by)
    return row


def decisions(queue: str | None = None) -> Select[ModerationDecision]:
    """Decisions, the newest first."""
    found = select(ModerationDecision).order_by(ModerationDecision.id.desc())
    return found.where(ModerationDecision.queue == queue) if queue else found


def decisions_of(queue: str, item_id: int) -> Select[ModerationDecision]:
    """What was decided of an item, the newest first."""
    return decisions(queue).where(ModerationDecision.item_id == item_id)


def undone_among(session: Session, ids: Sequence[int]) -> set[int]:
    """Which of these decisions are undone."""
    wanted = select(ModerationDecision.undoes).where(ModerationDecision.undoes.in_(ids))
    return {number for number in session.scalars(wanted) if number is not None}


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of one queue: what waits, what was decided by day, how long it had waited (median, days)."""

    queue: Queue
    count: int
    oldest: datetime | None
    by_day: dict[date, int]
    waited_days: float | None


def statistics(session: Session, now: datetime) -> list[Statistics]:
    """How the queues stand, and what was decided in thirty days."""
    since = now - timedelta(days=STATISTICS_DAYS)
    rows = session.execute(
        select(ModerationDecision.queue, ModerationDecision.decided_at, ModerationDecision.waited)
        .where(ModerationDecision.decided_at > since, ModerationDecision.verdict != "undo")
        .order_by(ModerationDecision.id)
    ).all()
    found = []
    for queue in QUEUES.values():
        waits = queue.waits(session)
        own = [row for row in rows if row.queue == queue.name]
        days = Counter(row.decided_at.date() for row in own)
        waited = [row.waited for row in own if row.waited is not None]
        middle = median(waited) / 86_400 if waited else None
        found.append(
            Statistics(queue, waits.count, waits.oldest, dict(sorted(days.items())), middle)
        )
    return found


def purge(session: Session, now: datetime) -> int:
    """Erase, in the caller's transaction, the reasons of answers to reports when the reports
    themselves are erased, and all others after three years; returns how many."""
    gone = session.scalars(
        update(ModerationDecision)
        .where(
            or_(
                and_(
                    ModerationDecision.queue == "signalements",
                    ModerationDecision.decided_at < now - REPORTS_KEPT,
                ),
                ModerationDecision.decided_at < now - REASONS_KEPT,
            ),
            ModerationDecision.reason != "",
        )
        .values(reason="")
        .returning(ModerationDecision.id)
    ).all()
    return len(gone)
