"""The pages of alerts: asked for, confirmed, changed, left; and what nobody may do with them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from annuaire.alerts import limits, service
from annuaire.alerts.links import CONFIRM, LEAVE, MINE, REFUSE
from annuaire.alerts.models import AlertDelivery, AlertSubscription
from annuaire.alerts.wishes import When
from annuaire.config import Settings
from annuaire.db import writing
from annuaire.errors import InvalidInputError
from annuaire.mail.models import MailSuspension
from search.indexing import INDEXES, rebuild
from tests.factories.accounts import make_user, sign_in
from tests.factories.alerts import Alerts
from tests.factories.commands import Run, last_json
from tests.factories.files import siae
from tests.factories.pages import token_of, words_of
from tests.factories.site import fill_site

KEY = siae(1)["siret"]
NEW = "/alertes/nouvelle"


@pytest.fixture
def alerts(app: Flask, session: Session, settings: Settings) -> Alerts:
    """The alerts of a site that knows nothing yet."""
    found = Alerts(app, session, settings, datetime.now(UTC))
    for name in INDEXES:
        rebuild(session, found.engine, name, found.now.date())
    return found


@pytest.fixture
def filled(alerts: Alerts, run: Run, tmp_path: Path) -> Alerts:
    """The alerts of a site with a few structures and contracts."""
    fill_site(run, tmp_path)
    return alerts


def local(alerts: Alerts, purpose: str, value: int | str) -> str:
    return alerts.site.link(purpose, value).removeprefix(alerts.site.url)


def post(
    client: FlaskClient, path: str, form: str | None = None, **given: object
) -> tuple[int, str]:
    """Send the form that a page shows: status, and the page that it leads to."""
    token = token_of(client.get(form or path).text)
    answer = client.post(path, data={"csrf_token": token, **given}, follow_redirects=True)
    return answer.status_code, words_of(answer.text)


ADDRESSES = (
    ("/alertes", 200),
    (f"{NEW}?sorte=marches&recherche=q%3Dnettoyage%26social%3Doui", 200),
    (f"{NEW}?sorte=marches&recherche=", 200),
    (f"{NEW}?sorte=structures&recherche=lieu%3DLille", 200),
    (f"{NEW}?sorte=structure&structure={KEY}", 200),
    (f"{NEW}?sorte=pour-nous&structure={KEY}&distance=50&clauses=oui&points=50", 200),
    (f"{NEW}?sorte=pour-nous&structure={KEY}&distance=-1&points=x", 200),
    (f"{NEW}?sorte=pour-nous&structure=00000000000000", 400),
    (f"{NEW}?sorte=marches&recherche=zzz%3D1", 400),
    (f"{NEW}?sorte=marches&recherche=activite%3Ddisparue", 400),
    (f"{NEW}?sorte=marches&recherche=acheteur%3Dpersonne", 400),
    (f"{NEW}?sorte=marches&recherche={'q%3D' * 1000}", 400),
    (f"{NEW}?sorte=marches&recherche={'a%3Db%26' * 300}", 400),
    (f"{NEW}?sorte=autre", 400),
    (NEW, 400),
    ("/alertes/confirmer/forge", 404),
    ("/alertes/mes/forge", 404),
    ("/alertes/quitter/forge.forge.forge", 404),
    ("/alertes/non/forge/boamp-26-1", 404),
)


def test_every_address_has_its_answer_and_every_search_its_button(
    filled: Alerts, client: FlaskClient
) -> None:
    for path, status in ADDRESSES:
        assert client.get(path).status_code == status, path
    for page in ("/marches?q=nettoyage&page=2", "/structures?lieu=Lille"):
        assert "/alertes/nouvelle?sorte=" in client.get(page).text
        assert "page%3D2" not in client.get(page).text
    assert "sorte=pour-nous" in client.get(f"/structures/{KEY}/marches").text
    assert "sorte=structure&amp;" in client.get(f"/structures/{KEY}").text
    buyer = "/acheteurs/commune%20d%27essai%7C59000"
    assert "acheteur%3Dcommune" in client.get(buyer).text


def test_an_alert_is_asked_for_confirmed_changed_paused_and_left(
    filled: Alerts, client: FlaskClient, session: Session
) -> None:
    alerts = filled
    form = f"{NEW}?sorte=marches&recherche=q%3Dnettoyage"
    given = {"sorte": "marches", "recherche": "q=nettoyage", "rythme": "daily", "heure": "9"}
    for wrong in ({"courriel": ""}, {"courriel": "a b@c"}, {"courriel": "a@b.fr", "heure": "99"}):
        status, page = post(client, NEW, form, **given | wrong)
        assert (status, "à corriger" in page) == (400, True)
    status, page = post(client, NEW, form, **given, courriel="Ada@exemple.fr", site="robot")
    assert session.scalar(select(func.count()).select_from(AlertSubscription)) == 0
    status, page = post(client, NEW, form, **given, courriel="Ada@exemple.fr")
    assert (status, "Un courriel vient d’être envoyé à Ada@exemple.fr" in page) == (200, True)
    post(client, NEW, form, **given, courriel="ada@EXEMPLE.fr")  # twice is once
    (letter,) = alerts.letters("confirm")
    confirm = next(line for line in str(letter.text).splitlines() if "/confirmer/" in line)
    confirm = confirm.removeprefix(alerts.site.url)
    client.get(confirm)
    alert = session.scalars(select(AlertSubscription)).one()
    assert alert.state == "pending"  # opening a link changes nothing
    id_ = alert.id
    session.rollback()
    assert "est confirmée" in post(client, confirm)[1]
    mine = local(alerts, MINE, "ada@exemple.fr")
    own = f"{mine}/{id_}"
    changed = {"rythme": "weekly", "jour": "2", "heure": "7", "rappel": "5"}
    assert "le mercredi vers 7 h ; rappel 5 jours avant" in post(client, own, **changed)[1]
    assert post(client, own, **changed | {"rythme": "yearly"})[0] == 400
    assert "Suspendue" in post(client, f"{own}/suspendre", mine)[1]
    assert "En cours" in post(client, f"{own}/reprendre", mine)[1]
    refused = local(alerts, REFUSE, id_) + "/boamp-26-2"
    assert "C’est noté" in post(client, refused, motif="contract:boamp-26-2")[1]
    assert post(client, refused, motif="contract:autre")[0] == 400
    (refusal,) = service.refusals(session, id_)
    session.rollback()
    assert "C’est oublié" in post(client, f"{refused}/reprendre", refused, refus=refusal.id)[1]
    leave = local(alerts, LEAVE, id_)
    client.get(leave)
    assert session.get(AlertSubscription, id_) is not None
    session.rollback()
    one_click = client.post(leave, data={"List-Unsubscribe": "One-Click"})  # RFC 8058: no token
    assert one_click.status_code == 200
    assert session.get(AlertSubscription, id_) is None
    session.rollback()
    for path in (leave, mine):
        assert client.get(path).status_code == 200
    assert client.get(own).status_code == 404
    assert client.post(leave).status_code == 200


def test_search_of_an_alert_is_changed_on_its_own_page_and_brought_back(
    filled: Alerts, client: FlaskClient, session: Session
) -> None:
    id_ = filled.subscribe(
        "marches", When(rhythm="daily", reminder_days=5), recherche="q=nettoyage&departement=59"
    )
    mine = local(filled, MINE, "ada@exemple.fr")
    own, back = f"{mine}/{id_}", "Remplacer la recherche de mon alerte"
    sent = {"csrf_token": token_of(client.get(own).text)}
    opened = client.post(f"{own}/chercher", data=sent)
    assert opened.location == "/marches?q=nettoyage&departement=59"
    assert back in client.get(opened.location).text
    assert back not in client.get("/structures").text  # another sort of search
    form = f"{NEW}?sorte=marches&recherche=q%3Dtri"
    assert "Elle attend aujourd’hui : « nettoyage », Nord (59)" in words_of(client.get(form).text)
    assert post(client, f"{own}/recherche", form, recherche="zz=1")[0] == 400
    status, page = post(client, f"{own}/recherche", form, recherche="q=tri&page=2")
    assert (status, "Sa recherche est remplacée" in page, "« tri »" in page) == (200, True, True)
    alert = session.get_one(AlertSubscription, id_)
    assert (alert.query, alert.rhythm, alert.reminder_days) == ("q=tri", "daily", 5)
    session.rollback()
    assert back not in client.get("/marches").text
    client.post(f"{own}/chercher", data=sent)
    post(client, f"{own}/recherche", form, garder="1", recherche="q=autre")
    assert back not in client.get("/marches").text
    assert "« tri »" in client.get(mine).text


def test_nobody_changes_the_alerts_of_another(
    alerts: Alerts, client: FlaskClient, session: Session
) -> None:
    hers = alerts.subscribe("marches", recherche="q=nettoyage")
    mine = local(alerts, MINE, "autre@exemple.fr")
    token = {"csrf_token": token_of(client.get("/alertes").text)}
    for path in ("", "/suspendre", "/reprendre", "/arreter", "/refus", "/chercher", "/recherche"):
        assert client.post(f"{mine}/{hers}{path}", data=token).status_code == 404
        own = local(alerts, MINE, "ada@exemple.fr")
        assert client.post(f"{own}/{hers}{path}").status_code == 400  # without the page's token
    assert session.get_one(AlertSubscription, hers).state == "active"
    session.rollback()
    confirm = local(alerts, CONFIRM, hers).replace("/confirmer/", "/quitter/")
    assert client.post(confirm).status_code == 400  # a link serves its own purpose alone


def test_address_is_sent_its_link_and_nobody_is_told_whether_it_has_alerts(
    alerts: Alerts, client: FlaskClient
) -> None:
    alerts.subscribe("marches", recherche="q=nettoyage")
    before = len(alerts.letters("confirm"))
    pages = {
        post(client, "/alertes", courriel=email)[1]
        for email in ("ada@exemple.fr", "ADA@exemple.fr", "inconnu@exemple.fr")
    }
    assert len(pages) == 1
    assert len(alerts.letters("confirm")) == before + 1
    assert post(client, "/alertes", courriel="rien")[0] == 400


def test_who_is_signed_in_finds_their_alerts_in_their_space(
    alerts: Alerts, app: Flask, client: FlaskClient, session: Session
) -> None:
    alerts.subscribe("marches", email="Camille@exemple.fr", recherche="q=nettoyage")
    signed_in = sign_in(app, make_user(session))
    assert "/espace/alertes" in signed_in.get("/espace/compte").text
    assert "« nettoyage »" in signed_in.get("/espace/alertes", follow_redirects=True).text
    form = signed_in.get(f"{NEW}?sorte=marches&recherche=q%3Dtri").text
    assert 'value="camille@exemple.fr"' in form
    assert "/alertes/mes/" not in (client.get("/espace/alertes").location or "")


def test_whole_network_of_ipv6_is_one_visitor(client: FlaskClient) -> None:
    sent = {"csrf_token": token_of(client.get("/alertes").text), "site": "a machine"}

    def status_for(address: str) -> int:
        return client.post(
            "/alertes", data=sent, environ_overrides={"REMOTE_ADDR": address}
        ).status_code

    assert {status_for(f"2001:db8::{number}") for number in range(30)} == {303}
    assert status_for("2001:db8::ffff") == 429
    assert status_for("2001:db8:0:1::1") == 303


def test_address_to_which_nothing_is_sent_is_told_so(
    alerts: Alerts, client: FlaskClient, session: Session
) -> None:
    with writing(session):
        session.add(MailSuspension(address="ada@exemple.fr", reason="failing", since=alerts.now))
    form = f"{NEW}?sorte=marches&recherche=q%3Dtri"
    given = {"sorte": "marches", "recherche": "q=tri", "courriel": "Ada@exemple.fr"}
    status, page = post(client, NEW, form, **given)
    assert (status, "ne reçoit plus nos courriels" in page) == (400, True)
    assert session.scalar(select(func.count()).select_from(AlertSubscription)) == 0


def test_nobody_is_buried_under_letters(alerts: Alerts, client: FlaskClient, run: Run) -> None:
    wishes = [alerts.wish("marches", recherche=f"q=mot{number}") for number in range(60)]
    for wish in wishes[: limits.MOST_UNCONFIRMED]:
        alerts.ask(wish, email="victime@exemple.fr")
    with pytest.raises(InvalidInputError, match="attendent déjà d’être confirmées"):
        alerts.ask(wishes[10], email="Victime@exemple.fr")
    form = f"{NEW}?sorte=marches&recherche=q%3Dautre"
    given = {"sorte": "marches", "recherche": "q=autre", "courriel": "victime@exemple.fr"}
    status, page = post(client, NEW, form, **given)
    assert (status, "Celle-ci n’est pas créée" in page) == (400, True)
    for number in range(limits.MOST_UNCONFIRMED, limits.MOST_FROM_VISITOR):
        alerts.ask(wishes[0], email=f"p{number}@exemple.fr")
    with pytest.raises(InvalidInputError, match="depuis cette connexion"):
        alerts.ask(wishes[0], email="encore@exemple.fr")
    assert len(alerts.letters("confirm")) == limits.MOST_FROM_VISITOR

    # A thousand of one address, each confirmed: the fifty-first is refused, as are the others.
    alerts.now += timedelta(hours=2)
    for number in range(limits.MOST_OF_ADDRESS):
        alerts.now += timedelta(minutes=10)
        alerts.subscribe("marches", email="seule@exemple.fr", recherche=f"q=n{number}")
    for number in range(limits.MOST_OF_ADDRESS, 1_000, 100):
        with pytest.raises(InvalidInputError, match="déjà 50 alertes"):
            alerts.ask(alerts.wish("marches", recherche=f"q=n{number}"), email="seule@exemple.fr")
    alerts.now += service.UNCONFIRMED
    alerts.work()
    status = last_json(run("alerts", "status", "--json"))["subscriptions"]
    assert {each["state"]: each["count"] for each in status} == {"active": limits.MOST_OF_ADDRESS}


def test_a_person_takes_away_or_erases_what_is_kept(alerts: Alerts, session: Session) -> None:
    id_ = alerts.subscribe("marches", recherche="q=nettoyage")
    with writing(session):
        session.add(
            AlertDelivery(subscription_id=id_, kind="new", reference="boamp-26-2", version="",
                          created_at=alerts.now, queued_at=alerts.now)
        )  # fmt: skip
    (told,) = service.export_of(session, "ADA@exemple.fr")["alerts"]
    assert (told["title"], told["told"][0]["reference"]) == ("« nettoyage »", "boamp-26-2")
    with writing(session):
        session.execute(update(AlertDelivery).values(queued_at=alerts.now - service.REMEMBERED))
    service.purge(session, alerts.now)
    assert service.export_of(session, "ada@exemple.fr")["alerts"][0]["told"] == []
    with writing(session):
        assert service.erase(session, "Ada@exemple.fr") == 1
    assert service.export_of(session, "ada@exemple.fr") == {"alerts": []}
