"""What alerts have to do, for who watches over the service: figures alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from annuaire.alerts import due_queries, queries


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many `changes` nobody looked at yet and how many digests are `due`, each with the moment
    since which the oldest waits."""

    changes: int = 0
    changes_since: datetime | None = None
    due: int = 0
    due_since: datetime | None = None


def waiting(session: Session, now: datetime) -> Waiting:
    """What waits at a moment. Changes that no alert may await wait for nobody."""
    if session.scalar(queries.any_active()) is None:
        return Waiting()
    changes, changes_since = session.execute(queries.lines_waiting()).one()
    _, due, due_since = session.execute(due_queries.digests_waiting(now)).one()
    return Waiting(changes, changes_since, due, due_since)
