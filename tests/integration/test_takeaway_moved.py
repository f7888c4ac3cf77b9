"""A supplier asked for under a SIRET that it had once: where it went, and what it is today."""

from dataclasses import replace
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from stdnum import luhn

from annuaire.db import writing
from annuaire.structures import deciding, service
from annuaire.wording import siret_fr
from tests.factories.commands import Run, last_json
from tests.factories.registers import TODAY, ea, join, open_a_run, read, siae


def siret(siren: str, establishment: int) -> str:
    start = f"{siren}{establishment:04}"
    return start + str(luhn.calc_check_digit(start))


COMPANY = "99000002" + str(luhn.calc_check_digit("99000002"))
ANOTHER = "99000003" + str(luhn.calc_check_digit("99000003"))
OLD, NEW, THIRD = (siret(COMPANY, n) for n in (1, 2, 3))
FAR = siret(ANOTHER, 1)


@pytest.fixture
def moved(run: Run, session: Session, client: FlaskClient) -> FlaskClient:
    """An EI listed under a new SIRET, that tells the former one."""
    run_id = open_a_run(session)
    read(session, run_id, "siae", [siae(OLD, None, "EI")])
    read(session, run_id, "siae", [siae(NEW, OLD, "EI")])
    return client


def test_a_former_siret_says_the_present_one_and_its_status(moved: FlaskClient, run: Run) -> None:
    page = unescape(moved.get(f"/verifier/{OLD}").text)
    assert f"a changé de SIRET : il porte aujourd’hui le {siret_fr(NEW)}" in page
    assert "Inclusive aujourd’hui" in page
    (line,) = last_json(run("check", OLD, "--json"))["results"]
    assert (line["verdict"], line["moved_to"], line["siblings"]) == ("inclusive", NEW, [])
    assert last_json(run("check", NEW, "--json"))["results"][0]["moved_to"] is None
    answer = moved.get(f"/verifier/{OLD}/attestation")
    assert answer.location == f"/verifier/{NEW}/attestation"


def test_a_former_siret_whose_establishment_ended_says_both(
    moved: FlaskClient, run: Run, session: Session
) -> None:
    read(session, open_a_run(session), "siae", [siae(THIRD, None, "EI")])
    (line,) = last_json(run("check", OLD, "--json"))["results"]
    assert (line["verdict"], line["moved_to"]) == ("entreprise", NEW)
    assert "a changé de SIRET" in line["sentence"]


def test_a_number_joined_to_that_of_another_company_is_not_said_to_have_moved(
    moved: FlaskClient, run: Run, session: Session
) -> None:
    read(session, open_a_run(session), "ea", [replace(ea(FAR), name="EA")])
    join(session, FAR, NEW)
    kept = service.by_siret(session, FAR).key
    session.rollback()
    other = FAR if kept == NEW else NEW
    (line,) = last_json(run("check", other, "--json"))["results"]
    assert (line["verdict"], line["moved_to"]) == ("inclusive", kept)
    assert "réunie à celle" in line["sentence"]
    sibling = siret(other[:9], 9)
    assert last_json(run("check", sibling, "--json"))["results"][0]["verdict"] == "inconnue"


def test_a_former_siret_of_a_withdrawn_structure_says_nothing_of_it(
    moved: FlaskClient, run: Run, session: Session
) -> None:
    with writing(session):
        deciding.withdraw(session, service.by_siret(session, NEW), "Ada", "demande", TODAY)
    for number in (OLD, NEW):
        (line,) = last_json(run("check", number, "--json"))["results"]
        assert (line["verdict"], line["name"], line["moved_to"]) == ("inconnue", None, None)
