"""A profile follows its structure, survives several at once, and forgets a person."""

import os
import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from annuaire.accounts.models import User
from annuaire.config import Settings
from annuaire.db import db, writing
from annuaire.errors import InvalidInputError
from annuaire.profiles import files, personal, service
from annuaire.profiles.models import Profile, ProfileEdit, ProfileFile
from annuaire.profiles.uploads.apart import Opened
from annuaire.structures.duplicates import service as review
from annuaire.structures.models import SourceRecord
from annuaire.structures.service import by_siret
from search.documents import documents
from tests.factories.accounts import make_user
from tests.factories.commands import Run, last_json
from tests.factories.registers import ea, esat, join, open_a_run, read, siae

TODAY = date(2026, 11, 28)
OLD, NEW, OTHER = (f"990000028000{n}0" for n in range(1, 4))
ESAT = "finess:590000011"


@pytest.fixture
def run_id(session: Session) -> int:
    return open_a_run(session)


def say(session: Session, key: str, subject: str, author: int | None = None, **said: Any) -> None:
    """Edit a subject as from the page that shows what is said now."""
    with writing(session):
        structure = by_siret(session, key)
        version = service.held(session, structure.id).version
        service.edit(session, structure, subject, said, version, author, TODAY)


def living(session: Session) -> list[str]:
    """The numbers under which a profile tells the register something."""
    rows = select(SourceRecord.source_key).where(
        SourceRecord.source == "profil", SourceRecord.ended_on.is_(None)
    )
    found = sorted(session.scalars(rows))
    session.rollback()
    return found


def shown(session: Session, key: str) -> tuple[str | None, Any, Any]:
    """The phone of a structure, and what its profile and its search document say of people."""
    structure = by_siret(session, key)
    content = service.held(session, structure.id).content
    (document,) = documents(session, "structures", [structure.id], TODAY)
    phone, people = structure.phone, content.get("people")
    session.rollback()
    return phone, people, document.get("cocontract")


def completeness(session: Session, key: str) -> float:
    """How complete a structure is for the search, which weighs it a little."""
    (document,) = documents(session, "structures", [by_siret(session, key).id], TODAY)
    session.rollback()
    return float(str(document["completeness"]))


def test_profile_follows_a_structure_that_moves(session: Session, run_id: int) -> None:
    read(session, run_id, "siae", [siae(OLD, None, "EI"), siae(OTHER, None, "EI")])
    say(session, OLD, "contacts", phone="+33320000001", email="a@essai.fr")
    before = completeness(session, OLD)
    say(session, OLD, "moyens", people=5, cocontract="oui")
    assert before < completeness(session, OLD) < 1
    read(session, run_id, "siae", [siae(NEW, OLD, "EI"), siae(OTHER, None, "EI")])
    assert by_siret(session, OLD).key == NEW
    session.rollback()
    assert shown(session, NEW) == ("+33320000001", 5, "oui")
    say(session, NEW, "contacts", phone="+33320000002", email="a@essai.fr")
    assert (shown(session, NEW)[0], living(session)) == ("+33320000002", [NEW])
    say(session, NEW, "contacts", phone=None, email=None)
    assert (shown(session, NEW)[0], living(session)) == (None, [])


def test_profile_of_a_joined_structure_is_shown_and_comes_back(
    session: Session, run_id: int
) -> None:
    read(session, run_id, "esat", [esat("590000011", None)])
    read(session, run_id, "ea", [ea(OTHER)])
    say(session, ESAT, "moyens", people=5, cocontract="oui")
    say(session, ESAT, "contacts", phone="+33320000001")
    pair = join(session, ESAT, OTHER)
    assert pair is not None
    assert shown(session, OTHER) == ("+33320000001", 5, "oui")
    say(session, OTHER, "moyens", people=9, cocontract="non")
    assert shown(session, OTHER) == ("+33320000001", 9, "non")
    with writing(session):
        review.undo(session, pair, "une modératrice", TODAY)
    assert shown(session, ESAT) == ("+33320000001", 5, "oui")
    assert shown(session, OTHER)[1:] == (9, "non")


def test_unlisted_structure_says_no_more(session: Session, run_id: int) -> None:
    read(session, run_id, "siae", [siae(OLD, None, "EI"), siae(OTHER, None, "EI")])
    say(session, OLD, "contacts", phone="+33320000001")
    read(session, run_id, "siae", [siae(OTHER, None, "EI")])
    assert by_siret(session, OLD).ended_on is not None  # alone, a profile keeps nobody listed
    session.rollback()
    with pytest.raises(InvalidInputError, match="n’est plus dans les annuaires"):
        say(session, OLD, "contacts", phone="+33320000002")
    read(session, run_id, "siae", [siae(OLD, None, "EI"), siae(OTHER, None, "EI")])
    assert shown(session, OLD)[0] == "+33320000001"


