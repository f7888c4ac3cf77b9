"""Accounts from the command line, what is forgotten in time, what each room keeps of persons."""

from datetime import UTC, datetime, timedelta
from pkgutil import resolve_name

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts import links, personal, retention, service
from annuaire.accounts.audit import AuditEntry
from annuaire.accounts.models import Attempts, MailedLink, User, UserSession
from annuaire.alerts.models import AlertSubscription
from annuaire.db import writing
from annuaire.matching.models import BuyerContest
from annuaire.platforms import keys
from annuaire.sourcing.models import NotedPurchase, SourcingRequest
from annuaire.sourcing.owners import owner_of_address
from annuaire.structures.decision_models import StructureReport
from annuaire.structures.models import Structure
from tests.factories.accounts import NOW, letters, link_in, make_user, rows, sign_in, submit
from tests.factories.commands import Run, last_json

EMAIL = "camille@exemple.fr"
SITE = "http://annuaire.exemple.fr"
DAY = timedelta(days=1)


def test_first_administrator_comes_by_command(run: Run, app: Flask, base: Session) -> None:
    told = last_json(run("admin", "Camille@Exemple.fr", "--link", "--json"))
    assert (told["email"], told["role"], told["made"]) == (EMAIL, "administrator", True)
    browser = app.test_client()
    path = told["link"].removeprefix("http://127.0.0.1:8000")
    assert submit(browser, path).status_code == 303
    assert browser.get("/espace/compte").status_code == 200
    assert last_json(run("admin", EMAIL, "--role", "moderator", "--json"))["made"] is False
    assert browser.get("/espace/compte").status_code == 303  # other rights, another proof
    assert run("admin", "pas une adresse").exit_code != 0
    acts = [e.action for e in rows(base, select(AuditEntry).order_by(AuditEntry.id))]
    assert acts == ["accounts.made", "accounts.role_given", "accounts.role_given"]


def test_accounts_are_read_and_stopped(run: Run, app: Flask, base: Session) -> None:
    browser = sign_in(app, make_user(base, buyer=True))
    assert last_json(run("accounts", "list", "--json"))["total"] == 1
    assert last_json(run("accounts", "show", EMAIL, "--json"))["rights"] == ["buyer"]
    assert EMAIL in run("accounts", "list").output
    assert run("accounts", "suspend", EMAIL, "--why", " ").exit_code != 0
    assert run("accounts", "suspend", EMAIL, "--why", "essai").exit_code == 0
    assert browser.get("/espace/compte").status_code == 303
    assert "(suspendu)" in run("accounts", "list").output
    assert run("accounts", "restore", EMAIL, "--why", "essai").exit_code == 0
    assert last_json(run("accounts", "export", EMAIL))["accounts.erasing"]["name"]
    erased = last_json(run("erase", EMAIL, "--json"))["erased"]
    assert erased["accounts.erasing"] == 1
    assert rows(base, select(User)) == []
    assert run("accounts", "show", EMAIL).exit_code != 0


def test_what_has_no_account_is_told_and_erased_too(base: Session) -> None:
    with writing(base):
        given = {"origins": {}, "created_at": NOW, "updated_at": NOW}
        base.add(Structure(id=1, key="1", name="Essai", **given))
        base.flush()
        base.add(
            StructureReport(
                structure_id=1,
                kind="error",
                text="Faux",
                email="Camille@Exemple.fr",
                state="new",
                created_at=NOW,
            )
        )
    assert personal.export_all(base, EMAIL)["structures.reports"][0]["text"] == "Faux"
    with writing(base):
        personal.erase_all(base, EMAIL, SITE, actor_id=None)
    assert rows(base, select(StructureReport.text)) == [None]
    assert letters(base) == []  # who has no account is written nothing


