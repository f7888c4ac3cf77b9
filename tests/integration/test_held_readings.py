"""What a file no longer holds, decided by moderators, done by a job, undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.moderation.models import ModerationDecision
from annuaire.runs import HeldRemoval, ImportRun
from annuaire.structures.models import Structure
from importers.locking import importing
from tests.factories.accounts import make_user, rows, sign_in, submit
from tests.factories.commands import Run, last_json
from tests.factories.files import siae, write_csv
from tests.factories.pages import words_of

QUEUE = "/moderation/lectures"


@pytest.fixture
def held(run: Run, tmp_path: Path) -> int:
    """A reading that found one structure of three, and was held."""
    run("import", "siae", write_csv(tmp_path / "all.csv", [siae(n) for n in (1, 2, 3)]))
    less = last_json(run("import", "siae", write_csv(tmp_path / "less.csv", [siae(1)]), "--json"))
    return int(less["run"])


@pytest.fixture
def staff(app: Flask, base: Session) -> Iterator[FlaskClient]:
    return sign_in(app, make_user(base, "mod@exemple.fr", role="moderator"))


def decide(staff: FlaskClient, number: int, verdict: str) -> str:
    answer = submit(
        staff, QUEUE, f"{QUEUE}/{number}", ligne=str(number), verdict=verdict, motif="Vu.",
        seul="oui",
    )  # fmt: skip
    return staff.get(QUEUE).text if answer.status_code == 303 else answer.text


def undo(staff: FlaskClient, base: Session) -> str:
    newest = rows(base, select(ModerationDecision).order_by(ModerationDecision.id.desc()))[0]
    path = f"/moderation/decisions/{newest.id}/annuler"
    submit(staff, path, "/moderation/decisions", motif="Erreur.")
    return staff.get("/moderation/decisions").text


def listed(base: Session) -> int:
    return len(rows(base, select(Structure).where(Structure.ended_on.is_(None))))


def state(base: Session, number: int) -> str:
    [found] = rows(base, select(ImportRun).where(ImportRun.id == number))
    return str(found.state)


def test_accepted_removals_are_done_by_the_job_and_undone_by_another(
    run: Run, base: Session, staff: FlaskClient, held: int
) -> None:
    page = staff.get(f"{QUEUE}/{held}").text
    assert "Fiches absentes du fichier" in page
    assert siae(2)["siret"] in page  # a link to what would end
    assert listed(base) == 3
    assert "1 décision prise" in words_of(decide(staff, held, "accept"))
    assert (listed(base), state(base, held)) == (3, "accepted")  # a page imports nothing
    assert last_json(run("tend", "--json"))["removals"] == 1
    assert (listed(base), state(base, held)) == (1, "done")
    assert last_json(run("tend", "--json"))["removals"] == 0
    assert "La décision est annulée" in undo(staff, base)
    assert (listed(base), state(base, held)) == (1, "restoring")
    run("tend")
    assert (listed(base), state(base, held)) == (3, "held")
    assert "siae : less.csv" in staff.get(QUEUE).text


def test_refused_removals_are_kept_also_when_the_same_file_comes_again(
    run: Run, base: Session, staff: FlaskClient, held: int, tmp_path: Path
) -> None:
    decide(staff, held, "refuse")
    run("tend")
    assert (listed(base), state(base, held)) == (3, "kept")
    again = last_json(run("import", "siae", tmp_path / "less.csv", "--json"))["run"]
    assert (listed(base), state(base, again)) == (3, "kept")
    assert "siae : less.csv" not in staff.get(QUEUE).text
    assert "lue de nouveau depuis" in undo(staff, base)  # of the reading before
    run("tend")
    assert {row.run_id for row in rows(base, select(HeldRemoval))} == {again}


def test_a_decision_of_another_moment_changes_nothing(
    run: Run, base: Session, staff: FlaskClient, held: int, tmp_path: Path
) -> None:
    decide(staff, held, "accept")
    assert "n’en est plus là" in decide(staff, held, "accept")
    with importing(base, tmp_path / "import.lock"):  # a file is being read
        assert last_json(run("tend", "--json"))["removals"] == 0
    run("import", "siae", tmp_path / "all.csv")
    run("tend")
    assert (listed(base), state(base, held)) == (3, "held")


def test_a_file_without_a_row_is_not_accepted(
    run: Run, base: Session, staff: FlaskClient, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "all.csv", [siae(1), siae(2)]))
    bad = write_csv(tmp_path / "bad.csv", [siae(1, siret="zéro")])
    number = last_json(run("import", "siae", bad, "--json"))["run"]
    assert "aucune fiche qui puisse être lue" in decide(staff, int(number), "accept")
    assert (listed(base), state(base, int(number))) == (2, "held")
