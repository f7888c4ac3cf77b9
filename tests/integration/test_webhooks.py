"""Webhooks, sent to real servers: what is told, how it is signed, what is done when it fails."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.platforms.models import ApiKey, Webhook, WebhookDelivery
from annuaire.platforms.sending import DELAYS, FAILS_FOR, HELD
from tests.factories.commands import Run, last_json
from tests.factories.files import LYON, notice, siae, write_csv
from tests.factories.hooks import NOW, URL, Platform, wait_for
from tests.factories.publisher import Reply

CLAUSE = (
    "Entretien des espaces verts, marché réservé aux structures d'insertion par l'activité "
    "économique (article L. 2113-13 du code de la commande publique)"
)


def boamp(run: Run, folder: Path, *notices: dict[str, str]) -> None:
    printed = run("import", "boamp", write_csv(folder / "boamp.csv", notices))
    assert printed.exit_code == 0, printed.output


def test_a_platform_is_told_once_of_the_contracts_of_its_search(
    platform: Platform, run: Run, tmp_path: Path
) -> None:
    made = platform.hook(contracts="social=oui")
    asks = notice(1, objet=CLAUSE)
    boamp(run, tmp_path, asks, notice(2))
    assert last_json(run("webhooks", "run", "--json"))["sent"] == 1
    (asked,) = platform.server.asked
    headers = {name.lower(): value for name, value in asked.headers.items()}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + asked.body
    key = base64.b64decode(made["secret"].removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    (told,) = platform.told()
    assert told["type"] == "contract.published"
    assert told["data"]["reference"] == "boamp-26-1"
    assert told["data"]["findings"][0]["type"] == "reserved_siae"
    # Read again, it says the same; then its deadline moves.
    boamp(run, tmp_path, asks | {"url_avis": "https://exemple.fr/autre"}, notice(2))
    assert last_json(run("webhooks", "run", "--json"))["prepared"] == 0
    boamp(run, tmp_path, asks | {"date_fin_diffusion": "2026-07-31"}, notice(2))
    run("webhooks", "run")
    assert [each["type"] for each in platform.told()] == ["contract.published", "contract.changed"]
    assert last_json(run("webhooks", "run", "--json")) == {
        "prepared": 0, "sent": 0, "failed": 0, "dropped": 0,
    }  # fmt: skip


def test_a_platform_is_told_of_structures_that_change_and_go(
    platform: Platform, run: Run, tmp_path: Path
) -> None:
    platform.hook(structures="departement=69")
    rows = [siae(n, **LYON) for n in range(1, 5)] + [siae(9)]
    run("import", "siae", write_csv(tmp_path / "1.csv", rows))
    run("webhooks", "run")
    keys = sorted(each["data"]["key"] for each in platform.told())
    assert keys == sorted(row["siret"] for row in rows[:4])
    platform.server.asked.clear()
    rows[0]["name"] = "AUTRE NOM"
    run("import", "siae", write_csv(tmp_path / "2.csv", rows[:3] + rows[4:]), "--accept-removals")
    run("webhooks", "run")
    told = {each["type"]: each["data"] for each in platform.told()}
    assert told["structure.changed"]["name"] == "AUTRE NOM"
    assert told["structure.gone"]["key"] == rows[3]["siret"]
    assert len(platform.server.asked) == 2


def test_what_fails_is_sent_again_later_and_later_in_its_order(platform: Platform) -> None:
    platform.hook(contracts="")
    numbers = wait_for(platform, "a", "b")
    platform.server.on(URL, Reply(500), Reply(503), Reply(200))
    assert platform.send(NOW)["failed"] == 1
    assert len(platform.server.asked) == 1  # the second waits for the first
    assert platform.send(NOW + DELAYS[0] - timedelta(seconds=1)) == {
        "sent": 0, "failed": 0, "dropped": 0,
    }  # fmt: skip
    platform.send(NOW + DELAYS[0])
    assert platform.send(NOW + DELAYS[0] + DELAYS[1])["sent"] == 2
    asked = [{k.lower(): v for k, v in each.headers.items()} for each in platform.server.asked]
    assert [each["webhook-id"] for each in asked] == [numbers[0]] * 3 + [numbers[1]]
    assert list(DELAYS) == sorted(DELAYS)
    log = platform.ask("GET", "/webhooks/1/deliveries").json["items"]
    assert [(each["state"], each["attempts"]) for each in log] == [("sent", 1), ("sent", 3)]


@pytest.mark.database("sqlite")
def test_a_webhook_that_fails_for_days_is_disabled_and_begins_again(
    platform: Platform, run: Run
) -> None:
    platform.hook(contracts="")
    (number,) = wait_for(platform, "a")
    platform.server.on(URL, Reply(500))
    now = NOW
    for delay in (*DELAYS, FAILS_FOR):
        platform.send(now)
        now += delay
    hook = platform.ask("GET", "/webhooks").json["items"][0]
    assert f"{FAILS_FOR.days} jours" in hook["disabled_why"]
    assert "500" in hook["disabled_why"]
    assert hook["disabled_why"] in run("webhooks", "status").stdout
    asked = len(platform.server.asked)
    assert platform.send(now + FAILS_FOR)["failed"] == 0
    platform.server.on(URL, Reply(204))
    again = platform.ask("POST", f"/webhooks/1/deliveries/{number}/replay")
    assert again.json["state"] == "waiting"
    assert platform.send(datetime.now(UTC) + timedelta(days=400))["sent"] == 1
    assert len(platform.server.asked) == asked + 1
    hook = platform.ask("GET", "/webhooks").json["items"][0]
    assert (hook["disabled_at"], hook["failing_since"]) == (None, None)


def test_gone_means_gone_and_a_revoked_key_tells_nothing_more(
    platform: Platform, session: Session, run: Run
) -> None:
    platform.hook(contracts="")
    wait_for(platform, "a")
    platform.server.on(URL, Reply(410))
    platform.send(NOW)
    assert "410" in platform.ask("GET", "/webhooks").json["items"][0]["disabled_why"]
    platform.hook(contracts="")
    with writing(session):
        session.scalars(select(ApiKey)).one().revoked_at = NOW
    run("webhooks", "run")
    session.rollback()
    reasons = session.scalars(select(Webhook.disabled_why).order_by(Webhook.id)).all()
    assert "clé" in (reasons[1] or "")
    session.rollback()


def test_a_sender_that_is_killed_loses_nothing(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.hook(contracts="")
    (number,) = wait_for(platform, "a")
    with monkeypatch.context() as patched:
        patched.setattr("annuaire.platforms.sending._keep", None)
        with pytest.raises(TypeError):
            platform.send(NOW)
    assert platform.send(NOW + timedelta(minutes=1))["sent"] == 0  # held by the one that died
    assert platform.send(NOW + HELD)["sent"] == 1
    asked = [{k.lower(): v for k, v in each.headers.items()} for each in platform.server.asked]
    assert {each["webhook-id"] for each in asked} == {number}


def test_a_webhook_told_of_much_keeps_no_other_waiting(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        platform.hook(contracts="")
    wait_for(platform, "a", "b", "c", hook=1)
    wait_for(platform, "d", hook=2)
    monkeypatch.setattr("annuaire.platforms.sending.BATCH", 2)
    assert platform.send(NOW)["sent"] == 2
    assert {each["data"] for each in platform.told()} == {"a", "d"}
    assert platform.send(NOW)["sent"] == 2
    assert [each["data"] for each in platform.told()][2:] == ["b", "c"]


@pytest.mark.database("sqlite")
def test_a_slow_webhook_goes_on_at_the_next_turn(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.hook(contracts="")
    wait_for(platform, "a", "b")
    monkeypatch.setattr("annuaire.platforms.sending.PATIENCE", -1.0)
    for told in (["a"], ["a", "b"]):
        assert platform.send(NOW) == {"sent": 1, "failed": 0, "dropped": 0}
        assert [each["data"] for each in platform.told()] == told


def test_health_says_when_nobody_tells_webhooks(
    platform: Platform, session: Session, client: FlaskClient
) -> None:
    assert client.get("/health").json["webhooks"]["active"] == 0
    platform.hook(contracts="")
    told = client.get("/health").json
    assert (told["status"], told["webhooks"]["active"], told["webhooks"]["due"]) == ("ok", 1, 0)
    wait_for(platform, "a")
    with writing(session):
        late = datetime.now(UTC) - timedelta(hours=1)
        session.execute(update(WebhookDelivery).values(next_at=late))
    told = client.get("/health").json
    assert (told["status"], told["webhooks"]["due"]) == ("degrade", 1)
    assert "1 message" in client.get("/etat").text.replace("\xa0", " ")
    platform.send(datetime.now(UTC))
    assert client.get("/health").json["status"] == "ok"
    with writing(session):
        session.execute(update(Webhook).values(seen_at=late))
    assert client.get("/health").json["status"] == "degrade"


def test_a_search_that_cannot_be_asked_any_more_stops_its_webhook_alone(
    platform: Platform, run: Run, session: Session, tmp_path: Path
) -> None:
    platform.hook(contracts="social=oui")
    platform.hook(contracts="social=oui")
    with writing(session):  # as when the taxonomy loses an activity
        vanished = update(Webhook).where(Webhook.id == 1).values(contracts="activite=disparue")
        session.execute(vanished)
    boamp(run, tmp_path, notice(1, objet=CLAUSE))
    assert last_json(run("webhooks", "run", "--json"))["sent"] == 1
    lost, kept = platform.ask("GET", "/webhooks").json["items"]
    assert "sa recherche ne peut plus se faire" in lost["disabled_why"]
    assert "disparue" in lost["disabled_why"]
    assert kept["disabled_why"] is None
