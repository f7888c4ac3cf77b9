"""What goes wrong with mail servers, senders and databases loses no letter, and repeats one only
when the server's answer was lost."""

import signal
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from annuaire.config import Settings
from annuaire.db import db
from annuaire.mail import holding
from annuaire.mail.overview import overview, queue_of
from annuaire.mail.policy import Policy, Sender
from annuaire.mail.sending import Counts, send_waiting
from annuaire.mail.servers import ServerAway, read_server
from tests.factories.letters import (
    ORIGIN,
    POLICY,
    SLOW,
    Clock,
    check_promise,
    queue_for,
    received,
    rows,
    send,
    send_until_done,
)
from tests.factories.processes import Installation
from tests.factories.smtp import Mailbox, mail_server

#: At each step of a letter: what the server answers or does, that a later attempt overcomes.
PASSING = [
    *[("RCPT", answer) for answer in ("450 4.2.1 busy", "452 4.5.3", "421 closing", "drop")],
    *[("DATA", answer) for answer in ("451 4.3.0 later", "421 closing", "drop", "250 what?")],
    *[("content", answer) for answer in ("451 4.7.1 greylisted", "421 closing", "drop")],
    *[("taken", answer) for answer in ("drop", "354 what?", "nonsense")],
]
TOO_SLOW = [(step, SLOW) for step in ("RCPT", "DATA", "content", "taken")]
AT_THE_DOOR = ["drop", "421 4.3.2 no service", "554 5.3.2 no", "nonsense"] * 3
AT_HELLO = ["421 4.3.2 closing", "550 5.7.1 who are you?", "drop"] * 3
FROM_US = ["451 4.3.0 later", "421 closing", "drop", "550 5.7.1 not you", "530 5.7.0 TLS"] * 3


def break_database(monkeypatch: pytest.MonkeyPatch, injected: Counter[str]) -> None:
    """Have the database away at times, as a content is to leave or an outcome to be kept."""
    noted, failures = holding.note, iter([True, False] * 10)

    def note(*given: object) -> str:
        """The database is away at times when an outcome is to be kept."""
        if next(failures, False):
            injected["database"] += 1
            raise OperationalError("UPDATE", {}, Exception("away"))
        return noted(*given)  # type: ignore[arg-type]  # as it was given

    marked, refusals = holding.mark_handed, iter([True, False] * 4)

    def mark(*given: object) -> bool:
        """The database is away, or another sender took the letter, as its content is to leave."""
        if next(refusals, False):
            injected["database"] += 1
            if injected["database"] % 2:
                raise OperationalError("UPDATE", {}, Exception("away"))
            return False
        return marked(*given)  # type: ignore[arg-type]  # as it was given

    monkeypatch.setattr(holding, "note", note)
    monkeypatch.setattr(holding, "mark_handed", mark)


