"""What comes after a request has left: reminders, stops, ends, files, erasing."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annuaire.db import db, writing
from annuaire.errors import InvalidInputError
from annuaire.sourcing import rules
from annuaire.sourcing.links import Links
from annuaire.sourcing.models import AskedStructure, SourcingEvent
from annuaire.sourcing.running import Done
from annuaire.sourcing.service import close, confirm, nudge
from annuaire.structures.models import Structure
from tests.factories.commands import Run, last_json
from tests.factories.pages import words_of
from tests.factories.requests import (
    BUYER,
    KEYS,
    Deliver,
    address_of,
    changing,
    last_day,
    link_in,
    press,
    request_sent,
    turn,
    write,
)  # fmt: skip
from tests.factories.smtp import Mailbox


def test_reminders_ends_and_erasing_come_at_their_day(
    filled: FlaskClient,
    app: Flask,
    mailbox: Mailbox,
    deliver: Deliver,
    links: Links,
) -> None:
    following = request_sent(filled, app, mailbox, deliver, KEYS[:3])
    first = link_in(mailbox.to(address_of(1))[0].text, "repondre")
    press(filled, first, reponse="interested")
    third = link_in(mailbox.to(address_of(3))[0].text, "arreter")
    assert filled.post(third, data={"List-Unsubscribe": "One-Click"}).status_code == 204
    assert "il y a moins d'un jour" in unescape(press(filled, following, "/relancer"))
    deadline = date.fromisoformat(last_day())
    due = rules.reminds_from(deadline)
    assert turn(app, links, due - timedelta(minutes=1)) == Done()
    assert turn(app, links, due) == Done(reminded=1)  # neither who answered nor who left
    assert turn(app, links, due) == Done()
    deliver(app)
    assert [len(mailbox.to(address_of(n))) for n in (1, 2, 3)] == [1, 2, 1]
    assert mailbox.to(address_of(2))[1].subject.startswith("Rappel : Demande de devis")
    over = rules.last_moment(deadline)
    assert turn(app, links, over - timedelta(seconds=1)) == Done()
    assert turn(app, links, over) == Done(closed=1)
    deliver(app)
    assert "Réponses closes" in mailbox.to(BUYER)[-1].subject
    second = link_in(mailbox.to(address_of(2))[0].text, "repondre")
    assert "ne prend plus de réponse" in words_of(filled.get(second).text)
    page = words_of(filled.get(following).text)
    assert "relance automatique" in page
    assert "ne veut plus recevoir de demandes" in page
    assert turn(app, links, over + rules.KEPT + timedelta(days=1)) == Done(erased=1)
    assert filled.get(following).status_code == 404
    assert filled.get(second).status_code == 404


def test_structure_that_stops_is_left_in_peace_until_it_takes_it_back(
    filled: FlaskClient, app: Flask, mailbox: Mailbox, deliver: Deliver
) -> None:
    with changing(app) as session:  # two structures at one address
        session.execute(
            update(Structure).where(Structure.key == KEYS[1]).values(email=address_of(1).upper())
        )
    request_sent(filled, app, mailbox, deliver, KEYS[:1])
    stopping = link_in(mailbox.to(address_of(1))[0].text, "arreter")
    assert "Ne plus recevoir" in words_of(filled.get(stopping).text)
    filled.post(stopping)
    assert "Vous ne recevez plus" in filled.get(stopping).text
    said = write(filled, KEYS[:2])
    assert said.count("a demandé à ne plus recevoir de demandes par ce site") == 2
    filled.post(stopping, data={"reprendre": "1"})
    assert "Un courriel est parti" in write(filled, KEYS[:2])


def test_by_hand_a_reminder_once_an_end_and_an_erasing(
    filled: FlaskClient, app: Flask, mailbox: Mailbox, deliver: Deliver
) -> None:
    following = request_sent(filled, app, mailbox, deliver, KEYS[:2])
    with changing(app) as session:
        session.execute(
            update(AskedStructure).values(asked_at=datetime.now(UTC) - timedelta(days=2))
        )
    assert "Une relance part à 2" in press(filled, following, "/relancer")
    assert "déjà relancé" in press(filled, following, "/relancer")
    deliver(app)
    assert len(mailbox.to(address_of(1))) == 2
    answering = link_in(mailbox.to(address_of(1))[1].text, "repondre")
    assert "La demande est close" in press(filled, following, "/clore")
    assert "ne prend plus de réponse" in words_of(filled.get(answering).text)
    assert "sont effacés" in press(filled, following, "/effacer")
    assert filled.get(answering).status_code == 404
    with changing(app) as session:
        assert session.scalars(select(AskedStructure.id)).all() == []


def test_journal_and_sourcing_file_are_taken_away(
    filled: FlaskClient, app: Flask, mailbox: Mailbox, deliver: Deliver, tmp_path: Path
) -> None:
    following = request_sent(filled, app, mailbox, deliver, KEYS[:2])
    answering = link_in(mailbox.to(address_of(2))[0].text, "repondre")
    press(filled, answering, reponse="interested", message="=HYPERLINK(1)")
    book = tmp_path / "journal.xlsx"
    book.write_bytes(filled.get(f"{following}/journal.xlsx", buffered=True).data)
    rows = CalamineWorkbook.from_path(book).get_sheet_by_name("Structures").to_python()
    heading = rows[0]
    assert [row[heading.index("Réponse")] for row in rows[1:]] == ["intéressée", "pas de réponse"]
    text = filled.get(f"{following}/journal.csv", buffered=True).data.decode()
    assert "intéressée" in text
    paper = filled.get(f"{following}/dossier-sourcing.docx", buffered=True).data
    path = tmp_path / "dossier.docx"
    path.write_bytes(paper)
    document = Document(str(path))
    words = "\n".join(p.text for p in document.paragraphs)
    assert "Demande envoyée et réponses" in words
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert any("intéressée" in cell for cell in cells)


def test_forged_addresses_lead_nowhere_and_the_job_runs(
    filled: FlaskClient, links: Links, run: Run
) -> None:
    crossed = links.path("repondre", 1).rpartition("/")[2]
    for page in ("confirmer", "suivi", "repondre", "arreter", "carnet"):
        for token in ("x", "é" * 99, "a.b.c", crossed):
            assert filled.get(f"/demandes/{page}/{token}").status_code == 404
    for number in (10**12, 0, -1):
        assert filled.get(links.path("suivi", number)).status_code == 404
    assert last_json(run("sourcing", "run", "--once", "--json")) == {
        "reminded": 0, "closed": 0, "erased": 0,
    }  # fmt: skip


def test_two_that_act_at_once_act_once(
    filled: FlaskClient, app: Flask, mailbox: Mailbox, deliver: Deliver, links: Links
) -> None:
    write(filled, KEYS[:2])
    now = datetime.now(UTC)
    later = now + timedelta(days=2)
    over = rules.last_moment(date.fromisoformat(last_day()))
    acts: list[Callable[[Session], object]] = [
        lambda session: confirm(session, 1, links, now),
        lambda session: nudge(session, 1, links, later),
        lambda session: close(session, 1, links, over, early=False),
    ]

    def act(number: int) -> None:
        with app.app_context(), suppress(InvalidInputError), writing(db.session) as session:
            acts[number](session)

    with ThreadPoolExecutor(4) as pool:
        for number in range(len(acts)):
            list(pool.map(act, [number] * 4))
    deliver(app)
    assert [len(mailbox.to(address_of(n))) for n in (1, 2)] == [2, 2]
    with changing(app) as session:
        kinds = Counter(session.scalars(select(SourcingEvent.kind)))
    assert kinds == {"written": 1, "confirmed": 1, "asked": 2, "nudged": 2, "closed": 1}
