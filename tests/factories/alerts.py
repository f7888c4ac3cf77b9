"""Alerts as people have them: asked for, confirmed, and served by a worker at any moment."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annuaire.alerts import digests, rhythm, service, working
from annuaire.alerts.links import Site
from annuaire.alerts.models import AlertSubscription
from annuaire.alerts.wishes import When, Wish, read_wish
from annuaire.alerts.working import Work, Worker
from annuaire.cli import main
from annuaire.config import Settings
from annuaire.contracts.models import Contract
from annuaire.contracts.publishing import Changes, publish
from annuaire.contracts.records import NoticeRecord
from annuaire.db import writing
from annuaire.geo.free_address import find_place
from annuaire.mail.models import MailLetter
from annuaire.runs import open_run
from annuaire.wording import PARIS
from search.indexing import drain

AT_ONCE = When(rhythm="at_once")


def in_small_steps() -> None:
    """The command line, whose alerts work by a few changes and letters at a time."""
    working.LINES = 3  # type: ignore[misc]  # final but for this process
    digests.BATCH = 2  # type: ignore[misc]
    rhythm.GATHER = timedelta(0)  # type: ignore[misc]
    main()


def paris(text: str) -> datetime:
    """A moment of Paris: « 2026-05-10T08:00 »."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


@dataclass
class Alerts:
    """The alerts of a site, at the moment `now` that the test moves."""

    app: Flask
    session: Session
    settings: Settings
    now: datetime
    _worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.site = Site(self.settings.public_url, self.settings.secret_key)
        self.engine = self.app.extensions["annuaire.engine"]
        self._worker = Worker(self.site, lambda: self.now)

    def wish(self, sort: str, **given: str) -> Wish:
        """What a form asks; fails when it is refused."""
        wish, errors = read_wish(self.session, self.engine, find_place, {"sorte": sort} | given)
        assert wish is not None, errors
        return wish

    def subscribe(
        self, sort: str, when: When = AT_ONCE, email: str = "ada@exemple.fr", **given: str
    ) -> int:
        """A confirmed alert."""
        id_ = self.ask(self.wish(sort, **given), when, email)
        service.confirm(self.session, self.engine, id_, self.now, self.now.date())
        return id_

    def ask(self, wish: Wish, when: When = AT_ONCE, email: str = "ada@exemple.fr") -> int:
        """An alert that waits to be confirmed."""
        service.subscribe(self.session, self.site, wish, when, email, "visitor", self.now)
        newest = select(AlertSubscription.id).order_by(AlertSubscription.id.desc()).limit(1)
        id_ = self.session.scalar(newest)
        assert id_ is not None
        self.session.rollback()
        return id_

    def publish(self, *records: NoticeRecord) -> None:
        """Have notices read and indexed."""
        with writing(self.session):
            run_id = open_run(self.session, "boamp", "essai", "")
        with writing(self.session, bulk=True):
            publish(self.session, run_id, records, Changes())
            # They came by the test's clock.
            came = update(Contract).where(Contract.created_at > self.now)
            self.session.execute(came.values(created_at=self.now))
        drain(self.session, self.engine, self.now.date())
        self.session.expire_all()

    def work(self, at: str | None = None) -> Work:
        """Do all that waits, at a moment."""
        if at:
            self.now = paris(at)
        return self._worker.work(self.session, self.engine)

    def letters(self, purpose: str = "alert") -> list[MailLetter]:
        """The letters that were queued, the oldest first."""
        self.session.rollback()
        found = self.session.scalars(
            select(MailLetter).where(MailLetter.purpose == purpose).order_by(MailLetter.id)
        )
        return list(found)

    def told(self) -> list[str]:
        """The subjects of the digests, the oldest first."""
        return [letter.subject or "" for letter in self.letters()]
