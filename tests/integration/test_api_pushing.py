"""Consultations that platforms push: kept once, read as notices are, below what is official."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from annuaire.contracts.models import Contract, Notice
from annuaire.contracts.publishing import Changes, publish
from annuaire.contracts.records import NoticeRecord
from annuaire.db import writing
from annuaire.extensions import limiter
from annuaire.runs import ImportRun, open_run
from annuaire.wording import PARIS
from tests.factories.commands import Run, last_json
from tests.factories.files import siae, write_csv
from tests.factories.notices import FOLDER, TOWN, call, later

CLAUSE = (
    "Le titulaire réserve 120 heures de travail à des personnes éloignées de l'emploi "
    "pour l'exécution du lot 1."
)
BODY: dict[str, Any] = {
    "id": "2026-123",
    "title": "Nettoyage des locaux de la mairie",
    "url": "https://plateforme.example/consultations/2026-123",
    "buyer": {"name": TOWN.name, "siret": TOWN.siret, "postcode": "59000", "city": "Lille"},
    "deadline": "2099-06-12T12:00:00+02:00",
    "published_on": "2026-05-10",
    "lots": [
        {"number": "1", "title": "Nettoyage de bureaux", "amount_eur": 40000},
        {"number": "2", "title": "Vitrerie"},
    ],
    "texts": [{"kind": "execution", "text": CLAUSE, "lot": "1"}],
}


@pytest.fixture
def push(run: Run, client: FlaskClient, session: Session) -> Iterator[Any]:
    """Sends a consultation with the key of a platform: `push(BODY)`, `push(BODY, put=True)`."""
    printed = run("keys", "create", "Essai", "--owner", "a@exemple.fr", "--scope",
                  "contracts:write", "--platform", "exemple", "--json")  # fmt: skip
    key = last_json(printed)["key"]
    limiter.reset()

    def send(body: Any, *, put: bool = False, **headers: str) -> TestResponse:
        session.rollback()
        given = {"Authorization": f"Bearer {key}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        path = f"/api/v1/contracts/{body['id']}" if put else "/api/v1/contracts"
        answer = client.open(path, method="PUT" if put else "POST", json=body, headers=given)
        session.rollback()
        return answer

    send.key = key  # type: ignore[attr-defined]  # for what is no JSON
    yield send
    limiter.reset()


def publish_official(session: Session, *records: NoticeRecord) -> None:
    with writing(session):
        run_id = open_run(session, "boamp", "essai", "")
    with writing(session, bulk=True):
        publish(session, run_id, list(records), Changes())


def test_a_consultation_is_answered_with_its_clauses_and_structures(
    push: Any, run: Run, client: FlaskClient, session: Session, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(n) for n in range(1, 4)]))
    answer = push(BODY)
    assert answer.status_code == 201, answer.text
    told = answer.json
    assert (told["result"], told["reference"], told["official"]) == (
        "created", "depot-exemple.2026-123", False,
    )  # fmt: skip
    assert (told["social"], told["hours"]) == (True, 120)
    (finding,) = told["findings"]
    assert (finding["type"], finding["lots"]) == ("execution_insertion", ["1"])
    assert [lot["lot"] for lot in told["lots"]] == ["1", "2"]
    assert told["lots"][0]["suggestions"][0]["reasons"]
    assert answer.headers["Location"].endswith("/marches/depot-exemple.2026-123")
    run("index", "drain")
    page = client.get("/marches/depot-exemple.2026-123").text
    assert "120 heures" in page
    assert "Consultations déposées par des plateformes" in page
    listed = client.get("/api/v1/contracts?social=oui").json["items"]
    assert [item["reference"] for item in listed] == ["depot-exemple.2026-123"]
    assert client.get("/sources/depot").status_code == 200


def test_the_same_twice_changes_nothing_and_put_replaces(push: Any, session: Session) -> None:
    push(BODY)
    before = session.execute(select(Contract.updated_at)).all()
    session.rollback()
    again = push(BODY)
    assert (again.status_code, again.json["result"]) == (200, "unchanged")
    assert session.execute(select(Contract.updated_at)).all() == before
    other = BODY | {"title": "Nettoyage des locaux et des vitres"}
    refused = push(other)
    assert (refused.status_code, refused.get_json(force=True)["errors"][0]["pointer"]) == (
        409, "#/id",
    )  # fmt: skip
    replaced = push(other, put=True)
    assert (replaced.status_code, replaced.json["result"]) == (200, "updated")
    assert session.scalars(select(Contract.title)).all() == [other["title"]]
    back = push(other | {"published_on": "2026-05-01"}, put=True)
    assert back.status_code == 422
    gone = push(other | {"nature": "cancellation"}, put=True)
    assert gone.json["lots"] == []
    assert session.scalars(select(Contract.state)).all() == ["cancelled"]
    assert push(BODY | {"id": "autre"}, put=True).status_code == 404
    (run_of_day,) = session.scalars(select(ImportRun).where(ImportRun.source == "depot"))
    assert (run_of_day.counts["created"], run_of_day.counts["updated"]) == (1, 2)


@pytest.mark.database("sqlite")
def test_a_request_that_has_a_name_is_not_done_twice(push: Any, session: Session) -> None:
    assert push(BODY, Idempotency_Key="a1").status_code == 201
    assert push(BODY, Idempotency_Key="a1").json["result"] == "unchanged"
    reused = push(BODY | {"id": "autre"}, Idempotency_Key="a1")
    assert reused.status_code == 409
    assert session.scalar(select(func.count()).select_from(Contract)) == 1
    assert push(BODY, Idempotency_Key="x" * 300).status_code == 400


OFFICIAL = call("26-1", reference="M2026-0042", folder=FOLDER)


@pytest.mark.parametrize("official_first", [True, False])
def test_an_official_notice_is_believed_alone(
    push: Any, session: Session, official_first: bool
) -> None:
    sent = (
        BODY
        | {"reference": "M2026-0042"}
        | {"title": "Nettoyage des locaux de la mairie et autres mensonges"}
    )
    if official_first:
        publish_official(session, OFFICIAL)
        answer = push(sent)
    else:
        push(sent)
        publish_official(session, OFFICIAL)
        session.rollback()
        answer = push(sent)
    assert (answer.json["official"], answer.json["reference"]) == (True, "boamp-26-1")
    contract = session.scalars(select(Contract)).one()
    assert (contract.title, contract.social) == (OFFICIAL.title, False)
    assert (contract.deadline, len(contract.lots)) == (OFFICIAL.deadline, 1)
    assert contract.published_on == OFFICIAL.published_on
    assert [(n.source, n.in_force) for n in contract.notices] == [("depot", False), ("boamp", True)]
    push(sent | {"nature": "cancellation"}, put=True)
    assert session.scalars(select(Contract.state)).all() == ["published"]


def test_a_pushed_consultation_joins_no_two_official_contracts(push: Any, session: Session) -> None:
    other = call("26-2", title="Repas", folder="aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb")
    award = later("26-9", "award", 60, reference="M2026-0042")
    publish_official(session, OFFICIAL, other)
    push(BODY | {"notice": "boamp-26-2", "folder": FOLDER, "reference": "M2026-0042"})
    push(BODY | {"id": "b", "reference": "M2026-0042", "published_on": "2026-06-20"})
    publish_official(session, award)
    groups = {
        contract.reference: sorted(f"{n.source}-{n.source_key}" for n in contract.notices)
        for contract in session.scalars(select(Contract))
    }
    assert groups == {
        "boamp-26-1": ["boamp-26-1", "boamp-26-9"],
        "boamp-26-2": ["boamp-26-2", "depot-exemple.2026-123"],
        "depot-exemple.b": ["depot-exemple.b"],
    }


REFUSED = (
    ({"id": "../x"}, "#/id"),
    ({"id": "a\n"}, "#/id"),
    ({"url": "http://plateforme.example"}, "#/url"),
    ({"url": "javascript:alert(1)"}, "#/url"),
    ({"buyer": {"name": "X", "siret": "12345678901234"}}, "#/buyer/name"),
    ({"deadline": "2026-06-12T12:00:00"}, "#/deadline"),
    ({"departements": ["00"]}, "#/departements"),
    ({"lots": [BODY["lots"][0]] * 2}, "#/lots"),
    ({"source": "boamp"}, "#/source"),
    ({"texts": [{"text": "a" * 60_000}] * 2}, "#/texts"),
)


@pytest.mark.database("sqlite")
def test_what_cannot_be_a_consultation_is_refused_whole(push: Any, session: Session) -> None:
    for changes, pointer in REFUSED:
        answer = push(BODY | changes)
        assert answer.status_code == 422, (changes, answer.text)
        assert pointer in {e["pointer"] for e in answer.get_json(force=True)["errors"]}
    assert session.scalar(select(func.count()).select_from(Notice)) == 0


HUGE = b'{"id": "' + b"a" * 100_000_000 + b'"}'
DEEP = b'{"lots":' + b"[" * 10_000 + b"]" * 10_000 + b"}"


@pytest.mark.database("sqlite")
def test_huge_and_deep_bodies_are_refused_at_once(push: Any, client: FlaskClient) -> None:
    for body, status in ((HUGE, 413), (DEEP, 400)):
        headers = {"Authorization": f"Bearer {push.key}"}
        answer = client.post("/api/v1/contracts", data=body, headers=headers,
                             content_type="application/json")  # fmt: skip
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


@pytest.mark.database("sqlite")
def test_a_moment_of_pushing_is_the_day_of_publication(push: Any, session: Session) -> None:
    sent = {name: value for name, value in BODY.items() if name != "published_on"}
    push(sent)
    assert push(sent).json["result"] == "unchanged"
    day = datetime.now(PARIS).date()
    assert session.scalar(select(Contract.published_on)) in (day, day - timedelta(days=1))


@pytest.mark.database("sqlite")
def test_a_number_is_that_of_one_platform(push: Any, run: Run, client: FlaskClient) -> None:
    push(BODY)
    printed = run("keys", "create", "Deux", "--owner", "b@exemple.fr", "--scope",
                  "contracts:write", "--platform", "autre", "--json")  # fmt: skip
    headers = {"Authorization": f"Bearer {last_json(printed)['key']}"}
    answer = client.put("/api/v1/contracts/2026-123", json=BODY, headers=headers)
    assert answer.status_code == 404  # the same number of another platform is another's
