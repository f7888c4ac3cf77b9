"""Letters handed to a real mail server, and what they are when they arrive."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.mail.letters import Letter
from annuaire.mail.models import MailLetter
from annuaire.mail.sending import Counts
from annuaire.mail.service import queue, queue_all
from tests.factories.commands import Run, last_json
from tests.factories.smtp import Mailbox

LETTER = Letter(
    "jeanne@exemple.fr", "Un marché de nettoyage à Lille", "Bonjour,\n.\n..é\n", "<p>Bonjour é</p>",
    once="one", purpose="alert",
)  # fmt: skip
Deliver = Callable[[Flask], Counts]


def letters(session: Session) -> list[MailLetter]:
    session.rollback()
    return list(session.scalars(select(MailLetter).order_by(MailLetter.id)))


def test_a_letter_arrives_whole_and_once(
    app: Flask, session: Session, mailbox: Mailbox, deliver: Deliver
) -> None:
    leave = "https://annuaire.example.org/alertes/quitter/" + "a" * 200
    with writing(session):
        queue(session, replace(LETTER, reply_to="acheteur@ville.fr", unsubscribe=leave))
    assert deliver(app) == Counts(sent=1)
    assert deliver(app) == Counts()
    (arrived,) = mailbox.letters
    mail = arrived.mail
    assert (arrived.sender, arrived.to) == ("ne-pas-repondre@annuaire.example.org", LETTER.to)
    assert (arrived.subject, mail["To"]) == (LETTER.subject, LETTER.to)
    assert mail["From"] == "annuaire <ne-pas-repondre@annuaire.example.org>"
    assert mail["Reply-To"] == "acheteur@ville.fr"
    assert mail["List-Unsubscribe"] == f"<{leave}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert abs(mail["Date"].datetime - datetime.now(UTC)) < timedelta(hours=1)
    assert (arrived.text, arrived.html) == (LETTER.text, f"{LETTER.html}\n")
    assert arrived.content.isascii()
    assert max(map(len, arrived.content.splitlines())) < 998
    kept = letters(session)[0]
    assert mail["Message-ID"] == f"<{kept.message_id}@annuaire.example.org>"
    assert (kept.state, kept.attempts, kept.answer) == ("sent", 1, "250 2.0.0 OK")


def test_letters_leave_over_one_connection_those_awaited_first(
    app: Flask, session: Session, mailbox: Mailbox, deliver: Deliver
) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    with writing(session):
        queue_all(session, [replace(LETTER, once=f"n{i}") for i in range(70)])
        queue(session, replace(LETTER, once="door", purpose="sign_in", subject="Votre lien"))
        queue(session, replace(LETTER, once="later", not_before=later))
    assert deliver(app) == Counts(sent=71)
    assert mailbox.connections == 1
    assert mailbox.letters[0].subject == "Votre lien"
    assert set(mailbox.times().values()) == {1}
    door = next(row for row in letters(session) if row.once == "door")
    assert (door.text, door.html) == (None, None)  # what opens a door is kept no longer


@pytest.mark.parametrize(
    ("address", "on_the_wire"),
    [("a@élan.fr", "a@xn--lan-9la.fr"), ("zoé@exemple.fr", "zoé@exemple.fr")],
)
def test_addresses_of_all_letters_are_written_to(
    app: Flask, session: Session, mailbox: Mailbox, deliver: Deliver, address: str, on_the_wire: str
) -> None:
    with writing(session):
        queue(session, replace(LETTER, to=address))
    assert deliver(app) == Counts(sent=1)
    assert mailbox.letters[0].to == on_the_wire


HOSTILE = (
    "Marché\r\nBcc: victime@exemple.fr\r\n\r\ncorps",
    "\x00\u202eesrever\u2066",
    "é" * 10_000,
    "=?utf-8?q?cach=C3=A9?=",
    "",
    "\u2028X-Autre: 1",
)


def test_no_subject_adds_a_header_or_a_recipient(
    app: Flask, session: Session, mailbox: Mailbox, deliver: Deliver
) -> None:
    with writing(session):
        for i, subject in enumerate(HOSTILE):
            queue(session, replace(LETTER, subject=subject, once=f"n{i}"))
    assert deliver(app) == Counts(sent=len(HOSTILE))
    names = {tuple(letter.mail.keys()) for letter in mailbox.letters}
    assert len(names) == 1
    assert {letter.to for letter in mailbox.letters} == {LETTER.to}
    assert all(len(letter.subject) <= 200 for letter in mailbox.letters)


def test_commands_send_show_and_tell(
    run: Run, session: Session, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(session):
        queue_all(session, [LETTER, replace(LETTER, once="two", purpose="sign_in")])
    session.rollback()
    told = run("mail", "status", "--json")
    assert last_json(told)["waiting"] == 2
    assert not last_json(told)["ok"]
    assert "ANNUAIRE_SMTP_URL" in last_json(told)["message"]
    assert "Objet : Un marché de nettoyage" in run("mail", "show").stdout
    assert "ANNUAIRE_SMTP_URL" in str(run("mail", "send").exception)
    monkeypatch.setenv("ANNUAIRE_SMTP_URL", mailbox.url)
    monkeypatch.setenv("ANNUAIRE_MAIL_FROM", "annuaire <a@annuaire.example.org>")
    assert last_json(run("mail", "send", "--json"))["sent"] == 2
    told = last_json(run("mail", "status", "--json"))
    assert (told["ok"], told["waiting"], told["sent"]) == (True, 0, 2)
    assert "Partis : 2" in run("mail", "status").stdout
    monkeypatch.setenv("ANNUAIRE_ENV", "production")
    assert "production" in str(run("mail", "show").exception)