def test_a_hundred_faults_lose_nothing_and_repeat_only_what_was_in_doubt(
    session: Session, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [f"n{i}@exemple.fr" for i in range(40)]
    queue_for(session, addresses)
    planned: dict[str, list[tuple[str, str | float]]] = defaultdict(list)
    for i, each in enumerate(PASSING * 5 + TOO_SLOW):
        planned[addresses[i % 36]].append(each)
    general = {"door": list(AT_THE_DOOR), "EHLO": list(AT_HELLO), "MAIL": list(FROM_US)}
    injected: Counter[str] = Counter()
    lost_answers: Counter[str] = Counter()
    steps: Counter[str] = Counter()

    def fault(step: str, word: str) -> str | float | None:
        steps[step] += 1
        answer: str | float | None = None
        if planned[word] and planned[word][0][0] == step:
            answer = planned[word].pop(0)[1]
            lost_answers[word] += step == "taken"
        elif general.get(step) and steps[step] % 2:
            answer = general[step].pop()
        if answer is not None:
            injected[step] += 1
        return answer

    break_database(monkeypatch, injected)
    mailbox.fault = fault
    send_until_done(session, mailbox, Clock())
    assert injected.total() >= 100, injected
    assert [name for name, left in [*planned.items(), *general.items()] if left] == []
    check_promise(session, mailbox)
    repeated = {to for to, times in received(mailbox).items() if times > 1}
    assert repeated >= {to for to, times in lost_answers.items() if times}
    assert overview(session, datetime.now(UTC)).doubts >= lost_answers.total() > 0


@pytest.mark.parametrize(
    ("step", "answer", "suspends"),
    [
        ("RCPT", "550 5.1.1 no such user", True),
        ("RCPT", "554 5.7.1 refused", False),
        ("RCPT", "550 5.2.2 full", False),
        ("DATA", "554 5.5.1 no", False),
        ("content", "552 5.3.4 too big", False),
        ("MAIL", "552 5.3.4 too big", False),
    ],
)
def test_a_refusal_for_good_is_kept_with_its_reason(
    session: Session, mailbox: Mailbox, step: str, answer: str, suspends: bool
) -> None:
    queue_for(session, ["a@exemple.fr", "b@exemple.fr"])
    left = [answer]
    mailbox.fault = lambda at, word: left.pop() if at == step and left else None
    assert send(session, mailbox, Clock()) == Counts(sent=1, refused=1)
    refused, sent = rows(session)
    assert (refused.state, sent.state, mailbox.connections) == ("refused", "sent", 1)
    assert answer in (refused.answer or "")
    told = overview(session, datetime.now(UTC))
    assert [each.id for each in told.refusals] == [refused.id]
    assert told.suspended_count == suspends


def test_a_letter_is_given_up_after_the_last_delay_and_no_sooner(
    session: Session, mailbox: Mailbox
) -> None:
    queue_for(session, ["a@exemple.fr"])
    mailbox.fault = lambda step, _: "450 4.2.2 full" if step == "RCPT" else None
    clock, policy = Clock(), Policy()
    waits = []
    while rows(session)[0].state == "waiting":
        before = clock.now
        send(session, mailbox, clock, policy)
        assert send(session, mailbox, clock, policy) == Counts()  # not before its time
        clock.now = rows(session)[0].due_at
        waits.append(clock.now - before)
    assert waits[:-1] == list(policy.delays)
    assert sum(policy.delays, timedelta()) > timedelta(days=4)
    assert rows(session)[0].answer == "RCPT : 450 4.2.2 full"


def test_a_server_that_is_away_costs_letters_nothing(session: Session, mailbox: Mailbox) -> None:
    queue_for(session, ["a@exemple.fr", "b@exemple.fr"])
    clock = Clock()
    with mail_server() as gone:
        pass
    with pytest.raises(ServerAway, match="attendent"):
        send(session, gone, clock)
    assert {(row.attempts, row.worker) for row in rows(session)} == {(0, None)}
    assert "127.0.0.1" in (overview(session, clock()).trouble or "")
    assert queue_of(session, clock()).due == 2
    assert send(session, mailbox, clock) == Counts(sent=2)


def test_connections_that_are_all_cut_stop_the_pass(session: Session, mailbox: Mailbox) -> None:
    queue_for(session, [f"n{i}@exemple.fr" for i in range(10)])
    mailbox.fault = lambda step, _: "drop" if step == "RCPT" else None
    with pytest.raises(ServerAway, match="coupe"):
        send(session, mailbox, Clock())
    assert [row.attempts for row in rows(session)] == [1] * POLICY.losses + [0] * 7


def test_a_connection_closed_between_letters_costs_the_next_one_nothing(
    session: Session, mailbox: Mailbox
) -> None:
    queue_for(session, ["a@exemple.fr", "b@exemple.fr"])
    left = ["421 4.7.0 too many letters"]

    def fault(step: str, word: str) -> str | None:
        return left.pop() if (step, word) == ("RCPT", "b@exemple.fr") and left else None

    mailbox.fault = fault
    assert send(session, mailbox, Clock()) == Counts(sent=2)
    assert (mailbox.connections, [row.attempts for row in rows(session)]) == (2, [1, 1])


def test_several_senders_share_the_letters(app: Flask, session: Session, mailbox: Mailbox) -> None:
    queue_for(session, [f"n{i}@exemple.fr" for i in range(60)])
    counts: list[Counts] = []

    def work(name: str) -> None:
        with app.app_context():
            server = read_server(mailbox.url)
            policy = Policy(batch=4)
            counts.append(send_waiting(db.session, server, ORIGIN, Sender(name), policy))

    threads = [Thread(target=work, args=(f"sender {i}",)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(each.sent for each in counts) == 60
    assert set(received(mailbox).values()) == {1}


def test_a_sender_asked_to_stop_ends_the_letter_in_hand_and_keeps_none(
    session: Session, mailbox: Mailbox
) -> None:
    queue_for(session, [f"n{i}@exemple.fr" for i in range(10)])
    sender = Sender("test", Clock(), stopping=lambda: len(mailbox.letters) == 3)
    assert send_waiting(session, read_server(mailbox.url), ORIGIN, sender, POLICY).sent == 3
    assert {(row.state, row.worker) for row in rows(session)} == {("sent", None), ("waiting", None)}


def test_senders_killed_at_each_step_lose_nothing(
    session: Session, settings: Settings, mailbox: Mailbox, tmp_path: Path
) -> None:
    installation = Installation(tmp_path / "killed", settings.database_url)
    kills = ["EHLO", "RCPT", "content", "taken"]
    for step in kills:
        queue_for(session, [f"{step.lower()}{i}@exemple.fr" for i in range(3)])
        process = installation.start(
            "mail", "send", ANNUAIRE_SMTP_URL=mailbox.url, ANNUAIRE_MAIL_FROM=ORIGIN.address
        )
        mailbox.fault = killing(process.send_signal, step, f"{step.lower()}1@exemple.fr")
        process.wait(60)
        assert process.returncode == -signal.SIGKILL
    mailbox.fault = None
    clock = Clock()
    clock.now += timedelta(hours=1)
    send(session, mailbox, clock, Policy())
    clock.now += timedelta(hours=1)
    send(session, mailbox, clock, Policy())
    check_promise(session, mailbox)
    doubtful = {row.recipient for row in rows(session) if row.doubts}
    assert doubtful == {"content1@exemple.fr", "taken1@exemple.fr"}
    assert {to for to, times in received(mailbox).items() if times > 1} == {"taken1@exemple.fr"}


@pytest.mark.database("sqlite")
def test_a_follower_that_is_stopped_keeps_no_letter_in_doubt(
    session: Session, settings: Settings, mailbox: Mailbox, tmp_path: Path
) -> None:
    installation = Installation(tmp_path / "stopped", settings.database_url)
    queue_for(session, [f"n{i}@exemple.fr" for i in range(5)])
    process = installation.start(
        "mail", "follow", ANNUAIRE_SMTP_URL=mailbox.url, ANNUAIRE_MAIL_FROM=ORIGIN.address
    )

    def stop(step: str, word: str) -> float | None:
        if (step, word) == ("taken", "n1@exemple.fr"):
            process.send_signal(signal.SIGTERM)
            return 0.1  # the answer comes after the signal
        return None

    mailbox.fault = stop
    assert process.wait(60) == 0
    assert [row.state for row in rows(session)] == ["sent"] * 2 + ["waiting"] * 3
    assert {(row.worker, row.doubts) for row in rows(session)} == {(None, 0)}


def killing(
    kill: Callable[[signal.Signals], object], at: str, to: str
) -> Callable[[str, str], str | None]:
    """Kills the sender at a step of a letter, which the server then forgets unless it took it."""

    def fault(step: str, word: str) -> str | None:
        if step == at and (word == to or step == "EHLO"):
            kill(signal.SIGKILL)
            return None if step == "taken" else "drop"
        return None

    return fault