def test_several_at_once_on_one_page_lose_nothing(
    app: Flask, session: Session, run_id: int
) -> None:
    read(session, run_id, "siae", [siae(OLD, None, "EI")])
    subjects: list[tuple[str, dict[str, Any]]] = [
        ("moyens", {"people": n}) for n in range(1, 5)
    ] + [("contacts", {"phone": "+33320000001"}), ("presentation", {"description": "Dit."})]
    told: list[str] = []
    begin = threading.Barrier(len(subjects))

    def work(subject: str, said: dict[str, Any]) -> None:
        with app.app_context():
            begin.wait()
            try:
                with writing(db.session) as own:
                    service.edit(own, by_siret(own, OLD), subject, said, 0, None, TODAY)
                told.append(subject)
            except service.StaleEditError:
                told.append("late")

    threads = [threading.Thread(target=work, args=pair) for pair in subjects]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["contacts", "late", "late", "late", "moyens", "presentation"]
    assert session.scalar(select(func.count()).select_from(ProfileEdit)) == 3
    profile = session.scalars(select(Profile)).one()
    assert profile.version == 3
    assert {"people", "phone", "description"} == {*profile.content}
    session.rollback()
    structure = by_siret(session, OLD)
    assert (structure.phone, structure.description) == ("+33320000001", "Dit.")


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("camille@essai.fr", "Camille@essai.fr"),
        ("camélia@école-essai.fr", "CamÉlia@école-essai.fr"),
    ],
)
def test_a_person_takes_away_what_is_kept_of_them_and_is_forgotten(
    session: Session, run_id: int, address: str, written: str
) -> None:
    read(session, run_id, "siae", [siae(OLD, None, "EI")])
    author = make_user(session, address)
    session.rollback()
    person = {"name": "Camille Essai", "email": written}
    other = {"name": "Dominique", "email": "dcam@école-essai.fr"}
    say(session, OLD, "contacts", author, contacts=[person, other], email=written)
    kept = personal.export_of(session, address)
    assert kept["contacts"] == [{"structure": OLD, **person}]
    assert [made["subject"] for made in kept["edits"]] == ["contacts"]
    session.rollback()
    with writing(session):
        assert personal.erase(session, "essai.fr") == 0  # others end like it
        assert personal.erase(session, address) == 2
        session.delete(session.get_one(User, author))
    content = session.scalars(select(Profile.content)).one()
    made = session.scalars(select(ProfileEdit)).one()
    assert content == {"contacts": [other]}
    assert made.author_id is None
    assert written not in str(made.diff)
    assert address not in str(made.diff)
    assert by_siret(session, OLD).email is None
    assert made.made_at <= datetime.now(UTC)
    session.rollback()
    assert personal.export_of(session, address) == {}


def test_operator_reviews_edits_and_purges_what_nobody_names(
    run: Run, session: Session, run_id: int, settings: Settings
) -> None:
    read(session, run_id, "siae", [siae(OLD, None, "EI")])
    say(session, OLD, "moyens", people=5)
    say(session, OLD, "moyens", people=6)
    first, second = last_json(run("profiles", "edits", "--json"))["edits"]
    assert second["changes"] == [
        {"field": "personnes mobilisables", "before": ["5\xa0personnes"],
         "after": ["6\xa0personnes"]}
    ]  # fmt: skip
    assert run("profiles", "accept", first["id"]).exit_code == 0
    assert last_json(run("profiles", "refuse", second["id"], "--why", "Faux.", "--json"))
    assert shown(session, OLD)[1] == 5
    assert run("profiles", "refuse", second["id"], "--why", "Faux.").exception
    assert last_json(run("profiles", "edits", "--json"))["edits"] == []

    with writing(session):
        structure = by_siret(session, OLD)
        for color in (1, 2):
            found = Opened("image/webp", {320: bytes([color])})
            kept = files.keep_file(session, settings.data_dir, structure, found, "picture", "a.jpg")
        files.add_picture(session, structure, kept, "logo", "Un logo", None, TODAY)
        session.execute(update(ProfileFile).values(created_at=datetime(2026, 1, 1, tzinfo=UTC)))
    for path in (settings.data_dir / "uploads").rglob("*-320"):
        os.utime(path, (0, 0))
    assert last_json(run("profiles", "purge", "--json")) == {"forgotten": 1, "removed": 1}
    assert last_json(run("profiles", "purge", "--json")) == {"forgotten": 0, "removed": 0}
    with writing(session):
        files.take_picture_off(session, by_siret(session, OLD), kept.sha256, None, TODAY)
    assert last_json(run("profiles", "purge", "--json"))["forgotten"] == 0  # an undoing needs it