def test_what_an_address_did_follows_the_account_to_its_new_one(base: Session) -> None:
    """It is told and erased with the account; of who is given the old address next, nothing is."""
    user_id, new = make_user(base), "neuve@exemple.fr"
    add_one_of_each(base, EMAIL)
    before = personal.export_all(base, EMAIL)
    with writing(base):
        service.ask_new_email(base, service.account(base, user_id), new, SITE)
    for letter in letters(base):
        with writing(base):
            service.confirm_email(base, link_in(letter).rpartition("/")[2], SITE)
    told = letters(base)[-1]
    assert told.recipient == EMAIL
    assert "vos achats notés" in (told.text or "")
    after = personal.export_all(base, new)
    for room in ("structures.reports", "sourcing", "alerts", "platforms.owners"):
        assert after[room] == before[room] != {}, room
    assert set(personal.export_all(base, EMAIL)) == {"mail"}  # what was written there
    add_one_of_each(base, EMAIL)
    with writing(base):
        erased = personal.erase_all(base, new, SITE, actor_id=user_id)
    assert (erased["alerts"], erased["sourcing"], erased["structures.reports"]) == (1, 3, 1)
    assert rows(base, select(AlertSubscription.address)) == [EMAIL]


def add_one_of_each(base: Session, email: str) -> None:
    """An alert, a request, a noted purchase, something said of a suggestion, a report, a key that
    the operator made."""
    owner = owner_of_address(email)
    with writing(base):
        keys.create(base, keys.Wanted("Essai", email, ("read",), "operator"), NOW)
        if base.get(Structure, 1) is None:
            base.add(Structure(id=1, key="1", name="Essai", origins={}, created_at=NOW,
                               updated_at=NOW))  # fmt: skip
            base.flush()
        base.add_all(
            [
                AlertSubscription(
                    email=email, address=email, kind="contracts", query="q=a", title="A",
                    rhythm="daily", hour=8, weekday=0, created_at=NOW, state="active",
                ),
                SourcingRequest(
                    kind="quote", state="open", subject="Devis", text="Bonjour",
                    deadline=NOW.date(),
                    sender_name="Camille", sender_organisation="Mairie", sender_email=email,
                    sender_key=email, created_at=NOW,
                ),
                NotedPurchase(
                    owner=owner, structure_id=1, title="Linge", on=NOW.date(), noted_at=NOW
                ),
                BuyerContest(
                    owner=owner, key="1", reason="far", activity="a", departement="59",
                    on=NOW.date(),
                ),
                StructureReport(
                    structure_id=1, kind="error", text="Faux", email=email, state="new",
                    created_at=NOW,
                ),
            ]
        )  # fmt: skip


@pytest.mark.parametrize("room", personal.ROOMS)
def test_each_room_forgets_a_stranger_without_harm(base: Session, room: str) -> None:
    assert personal.export_all(base, "nobody@exemple.fr") == {}
    with writing(base):
        assert resolve_name(f"{room}:erase")(base, "nobody@exemple.fr") == 0


def test_what_has_served_its_time_is_forgotten(app: Flask, base: Session) -> None:
    user_id = make_user(base)
    sign_in(app, user_id)
    with writing(base):
        links.make(base, "sign_in", EMAIL, links.SIGN_IN, user_id=user_id, next="")
        base.add(Attempts(key="a", count=1, since=NOW, wait_until=NOW, last_at=NOW))
    now = datetime.now(UTC)

    def run(at: datetime) -> dict[str, int]:
        with writing(base):
            return {k: v for k, v in retention.run(base, at, SITE).items() if v}

    assert run(now) == {"attempts": 1}
    assert run(now + 8 * DAY) == {"sessions_ended": 1, "links": 1}
    assert run(now + 40 * DAY) == {"sessions": 1}
    for model in (UserSession, MailedLink, Attempts):
        assert rows(base, select(model)) == []


def test_dormant_account_is_warned_then_erased_unless_its_person_comes_back(
    app: Flask, base: Session
) -> None:
    sign_in(app, make_user(base))
    back = make_user(base, "revient@exemple.fr")
    sign_in(app, back)
    make_user(base, "moderation@exemple.fr", role="moderator")
    now = datetime.now(UTC)
    warned_at = now + retention.DORMANT - retention.WARNED + DAY
    with writing(base):
        assert retention.run(base, warned_at, SITE)["warned"] == 2
        assert retention.run(base, warned_at + DAY, SITE)["warned"] == 0
    assert {e.subject for e in letters(base)} == {"Votre compte va être effacé"}
    with writing(base):
        user = base.get_one(User, back)
        user.signed_in_at, user.warned_at = warned_at + DAY, None  # as a sign-in does
    with writing(base):
        assert retention.run(base, now + retention.DORMANT + 2 * DAY, SITE)["accounts"] == 1
    left = rows(base, select(User).order_by(User.id))
    assert [user.email for user in left] == ["revient@exemple.fr", "moderation@exemple.fr"]
