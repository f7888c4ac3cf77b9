"""What alerts tell: each contract once, what changed that matters, at the hour that was chosen."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire.alerts import queries, service
from annuaire.alerts.models import AlertDelivery, AlertSubscription, AlertTerm
from annuaire.alerts.wishes import When
from annuaire.config import Settings
from annuaire.contracts import reading
from annuaire.db import writing
from tests.factories.alerts import Alerts, eve, paris
from tests.factories.notices import FOLDER, call, later, lots

LATER = datetime(2026, 6, 30, 10, tzinfo=UTC)
DAILY = When(rhythm="daily", hour=8)


@pytest.fixture
def alerts(app: Flask, session: Session, settings: Settings) -> Alerts:
    return eve(app, session, settings)


SEARCHES = (
    ("q=nettoyage", True),
    ("q=nettoyage&departement=59", True),
    ("lieu=Lille&rayon=20", True),
    ("activite=nettoyage-locaux&lieu=Nord", True),
    ("acheteur=00009001900019", True),
    ("acheteur=essai", True),
    ("", True),
    ("q=nettoyage&departement=69", False),
    ("q=netoyage", False),  # typos are put right before one subscribes
    ("q=nettoyage+piscine", False),  # no word is dropped
    ("lieu=Lyon&rayon=20", False),
    ("social=oui", False),
    ("acheteur=personne", False),
)


def test_new_contract_is_told_once_to_who_awaits_it(
    alerts: Alerts, monkeypatch: pytest.MonkeyPatch
) -> None:
    alerts.publish(later("26-0", "call", -64, title="Nettoyage du stade"))  # the past
    alerts.now = paris("2026-05-01T10:00")
    people = {query: f"p{number}@exemple.fr" for number, (query, _) in enumerate(SEARCHES)}
    for query, email in people.items():
        if query == "acheteur=personne":
            continue  # its form refuses a name that nobody bears; it may become so
        alerts.subscribe("marches", email=email, recherche=query)
    alerts.ask(alerts.wish("marches", recherche="q=nettoyage"), email="pending@exemple.fr")
    paused = alerts.subscribe("marches", email="paused@exemple.fr", recherche="q=nettoyage")
    service.pause(alerts.session, paused)
    alerts.work()
    assert alerts.letters() == []
    alerts.publish(call(folder=FOLDER))
    alerts.work("2026-05-04T10:00")
    expected = {people[query] for query, finds in SEARCHES if finds}
    assert {letter.address for letter in alerts.letters()} == expected
    assert len(alerts.letters()) == len(expected)
    assert alerts.told()[0] == "1 nouveau marché : « nettoyage »"
    letter = alerts.letters()[0]
    for said in (
        "Commune d'essai – Lille, Nord", "12\xa0juin\xa02026 à 12\xa0h", "/marches/boamp-26-1",
        "Pas pour nous : http://127.0.0.1:8000/alertes/non/", "/alertes/quitter/",
    ):  # fmt: skip
        assert said in (letter.text or "")
    assert letter.unsubscribe in (letter.text or "")

    alerts.now = paris("2026-05-05T10:00")
    service.resume(alerts.session, paused, alerts.now)
    alerts.publish(call(folder=FOLDER))  # the same again
    alerts.publish(call("77-2026", source="ted", folder=FOLDER))  # and elsewhere
    monkeypatch.setattr(reading, "knowledge_digest", lambda: "other rules")
    alerts.publish(call(folder=FOLDER))
    assert alerts.work().looked_at == 1
    assert len(alerts.letters()) == len(expected)
    assert alerts.session.scalar(select(func.count()).select_from(AlertDelivery)) == len(expected)


def test_what_is_read_late_is_no_news(alerts: Alerts) -> None:
    alerts.subscribe("marches", recherche="q=nettoyage")
    alerts.now = paris("2026-07-01T10:00")
    alerts.publish(call())  # published on 4 May
    assert alerts.work().found == 0
    alerts.publish(later("26-2", "correction", 50, linked_keys=("26-1",)))
    assert alerts.work().found == 1


def test_a_change_waits_for_the_index_and_for_nobody_who_is_not_there(alerts: Alerts) -> None:
    def lines() -> int | None:
        alerts.session.rollback()
        return alerts.session.execute(queries.lines_waiting()).one()[0]

    alerts.publish(call())
    assert lines() == 1
    alerts.work()
    assert lines() == 0  # nobody awaits anything
    alerts.now = paris("2026-05-03T10:00")
    alerts.subscribe("marches", recherche="q=nettoyage")
    alerts.publish(call("26-5"), indexed=False)
    assert alerts.work("2026-05-04T10:00").looked_at == 0
    assert lines() == 1
    alerts.publish(call("26-6"))
    assert alerts.work().found == 2
    assert lines() == 0


def test_what_changed_that_matters_is_told_once(alerts: Alerts) -> None:
    alerts.subscribe("marches", recherche="q=nettoyage")
    alerts.publish(call(lots=lots("1 Nettoyage des vitres", "2 Nettoyage des sols")))
    alerts.work("2026-05-04T10:00")
    correction = later("26-2", "correction", 10, linked_keys=("26-1",), deadline=LATER)
    alerts.publish(correction)
    alerts.publish(correction)
    alerts.work("2026-05-14T10:00")
    alerts.publish(later("26-3", "correction", 12, linked_keys=("26-1",)))  # nothing that matters
    alerts.work("2026-05-16T10:00")
    alerts.publish(
        later("26-4", "correction", 14, linked_keys=("26-1",),
              lots=lots("1 Nettoyage des vitres", "2 Nettoyage des sols", "3 Vitrerie"))
    )  # fmt: skip
    alerts.work("2026-05-18T10:00")
    alerts.publish(later("26-5", "cancellation", 15, linked_keys=("26-1",), outcome="abandoned"))
    alerts.work("2026-05-19T10:00")
    assert alerts.told() == [
        "1 nouveau marché : « nettoyage »",
        *["1 marché modifié : « nettoyage »"] * 3,
    ]
    moved, lot, cancelled = (letter.text or "" for letter in alerts.letters()[1:])
    assert "Réponse avant le 30\xa0juin\xa02026 à 12\xa0h" in moved
    assert "elle est maintenant le 30\xa0juin\xa02026 à 12\xa0h" in moved
    assert "2\xa0lots avant, 3 maintenant" in lot
    assert "Ce marché est annulé." in cancelled


def test_deadline_that_moves_and_moves_back_is_told_each_time(alerts: Alerts) -> None:
    alerts.subscribe("marches", recherche="q=nettoyage")
    first = call()
    alerts.publish(first)
    alerts.work("2026-05-04T10:00")
    for day, deadline in enumerate((LATER, first.deadline, LATER, LATER), 1):
        alerts.publish(
            later(f"26-{day + 1}", "correction", day, linked_keys=("26-1",), deadline=deadline)
        )
        alerts.work(f"2026-05-{10 + day}T10:00")
    said = [str(letter.text).partition("elle est maintenant le ")[2] for letter in alerts.letters()]
    assert [text.split("\xa0")[0] for text in said] == ["", "30", "12", "30"]


def test_digest_leaves_at_its_hour_and_a_deadline_is_recalled_once(alerts: Alerts) -> None:
    when = When(rhythm="daily", hour=8, reminder_days=3)
    alerts.subscribe("marches", when, recherche="q=nettoyage")
    alerts.publish(call())
    alerts.work("2026-05-04T10:00")
    alerts.publish(call("26-5", title="Nettoyage du stade"))
    alerts.work("2026-05-04T18:00")
    assert alerts.told() == []
    alerts.work("2026-05-05T08:00")
    alerts.work("2026-05-05T09:00")
    assert alerts.told() == ["2 nouveaux marchés : « nettoyage »"]
    for moment in ("2026-06-08T10:00", "2026-06-09T07:00"):
        alerts.work(moment)
    assert len(alerts.told()) == 1
    for moment in ("2026-06-09T08:10", "2026-06-09T12:00", "2026-06-10T08:10"):
        alerts.work(moment)
    assert alerts.told()[1:] == ["2 rappels : « nettoyage »"]
    assert "il reste 3\xa0jours" in (alerts.letters()[1].text or "")


def test_more_than_a_letter_holds_is_said_with_a_link(alerts: Alerts) -> None:
    alerts.subscribe("marches", DAILY, recherche="q=nettoyage&departement=59")
    alerts.publish(*(call(f"26-{n}", title=f"Nettoyage du site {n}") for n in range(1, 26)))
    alerts.work("2026-05-04T10:00")
    alerts.work("2026-05-05T08:00")
    (letter,) = alerts.letters()
    assert letter.subject == "25 nouveaux marchés : « nettoyage », Nord (59)"
    assert (letter.text or "").count("Pas pour nous") == 20
    assert "5\xa0autres sur le site : http://127.0.0.1:8000/marches?q=nettoyage" in str(letter.text)
    assert (letter.html or "").count("/alertes/non/") == 20


def test_filter_that_vanished_is_said_and_finds_nothing(alerts: Alerts) -> None:
    id_ = alerts.subscribe("marches", recherche="activite=nettoyage-locaux")
    with writing(alerts.session):
        found = alerts.session.get_one(AlertSubscription, id_)
        found.query = "activite=disparue&departement=59"
    alerts.work("2026-05-04T07:00")  # its terms are written again each day
    alerts.publish(call())
    alerts.work("2026-05-04T10:00")
    assert alerts.told() == ["Votre alerte est à corriger : Nettoyage de locaux et de bureaux"]
    assert "« disparue » n'existe pas" in (alerts.letters()[0].text or "")
    assert alerts.session.scalar(select(func.count()).select_from(AlertTerm)) == 0
    wish = alerts.wish("marches", recherche="departement=59")
    service.change(alerts.session, alerts.engine, id_, wish, DAILY, alerts.now, alerts.now.date())
    alerts.publish(call("26-5"))
    alerts.work("2026-05-04T11:00")
    alerts.work("2026-05-05T11:00")
    assert len(alerts.letters()) == 2
