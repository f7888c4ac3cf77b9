"""Whether the service works: database, index, what waits between them, alerts, mails, webhooks,
freshness of sources."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.alerts.overview import Waiting as Alerts
from annuaire.alerts.overview import waiting as alerts_waiting
from annuaire.freshness import Freshness, freshness_of
from annuaire.mail.overview import Queue, queue_of
from annuaire.platforms import sending
from search.engine import Engine, EngineUnavailable

OK: Final = "ok"
DEGRADED: Final = "degrade"
DOWN: Final = "arret"
WORDS: Final = {
    OK: "Tout fonctionne.",
    DEGRADED: "Le service répond ; la recherche ou des envois sont en retard.",
    DOWN: "Une partie du service ne répond pas.",
}
LATE: Final = timedelta(minutes=10)  # a change is found within seconds when all is well


@dataclass(frozen=True, slots=True)
class Waiting:
    """Changes that the index has not taken yet, and since when the oldest waits."""

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """`index_counts` are documents by index; `to_rebuild` are those whose format changed."""

    checked_at: datetime
    database: bool
    index: bool
    index_counts: dict[str, int]
    to_rebuild: tuple[str, ...]
    waiting: Waiting
    alerts: Alerts
    mail: Queue
    webhooks: sending.Queue
    sources: tuple[Freshness, ...]

    @property
    def status(self) -> str:
        if not (self.database and self.index):
            return DOWN
        alerts = (self.alerts.changes_since, self.alerts.due_since)
        hooks = (self.webhooks.seen_at, self.webhooks.oldest)
        oldest = (self.waiting.since, self.mail.oldest, *alerts, *hooks)
        late = any(since is not None and self.checked_at - since > LATE for since in oldest)
        return DEGRADED if late or self.to_rebuild else OK


def health(open_session: Callable[[], Session], engine: Engine, now: datetime) -> Health:
    """How the service is at a moment; never raises. `open_session` may fail, as the database."""
    try:
        session = open_session()
        waiting, sources = _waiting(session), tuple(freshness_of(session, now=now))
        alerts, mail = alerts_waiting(session, now), queue_of(session, now)
        webhooks = sending.queue_of(session, now)
        database = True
    except SQLAlchemyError:
        waiting, sources, database = Waiting(), (), False
        alerts, mail, webhooks = Alerts(), Queue(), sending.Queue()
    try:
        found = engine.health()
        index, counts, rebuild = found.ok, dict(found.counts), tuple(found.needs_rebuild)
    except EngineUnavailable:
        index, counts, rebuild = False, {}, ()
    return Health(now, database, index, counts, rebuild, waiting, alerts, mail, webhooks, sources)


def _waiting(session: Session) -> Waiting:
    lines = outbox.waiting(session).values()
    oldest = min((moment for _, moment in lines), default=None)
    return Waiting(sum(count for count, _ in lines), oldest and oldest.astimezone(UTC))


def health_values(found: Health) -> dict[str, Any]:
    """The same for programs; nothing of it tells where the service runs."""
    return {
        "status": found.status,
        "checked_at": found.checked_at,
        "database": {"ok": found.database},
        "index": {
            "ok": found.index,
            "documents": found.index_counts,
            "to_rebuild": found.to_rebuild,
            "waiting": found.waiting.count,
            "waiting_since": found.waiting.since,
        },
        "alerts": {
            "waiting": found.alerts.changes,
            "waiting_since": found.alerts.changes_since,
            "due": found.alerts.due,
            "due_since": found.alerts.due_since,
        },
        "mail": {"due": found.mail.due, "due_since": found.mail.oldest},
        "webhooks": {
            "active": found.webhooks.active,
            "seen_at": found.webhooks.seen_at,
            "due": found.webhooks.due,
            "due_since": found.webhooks.oldest,
        },
        "sources": [
            {"name": each.name, "title": each.title, "read_at": each.read_at, "late": each.late}
            for each in found.sources
        ],
    }
