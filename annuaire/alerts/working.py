"""The work of alerts, step by step: look at what changed, recall deadlines, compose digests. Each
step is one transaction, and may be killed anywhere: what was not committed is done again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.alerts import queries
from annuaire.alerts.batches import batch_of
from annuaire.alerts.digests import send_due, send_reminders
from annuaire.alerts.finding import Looked, look
from annuaire.alerts.indexing import write_again
from annuaire.alerts.links import Site
from annuaire.alerts.reminders import remind
from annuaire.alerts.service import purge
from annuaire.alerts.storing import store
from annuaire.alerts.structures import look_at_structures
from annuaire.alerts.telling import Telling
from annuaire.db import reading, writing
from annuaire.outbox import FOLLOWERS
from annuaire.wording import PARIS
from search.engine import Engine

LINES: Final = 1_000  # changes looked at together
HOUSE: Final = timedelta(minutes=1)  # between two looks at what time alone brings


@dataclass
class Work:
    """What was done: changes looked at, things found, letters queued."""

    looked_at: int = 0
    found: int = 0
    letters: int = 0


@dataclass
class Worker:
    """Who works for a site; `now` gives the moment. Contracts are told from one digest to the next
    as they were made once that day."""

    site: Site
    now: Callable[[], datetime]
    _telling: dict[date, Telling] = field(default_factory=dict)
    _kept_house: datetime | None = None

    def work(self, session: Session, engine: Engine) -> Work:
        """Do all that waits. Raises EngineUnavailable; what waits then stays."""
        done = Work()
        if self._kept_house is None or self.now() >= self._kept_house + HOUSE:
            self.keep_house(session, engine, done)
        self.look(session, engine, done)
        self.send(session, done)
        session.rollback()
        return done

    def keep_house(self, session: Session, engine: Engine, done: Work) -> None:
        """What time alone brings: what expires, terms of another day, deadlines that come."""
        purge(session, self.now())
        while write_again(session, engine, self.site, self._today()):
            pass
        done.found += remind(session, self.now())
        self._kept_house = self.now()

    def look(self, session: Session, engine: Engine, done: Work) -> None:
        """Find who awaits what changed."""
        while sum(self._take(session, engine, name, done) for name in FOLLOWERS):
            pass

    def send(self, session: Session, done: Work) -> None:
        """Queue the digests and reminders whose hour has come."""
        today = self._today()
        if today not in self._telling:
            self._telling = {today: Telling(self.site.url, today)}
        telling = self._telling[today]
        done.letters += send_due(session, self.site, telling, self.now())
        done.letters += send_reminders(session, self.site, telling, self.now())

    def _today(self) -> date:
        return self.now().astimezone(PARIS).date()

    def _take(self, session: Session, engine: Engine, index: str, done: Work) -> int:
        """Look at some changes; returns how many lines told of them."""
        today = self._today()
        session.rollback()
        reading(session)
        if session.scalar(queries.any_active()) is None:
            return _forget(session, index)
        lines = session.execute(queries.oldest_lines(index, LINES)).all()
        wanted = dict.fromkeys(line.object_id for line in lines)
        behind = set(session.scalars(queries.not_indexed(index, wanted))) if wanted else set()
        lines = [line for line in lines if line.object_id not in behind]
        if not lines:
            session.rollback()
            return 0
        ids = [id_ for id_ in wanted if id_ not in behind]
        looked = (
            look(session, engine, batch_of(session, ids, today), today)
            if index == "contracts"
            else look_at_structures(session, engine, ids, today)
        )
        session.rollback()
        done.found += _keep(session, [line.id for line in lines], looked, self.now())
        done.looked_at += len(ids)
        session.expunge_all()
        return len(lines)


def _keep(session: Session, lines: list[int], looked: Looked, now: datetime) -> int:
    """Write what was found and forget the lines that told of it, together; nothing when another
    process had them first."""
    with writing(session):
        if not outbox.done(session, outbox.Batch(tuple(lines), ())):
            session.rollback()
            return 0
        return store(session, looked, now)


def _forget(session: Session, index: str) -> int:
    """Nobody awaits anything: what changed until now needs no look."""
    end = outbox.mark(session, FOLLOWERS[index])
    session.rollback()
    if not end.count:
        return 0
    with writing(session):
        outbox.forget_before(session, FOLLOWERS[index], end)
    return 0
