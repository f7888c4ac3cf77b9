"""An alert that is erased while its person does something else with it."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from annuaire.alerts import service, teaching
from annuaire.alerts.models import AlertSubscription
from annuaire.alerts.wishes import read_wish
from annuaire.config import Settings
from annuaire.db import db, writing
from annuaire.errors import NotFoundError
from annuaire.geo.free_address import find_place
from tests.factories.alerts import AT_ONCE, Alerts, eve
from tests.factories.notices import call

HEAD_START = 0.3  # seconds: enough, on the whole, to be waiting for who erases
Act = Callable[[Alerts, Session, int], object]


def confirm(alerts: Alerts, own: Session, id_: int) -> None:
    service.confirm(own, alerts.engine, id_, alerts.now, alerts.now.date())


def change(alerts: Alerts, own: Session, id_: int) -> None:
    given = {"sorte": "marches", "recherche": "departement=62"}
    wish, _ = read_wish(own, alerts.engine, find_place, given)
    assert wish is not None
    service.change(own, alerts.engine, id_, wish, AT_ONCE, alerts.now, alerts.now.date())


def refuse(alerts: Alerts, own: Session, id_: int) -> None:
    teaching.refuse(own, id_, "boamp-26-1", ["contract:boamp-26-1"], alerts.now)


ACTS: tuple[Act, ...] = (
    confirm,
    change,
    refuse,
    lambda _, own, id_: service.pause(own, id_),
    lambda alerts, own, id_: service.resume(own, id_, alerts.now),
)


@pytest.fixture
def alerts(app: Flask, session: Session, settings: Settings) -> Alerts:
    found = eve(app, session, settings)
    found.publish(call())
    return found


def test_whoever_comes_while_an_alert_is_erased_is_told_that_it_is_no_more(
    alerts: Alerts, session: Session
) -> None:
    ids = [alerts.ask(alerts.wish("marches", recherche=f"q=essai{n}")) for n in range(3)]
    ids += [alerts.subscribe("marches", recherche=f"q=essai{n}") for n in (3, 4)]
    with writing(session):
        service.pause(session, ids[-1])
    said: list[str] = []

    def do(act: Act, id_: int) -> None:
        with alerts.app.app_context(), Session(db.engine) as own:
            try:
                act(alerts, own, id_)
            except NotFoundError as error:
                said.append(error.message)
            except Exception as error:  # noqa: BLE001 - a thread's errors are told by the test
                said.append(f"{act}: {error!r}")

    threads = [threading.Thread(target=do, args=each) for each in zip(ACTS, ids, strict=True)]
    with writing(session):
        session.execute(delete(AlertSubscription))
        for thread in threads:
            thread.start()
        threads[0].join(HEAD_START)
    for thread in threads:
        thread.join(30)
    assert said == [service.GONE] * len(ACTS)
