"""Alerts whose process is killed anywhere, again and again: each contract reaches each subscription
in one letter, and none is lost."""

import re
import time
from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.alerts.models import AlertDelivery
from annuaire.config import Settings
from annuaire.contracts.records import NoticeRecord
from annuaire.wording import PARIS
from search.indexing import INDEXES, rebuild
from tests.factories.alerts import Alerts, in_small_steps
from tests.factories.forked import Forked
from tests.factories.notices import call
from tests.factories.processes import Installation, kill_at_random

PEOPLE, CONTRACTS = 10, 12
TOLD = re.compile(r"/alertes/non/[^/]+/boamp-26-(\d+)")


class SmallSteps(Installation):
    """Commands that work by small steps: killed between two of them, or within one."""

    def start(self, *arguments: object) -> Forked:
        settings = {
            "ANNUAIRE_DATA_DIR": str(self.folder),
            "ANNUAIRE_DATABASE_URL": self.database_url,
        }
        return Forked(in_small_steps, [*map(str, arguments)], settings)


def notices(first: int) -> list[NoticeRecord]:
    today = datetime.now(PARIS).date()
    numbers = range(first, first + CONTRACTS)
    return [
        call(f"26-{n}", title=f"Nettoyage du site {n}", published_on=today, deadline=None)
        for n in numbers
    ]


@pytest.mark.long
def test_killed_alerts_tell_each_contract_once(
    app: Flask, session: Session, settings: Settings, long_run: bool
) -> None:
    alerts = Alerts(app, session, settings, datetime.now(UTC))
    for name in INDEXES:
        rebuild(session, alerts.engine, name, alerts.now.date())
    for number in range(PEOPLE):
        alerts.subscribe("marches", email=f"p{number}@exemple.fr", recherche="q=nettoyage")
    installation = SmallSteps(settings.data_dir, settings.database_url)
    alerts.publish(*notices(1))
    started = time.monotonic()
    installation.run("alerts", "run", expected=(0,))
    whole = time.monotonic() - started
    draw = Random(1)  # noqa: S311 - moments to kill at
    for turn in range(1, 21 if long_run else 2):
        alerts.publish(*notices(1 + turn * CONTRACTS))
        kill_at_random(installation, ["alerts", "run"], 3 if long_run else 1, whole, draw)
        installation.run("alerts", "run", expected=(0,))
        expected = {
            (f"p{person}@exemple.fr", contract): 1
            for person in range(PEOPLE)
            for contract in range(1, 1 + (turn + 1) * CONTRACTS)
        }
        told = Counter(
            (letter.address, int(number))
            for letter in alerts.letters()
            for number in set(TOLD.findall(letter.text or ""))
        )
        assert told == expected
        waiting = select(AlertDelivery.id).where(AlertDelivery.queued_at.is_(None))
        assert session.scalars(waiting).all() == []
        session.rollback()
