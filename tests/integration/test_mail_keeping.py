"""How long letters are kept, what a person may see and have erased, what is told of the queue."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annuaire.api.health import LATE
from annuaire.cli.mailing import following
from annuaire.db import writing
from annuaire.mail.keeping import KEPT, REPORTS_KEPT, purge, retry
from annuaire.mail.models import MailLetter
from annuaire.mail.policy import Policy, Sender
from annuaire.mail.returns import note_returns
from annuaire.mail.sending import Counts
from annuaire.mail.servers import read_server
from annuaire.mail.service import erase, export_of, queue, queue_all
from tests.factories.commands import Run, last_json
from tests.factories.letters import LETTER, ORIGIN, Clock, queue_for, rows, send
from tests.factories.returns import postfix
from tests.factories.smtp import Mailbox

ADDRESS = "a@exemple.fr"
PERSONAL = (
    "address", "recipient", "subject", "text", "html", "reply_to", "unsubscribe", "answer",
)  # fmt: skip


def personal(row: MailLetter) -> set[str]:
    """What of a letter tells of a person."""
    return {name for name in PERSONAL if getattr(row, name) is not None}


def test_a_letter_loses_its_address_and_text_thirty_days_after_its_end(
    session: Session, mailbox: Mailbox
) -> None:
    queue_for(session, [ADDRESS, "b@exemple.fr"])
    mailbox.fault = lambda step, word: "554 5.7.1" if (step, word) == ("RCPT", ADDRESS) else None
    clock = Clock()
    send(session, mailbox, clock)
    with writing(session):
        later = clock.now + 2 * KEPT
        queue(session, replace(LETTER, once="waits", not_before=later))
    assert purge(session, clock.now + KEPT - timedelta(hours=1)) == 0
    assert purge(session, clock.now + KEPT + timedelta(hours=1)) == 2
    assert purge(session, clock.now + KEPT + timedelta(hours=2)) == 0
    refused, sent, waits = rows(session)
    assert (personal(refused), personal(sent)) == (set(), set())
    assert (refused.state, sent.state, waits.recipient) == ("refused", "sent", LETTER.to)
    with writing(session):
        assert not queue(session, replace(LETTER, once=sent.once))  # still never twice
        assert retry(session, clock.now) == 0  # nothing is left to send


def test_a_refused_letter_leaves_when_a_person_asks_for_it(
    session: Session, mailbox: Mailbox
) -> None:
    queue_for(session, [ADDRESS])
    clock = Clock()
    mailbox.fault = lambda step, _: "554 5.7.1 relay denied" if step == "RCPT" else None
    assert send(session, mailbox, clock) == Counts(refused=1)
    mailbox.fault = None
    with writing(session):
        assert (retry(session, clock.now, "sign_in"), retry(session, clock.now)) == (0, 1)
    assert send(session, mailbox, clock) == Counts(sent=1)


def test_a_person_sees_what_is_kept_of_them_and_has_it_erased(
    session: Session, mailbox: Mailbox
) -> None:
    queue_for(session, [ADDRESS, "b@exemple.fr"])
    send(session, mailbox, Clock())
    note_returns(session, [postfix(rows(session)[0].message_id, "5.1.1", "x")], datetime.now(UTC))
    with writing(session):
        session.execute(update(MailLetter).values(state="waiting"))
    kept = export_of(session, "A@Exemple.fr")
    session.rollback()
    assert [letter["subject"] for letter in kept["letters"]] == [LETTER.subject]
    assert [report["kind"] for report in kept["reports"]] == ["hard"]
    assert [each["reason"] for each in kept["suspensions"]] == ["unknown"]
    with writing(session):
        assert erase(session, "A@Exemple.fr") == 3
    assert export_of(session, ADDRESS) == {"letters": [], "reports": [], "suspensions": []}
    session.rollback()
    erased, other = rows(session)
    assert (personal(erased), erased.state) == (set(), "dropped")
    assert (other.recipient, other.state) == ("b@exemple.fr", "waiting")
    assert "@" not in erased.once  # the key given held the address


def test_letters_that_speak_for_a_person_are_forgotten_with_them(session: Session) -> None:
    with writing(session):
        for state, who in (("waiting", "A@exemple.fr"), ("sent", ADDRESS), ("waiting", "c@ess.fr")):
            once = f"{state}{who[0]}"
            queue(session, replace(LETTER, to="b@exemple.fr", once=once, reply_to=who))
            row = session.scalars(select(MailLetter).where(MailLetter.once == once)).one()
            row.state = state
    with writing(session):
        assert erase(session, ADDRESS) == 2
    waited, sent, other = rows(session)
    assert [row.state for row in (waited, sent, other)] == ["dropped", "sent", "waiting"]
    assert (personal(waited), personal(sent)) == (set(), set())
    assert other.reply_to == "c@ess.fr"


def test_old_reports_and_lifted_suspensions_go(session: Session, mailbox: Mailbox) -> None:
    queue_for(session, [ADDRESS])
    now = datetime.now(UTC)
    note_returns(session, [postfix(rows(session)[0].message_id, "5.1.1", "x")], now)
    purge(session, now + REPORTS_KEPT + timedelta(hours=1))
    kept = export_of(session, ADDRESS)
    session.rollback()
    assert (kept["reports"], len(kept["suspensions"])) == ([], 1)  # in force until lifted


def test_pages_tell_of_the_queue_and_of_nobody(client: FlaskClient, session: Session) -> None:
    assert client.get("/health").json["mail"] == {"due": 0, "due_since": None}
    with writing(session):
        queue_all(session, [LETTER, replace(LETTER, once="2")])
        session.execute(update(MailLetter).values(due_at=datetime.now(UTC) - 2 * LATE))
    told = client.get("/health")
    assert (told.status_code, told.json["status"], told.json["mail"]["due"]) == (200, "degrade", 2)
    page = client.get("/etat").text.replace("\xa0", " ")
    assert "2 courriels à envoyer" in page
    assert LETTER.to not in told.text + page


def test_a_server_that_is_away_is_said_once_and_looked_for_less_and_less(
    session: Session, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    queue_for(session, [ADDRESS])
    looks: list[timedelta] = []
    clock = Clock()
    start = clock.now

    def closed(step: str, _: str) -> str | None:
        if step == "door":
            looks.append(clock.now - start)
        return "421 4.3.2 closed"

    mailbox.fault = closed
    policy = Policy(server_pauses=(5, 60))
    step = following(read_server(mailbox.url), ORIGIN, Sender("test", clock), policy)
    for _ in range(140):
        step()
        clock.now += timedelta(seconds=1)
    assert [look.seconds for look in looks] == [0, 5, 65, 125]
    assert capsys.readouterr().err.count("attendent") == 1
    mailbox.fault = None
    clock.now += timedelta(seconds=60)
    step()
    assert len(mailbox.letters) == 1


def test_commands_erase_and_put_back(run: Run, session: Session, mailbox: Mailbox) -> None:
    queue_for(session, [ADDRESS])
    mailbox.fault = lambda step, _: "554 5.7.1 no" if step == "RCPT" else None
    send(session, mailbox, Clock())
    assert "Refusé n° 1 (alert) : RCPT : 554 5.7.1 no" in run("mail", "status").stdout
    assert last_json(run("mail", "retry", "--json")) == {"waiting": 1}
    assert "0 courriel" in run("mail", "retry", "--purpose", "alert").stdout.replace("\xa0", " ")
    assert last_json(run("mail", "purge", "--json")) == {"erased": 0}
    assert "0 courriel" in run("mail", "purge").stdout.replace("\xa0", " ")
