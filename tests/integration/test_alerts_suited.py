"""What alerts tell of structures and to them, and what they were taught is not for them."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.alerts import indexing, service, teaching
from annuaire.alerts.indexing import write_again
from annuaire.alerts.models import AlertDelivery, AlertSubscription, AlertTerm
from annuaire.alerts.wishes import When
from annuaire.config import Settings
from annuaire.db import writing
from annuaire.matching.opportunities import Wanted, opportunities
from annuaire.profiles.service import edit
from annuaire.structures.decision_models import StructureChange
from annuaire.structures.models import Structure, StructureActivity, StructureStatus
from annuaire.structures.service import by_siret
from search.indexing import drain
from tests.factories.alerts import AT_ONCE, Alerts, eve, paris
from tests.factories.notices import call, later

LATER = paris("2026-06-30T12:00")


@pytest.fixture
def alerts(app: Flask, session: Session, settings: Settings) -> Alerts:
    return eve(app, session, settings)


def structure(session: Session, siret: str, name: str, **changes: object) -> None:
    with writing(session):
        now = paris("2026-02-01T10:00")
        values = {"city": "Lille", "departement": "59", "code_insee": "59350", "lat": 50.63,
                  "lon": 3.06, "created_at": now, "updated_at": now} | changes  # fmt: skip
        found = Structure(key=siret, siret=siret, name=name, origins={}, **values)
        found.statuses = [StructureStatus(kind="EI", source="siae")]
        found.activities = [
            StructureActivity(code="nettoyage-locaux", origin="declared", evidence="", weight=1.0)
        ]
        session.add(found)


def test_what_is_not_for_us_is_no_longer_sent(alerts: Alerts) -> None:
    id_ = alerts.subscribe("marches", recherche="departement=59")
    alerts.publish(call())
    alerts.work("2026-05-04T10:00")

    def refuse(reference: str, *keys: str) -> None:
        teaching.refuse(alerts.session, id_, reference, list(keys), alerts.now)

    refuse("boamp-26-1", "contract:boamp-26-1", "activity:nettoyage-locaux")
    alerts.publish(
        later("26-2", "correction", 10, linked_keys=("26-1",), deadline=LATER),
        call("26-5", title="Nettoyage du stade"),
        call("26-6", title="Entretien des espaces verts"),
    )
    alerts.work("2026-05-14T10:00")
    assert len(alerts.letters()) == 2
    assert "espaces verts" in (alerts.letters()[1].text or "")
    refuse("boamp-26-6", "buyer:00009001900019")
    alerts.publish(call("26-7", title="Tonte des pelouses"))
    alerts.work("2026-05-15T10:00")
    assert len(alerts.letters()) == 2
    for refusal in service.refusals(alerts.session, id_):
        teaching.take_back(alerts.session, id_, refusal.id)
    alerts.publish(call("26-8", title="Tonte des pelouses du stade"))
    alerts.work("2026-05-16T10:00")
    assert len(alerts.letters()) == 3


def test_what_waits_is_dropped_with_all_that_is_refused(alerts: Alerts) -> None:
    id_ = alerts.subscribe("marches", When(rhythm="daily", hour=8), recherche="departement=59")
    alerts.publish(
        call(),
        call("26-5", title="Nettoyage du stade"),
        call("26-6", title="Entretien des espaces verts"),
    )
    alerts.work("2026-05-04T10:00")
    teaching.refuse(alerts.session, id_, "boamp-26-1", ["activity:nettoyage-locaux"], alerts.now)
    alerts.work("2026-05-05T08:00")
    (letter,) = alerts.letters()
    assert (letter.subject or "").startswith("1 nouveau marché")
    assert "espaces verts" in (letter.text or "")


def test_new_lot_is_told_to_the_structures_that_its_page_tells_of_it(
    alerts: Alerts, session: Session
) -> None:
    names = {
        "10000000000011": {}, "10000000000022": {"lat": 45.76, "lon": 4.85, "departement": "69"},
        "10000000000033": {"lat": 50.2, "lon": 3.2},
    }  # fmt: skip
    for siret, changes in names.items():
        structure(session, siret, f"PROPRETE {siret[-1]}", **changes)
    ids = {
        alerts.subscribe("pour-nous", email=f"{siret}@exemple.fr", structure=siret): siret
        for siret in names
    }
    alerts.publish(
        call(),
        call("26-5", title="Tonte"),
        call("26-6", title="Nettoyage du stade réservé aux ESAT"),
    )
    alerts.work("2026-05-04T10:00")
    told = session.execute(select(AlertDelivery.subscription_id, AlertDelivery.reference)).all()
    for id_, siret in ids.items():
        shown = opportunities(
            session, alerts.engine, by_siret(session, siret), alerts.now.date(), Wanted()
        )
        assert {r for s, r in told if s == id_} == {o.reference for o in shown}
    assert {ids[s] for s, _ in told} == {"10000000000011", "10000000000033"}
    first = alerts.letters()[0].text or ""
    assert "sur 100)" in first
    assert "Activité : Nettoyage de locaux et de bureaux (déclarée)." in first
    nearest = next(id_ for id_, siret in ids.items() if siret == "10000000000011")
    session.rollback()
    for number in range(4):  # each costs an alike lot five points, fifteen at most
        alerts.publish(call(f"26-2{number}", title=f"Nettoyage du gymnase {number}"))
        keys = [f"contract:boamp-26-2{number}"]
        teaching.refuse(session, nearest, f"boamp-26-2{number}", keys, alerts.now)
    alerts.publish(call("26-30", title="Nettoyage du gymnase 9"))
    alerts.work("2026-05-05T10:00")
    told_of = AlertDelivery.subscription_id == nearest, AlertDelivery.reference == "boamp-26-30"
    told_now = session.scalars(select(AlertDelivery).where(*told_of)).one()
    page = opportunities(
        session, alerts.engine, by_siret(session, "10000000000011"), alerts.now.date()
    )
    score = next(each.score for each in page if each.reference == "boamp-26-30")
    assert told_now.said["lots"][0]["score"] == score - 15


def test_lot_in_the_area_that_a_structure_declares_is_told_however_far(
    alerts: Alerts, session: Session
) -> None:
    siret = "10000000000022"
    structure(session, siret, "PROPRETE", lat=45.76, lon=4.85, departement="69")
    with writing(session):
        day = paris("2026-05-01T10:00").date()
        area = {"area": {"departements": ["59"]}}
        edit(session, by_siret(session, siret), "zone", area, 0, None, day)
    alerts.subscribe("pour-nous", structure=siret)
    alerts.subscribe("pour-nous", structure=siret, email="autre@exemple.fr", distance="50")
    alerts.publish(call())
    alerts.work("2026-05-04T10:00")
    (told,) = alerts.letters()
    assert "dit intervenir" in (told.text or "")


def test_structures_are_told_when_new_and_when_their_page_changes(
    alerts: Alerts, session: Session
) -> None:
    structure(session, "10000000000011", "ANCIENNE")
    alerts.subscribe("structures", recherche="activite=nettoyage-locaux&lieu=Lille")
    alerts.subscribe("structure", structure="10000000000011")
    now = paris("2026-05-04T10:00")
    structure(session, "10000000000022", "NOUVELLE", created_at=now, updated_at=now)
    with writing(session):
        session.add(
            StructureChange(structure_id=1, field="city", old="Lille", new="Lens", changed_at=now)
        )
        outbox.announce(session, "structures", [1, 2])
    drain(session, alerts.engine, now.date())
    for _ in range(2):
        alerts.work("2026-05-04T12:00")
        with writing(session):
            outbox.announce(session, "structures", [1, 2])
        drain(session, alerts.engine, now.date())
    assert alerts.told() == [
        "1 nouvelle structure : Nettoyage de locaux et de bureaux, à 25 km de Lille (59)",
        "1 changement : Page de ANCIENNE",
    ]
    assert "NOUVELLE" in (alerts.letters()[0].text or "")
    assert "Lens" in (alerts.letters()[1].text or "")


def test_terms_of_many_are_written_again_by_as_many_questions_as_those_of_one(
    alerts: Alerts, session: Session
) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    counts = []
    for number in range(1, 5):
        siret = f"100000000000{number}{number}"
        structure(session, siret, f"PROPRETE {number}")
        alerts.subscribe("pour-nous", structure=siret, email=f"p{number}@exemple.fr")
        before = terms(session)
        with writing(session):
            session.execute(update(AlertSubscription).values(indexed_on=None))
        asked.clear()
        event.listen(session.get_bind(), "before_cursor_execute", note)
        try:
            write_again(session, alerts.engine, alerts.site, alerts.now.date())
        finally:
            event.remove(session.get_bind(), "before_cursor_execute", note)
        counts.append(len(asked))
        assert terms(session) == before
    assert set(counts) == {counts[0]}


def test_what_is_changed_while_terms_are_written_again_keeps_its_own(
    alerts: Alerts, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    siret = "10000000000011"
    structure(session, siret, "PROPRETE")
    id_ = alerts.subscribe("pour-nous", structure=siret, distance="150")
    near = alerts.wish("pour-nous", structure=siret, distance="25")
    far = terms(session)
    today = alerts.now.date()
    with writing(session):
        session.execute(update(AlertSubscription).values(indexed_on=None))
    genuine = indexing.meant

    def changed_meanwhile(*given: Any) -> list[indexing.Meant]:
        found = genuine(*given)
        with Session(session.get_bind()) as other:
            service.change(other, alerts.engine, id_, near, AT_ONCE, alerts.now, today)
        return found

    monkeypatch.setattr(indexing, "meant", changed_meanwhile)
    write_again(session, alerts.engine, alerts.site, today)
    assert terms(session) < far


def terms(session: Session) -> set[tuple[int, str]]:
    found = session.execute(select(AlertTerm.subscription_id, AlertTerm.term)).all()
    session.rollback()
    return {(id_, term) for id_, term in found}
