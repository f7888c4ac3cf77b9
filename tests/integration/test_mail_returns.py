"""What comes back suspends an address, once for each letter, until a person lifts it."""

import mailbox as boxes
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.mail.letters import Letter
from annuaire.mail.models import MailLetter, MailSuspension
from annuaire.mail.returns import Returned, note_returns
from annuaire.mail.service import queue, queue_all
from annuaire.mail.suspending import SOFT_LIMIT, lift
from tests.factories.commands import Run, last_json
from tests.factories.returns import absence, complaint, exchange, postfix

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
LETTER = Letter("Jeanne@exemple.fr", "Bonjour", "Texte", "<p>T</p>", once="0", purpose="alert")
GONE = ("5.1.1", "550 5.1.1 User unknown")


@pytest.fixture
def ids(session: Session) -> list[str]:
    """The identifiers of letters that left for one address, and were marked so."""
    with writing(session):
        queue_all(session, [replace(LETTER, once=str(i)) for i in range(SOFT_LIMIT + 2)])
    session.rollback()
    found = list(session.scalars(select(MailLetter.message_id).order_by(MailLetter.id)))
    session.rollback()
    return found


def suspended(session: Session) -> list[tuple[str, str]]:
    session.rollback()
    rows = session.execute(
        select(MailSuspension.address, MailSuspension.reason)
        .where(MailSuspension.lifted_at.is_(None))
        .order_by(MailSuspension.id)
    )
    found = [(row.address, row.reason) for row in rows]
    session.rollback()
    return found


@pytest.mark.parametrize(
    ("reported", "reason"),
    [(lambda i: postfix(i, *GONE), "unknown"), (complaint, "complaint")],
    ids=["hard", "complaint"],
)
def test_one_report_suspends_until_it_is_lifted(
    session: Session, ids: list[str], reported, reason: str
) -> None:  # type: ignore[no-untyped-def] # one of two makers of reports
    found = note_returns(session, [reported(ids[0])] * 2, NOW)
    assert (found.mails, found.suspended) == (2, 1)
    assert suspended(session) == [("jeanne@exemple.fr", reason)]
    with writing(session):
        assert not queue(session, replace(LETTER, once="new"))
        assert lift(session, "JEANNE@exemple.fr ", "Moi", NOW)
        assert queue(session, replace(LETTER, once="new"))
    assert note_returns(session, [reported(ids[0])], NOW).suspended == 0  # read again: known
    assert note_returns(session, [reported(ids[1])], NOW).suspended == 1


def test_soft_failures_suspend_when_they_are_many_within_a_month(
    session: Session, ids: list[str]
) -> None:
    full = [exchange(i, "5.2.2", "552 5.2.2 full") for i in ids]
    note_returns(session, full[:1] * 10, NOW - timedelta(days=40))
    note_returns(session, full[1:SOFT_LIMIT], NOW)
    assert suspended(session) == []
    assert note_returns(session, full[SOFT_LIMIT : SOFT_LIMIT + 1], NOW).suspended == 1
    assert suspended(session) == [("jeanne@exemple.fr", "failing")]
    with writing(session):
        lift(session, "jeanne@exemple.fr", "Moi", NOW + timedelta(hours=1))
    note_returns(session, full[SOFT_LIMIT + 1 :], NOW + timedelta(hours=2))
    assert suspended(session) == []  # what came before the lifting counts no more


def test_a_report_that_names_no_letter_of_ours_changes_nothing(
    session: Session, ids: list[str]
) -> None:
    mails = [postfix("f" * 32, *GONE), absence(ids[0]), postfix(ids[0], "5.7.1", "554 5.7.1 spam")]
    assert note_returns(session, mails, NOW) == Returned(mails=3, unknown=1, ignored=1, other=1)
    assert suspended(session) == []


def test_reports_are_read_from_files_boxes_and_folders(
    run: Run, session: Session, ids: list[str], tmp_path: Path
) -> None:
    one = tmp_path / "one.eml"
    one.write_bytes(postfix(ids[0], "5.7.1", "spam"))
    box = boxes.mbox(tmp_path / "box")
    folder = boxes.Maildir(tmp_path / "folder")
    for mail in (absence(ids[0]), postfix(ids[1], *GONE)):
        box.add(mail)
        folder.add(mail)
    box.close()
    folder.close()
    told = last_json(run("mail", "bounces", one, tmp_path / "box", tmp_path / "folder", "--json"))
    assert (told["mails"], told["hard"], told["other"], told["suspended"]) == (5, 2, 1, 1)
    assert last_json(run("mail", "suspended", "--json"))["suspended"][0]["reason"] == "unknown"
    assert last_json(run("mail", "status", "--json"))["suspended_count"] == 1
    assert "n’existe pas" in run("mail", "suspended").stdout
    assert run("mail", "lift", "jeanne@exemple.fr", "--by", "Moi").exit_code == 0
    assert "n'est pas suspendue" in str(
        run("mail", "lift", "jeanne@exemple.fr", "--by", "Moi").exception
    )
    assert run("mail", "suspend", "jeanne@exemple.fr", "--why", "demandé").exit_code == 0
    assert suspended(session) == [("jeanne@exemple.fr", "by_hand")]
