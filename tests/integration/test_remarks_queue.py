"""Remarks of readings wait for a moderator until they are seen, and again at the next reading."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts.audit import AuditEntry
from annuaire.moderation.models import ModerationDecision
from annuaire.moderation.queues import QUEUES
from tests.factories.accounts import make_user, rows, sign_in, submit
from tests.factories.commands import Run, last_json
from tests.factories.files import siae, write_csv
from tests.factories.pages import words_of

QUEUE = "/moderation/remarques"


def read(run: Run, folder: Path, wrong: int) -> int:
    """Read a file of three structures, some of which have a SIRET that cannot be."""
    sheet = [siae(n) | ({"siret": "123"} if n <= wrong else {}) for n in (1, 2, 3)]
    made = run("import", "siae", write_csv(folder / f"{wrong}.csv", sheet), "--json")
    return int(last_json(made)["run"])


@pytest.fixture
def staff(app: Flask, base: Session) -> FlaskClient:
    return sign_in(app, make_user(base, "mod@exemple.fr", role="moderator"))


def waiting(base: Session) -> list[int]:
    base.rollback()
    queue = QUEUES["remarques"]
    numbers = [item.id for item in queue.page(base, 0, 10)]
    assert queue.waits(base).count == len(numbers)
    base.rollback()
    return numbers


def seen(staff: FlaskClient, number: int, **given: str) -> int:
    given = {"verdict": "accept", "motif": "Deux lignes d’essai.", "seul": "oui"} | given
    return submit(staff, QUEUE, f"{QUEUE}/{number}", ligne=str(number), **given).status_code


def test_remarks_wait_until_seen_and_again_at_the_next_reading(
    staff: FlaskClient, base: Session, run: Run, tmp_path: Path
) -> None:
    assert "Rien n’attend ici" in staff.get(QUEUE).text
    first = read(run, tmp_path, wrong=2)
    assert waiting(base) == [first]
    page = staff.get(QUEUE).text
    assert "2 lignes refusées" in words_of(page).replace("\xa0", " ")
    assert f'href="/sources/siae?lecture={first}&amp;code=' in page
    assert 'value="refuse"' not in page
    assert seen(staff, first, motif="") == 400
    assert seen(staff, first, verdict="refuse") == 400
    assert seen(staff, first) == 303
    assert waiting(base) == []
    assert seen(staff, first) == 400  # already
    [decided] = rows(base, select(ModerationDecision))
    assert (decided.queue, decided.item_id, decided.reason) == (
        "remarques", first, "Deux lignes d’essai.",
    )  # fmt: skip
    logged = select(AuditEntry).where(AuditEntry.action == "moderation.accept")
    assert len(rows(base, logged)) == 1
    undo = f"/moderation/decisions/{decided.id}/annuler"
    submit(staff, undo, "/moderation/decisions", motif="À revoir.")
    assert waiting(base) == [first]
    assert seen(staff, first) == 303  # and again
    second = read(run, tmp_path, wrong=1)
    assert waiting(base) == [second]
    read(run, tmp_path, wrong=0)
    assert waiting(base) == []


def test_reading_without_remarks_is_not_there(staff: FlaskClient, run: Run, tmp_path: Path) -> None:
    number = read(run, tmp_path, wrong=0)
    assert staff.get(f"{QUEUE}/{number}").status_code == 404
    assert staff.get(f"{QUEUE}/999").status_code == 404
