"""Copies of the register that follow its changes, as docs/api.md tells to keep them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.contracts.models import Contract
from annuaire.contracts.publishing import Changes, publish
from annuaire.contracts.records import NoticeRecord
from annuaire.contracts.service import remove_source
from annuaire.db import writing
from annuaire.extensions import limiter
from annuaire.runs import open_run
from annuaire.structures.models import Structure, StructureAlias
from tests.factories.commands import Run
from tests.factories.files import siae, write_csv
from tests.factories.notices import call, later
from tests.factories.twins import EA, ESAT, found, import_twins


@pytest.fixture(autouse=True)
def uncounted(app: Flask) -> Iterator[None]:
    limiter.reset()
    yield
    limiter.reset()


class Copy:
    """What a platform keeps: objects by their key, renewed from `since`."""

    def __init__(self, client: FlaskClient, session: Session, name: str) -> None:
        self.client, self.session, self.name = client, session, name
        self.held: dict[str, Any] = {}
        self.since = ""
        self.last: list[Any] = []

    def follow(self, limit: int = 2, since: str = "") -> list[Any]:
        """Read all changes, page after page; returns them."""
        path = f"/api/v1/changes/{self.name}?limit={limit}&updated_since={since or self.since}"
        self.last = []
        self.session.rollback()  # a request of the test's own context reads what is there now
        while path:
            answer = self.client.get(path)
            assert answer.status_code == 200, answer.text
            for item in answer.json["items"]:
                self._take(item)
            path = (answer.json["next"] or "").partition("8000")[2]
        self.since = answer.json["until"]
        return self.last

    def _take(self, item: Any) -> None:
        self.last.append(item)
        key = item.get("key") or item["reference"]
        for former in (key, *item.get("former_keys", ())):
            self.held.pop(former, None)
        if item["change"] == "present":
            self.held[key] = item.get("structure") or item["contract"]


def living(session: Session) -> set[str]:
    """The structures that the register lists."""
    behind = select(StructureAlias.key)
    found = session.scalars(
        select(Structure.key).where(Structure.ended_on.is_(None), Structure.key.not_in(behind))
    )
    keys = set(found)
    session.rollback()
    return keys


def now() -> str:
    return datetime.now(UTC).isoformat()  # its « + » is left as it is


def test_a_copy_follows_structures_that_change_join_end_and_go(
    run: Run, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    import_twins(run, tmp_path)
    copy = Copy(client, session, "structures")
    copy.follow()
    assert set(copy.held) == living(session)
    assert copy.held[EA]["kinds"] == ["EA"]

    before = now()
    pair = found(run)
    run("duplicates", "accept", pair, "--by", "Ada")
    told = {item["key"]: item for item in copy.follow(since=before)}
    assert (told[ESAT]["change"], told[ESAT]["moved_to"]) == ("joined", EA)
    assert set(told[EA]["former_keys"]) >= {ESAT}
    assert set(copy.held) == living(session)
    assert set(copy.held[EA]["kinds"]) == {"EA", "ESAT"}

    before = now()
    run("duplicates", "undo", pair, "--by", "Ada")
    copy.follow(since=before)
    assert set(copy.held) == living(session)
    assert ESAT in copy.held

    before = now()
    run("withdraw", EA, "--by", "Ada", "--why", "à sa demande")
    (gone,) = (item for item in copy.follow(since=before) if item["key"] == EA)
    assert (gone["change"], gone["structure"]) == ("withdrawn", None)
    assert EA not in copy.held


def test_a_copy_follows_what_a_directory_lists_no_more(
    run: Run, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    rows = [siae(n) for n in range(1, 8)]
    run("import", "siae", write_csv(tmp_path / "1.csv", rows))
    copy = Copy(client, session, "structures")
    assert len(copy.follow(limit=3)) == 7
    before = now()
    rows[1]["name"] = "AUTRE NOM"
    run("import", "siae", write_csv(tmp_path / "2.csv", rows[:-1]), "--accept-removals")
    told = {item["change"]: item for item in copy.follow(since=before)}
    assert told["ended"]["key"] == siae(7)["siret"]
    assert told["ended"]["on"]
    assert told["present"]["structure"]["name"] == "AUTRE NOM"
    assert set(copy.held) == living(session)
    # Begun again from `until`, which lies before: what was given is given again, and harms nothing.
    assert len(copy.follow()) == 7
    assert set(copy.held) == living(session)


def test_what_changes_while_it_is_read_comes_at_the_end(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    rows = [siae(n) for n in range(1, 6)]
    run("import", "siae", write_csv(tmp_path / "1.csv", rows))
    first = client.get("/api/v1/changes/structures?limit=2").json
    rows[0]["name"] = rows[4]["name"] = "AUTRE NOM"
    run("import", "siae", write_csv(tmp_path / "2.csv", rows))
    seen, path = [item["key"] for item in first["items"]], first["next"]
    while path:
        page = client.get(path.partition("8000")[2]).json
        assert page["until"] == first["until"]
        seen += [item["key"] for item in page["items"]]
        path = page["next"]
    sirets = [row["siret"] for row in rows]
    assert set(seen) == set(sirets)
    assert seen[-2:] == [sirets[0], sirets[4]]
    assert len(seen) == 6  # the first was given before it changed too


def read(session: Session, *records: NoticeRecord) -> None:
    with writing(session):
        run_id = open_run(session, "boamp", "essai", "")
    with writing(session, bulk=True):
        publish(session, run_id, list(records), Changes())


def test_a_copy_follows_contracts_that_are_joined_and_taken_away(
    session: Session, client: FlaskClient
) -> None:
    read(session, call("26-1"), later("26-9", "correction", 5), call("26-5", title="Repas"))
    copy = Copy(client, session, "contracts")
    copy.follow(limit=1)
    assert set(copy.held) == {"boamp-26-1", "boamp-26-9", "boamp-26-5"}
    whole = copy.held["boamp-26-1"]
    assert whole["lots"][0]["number"] == "1"
    assert whole["references"] == ["boamp-26-1"]

    before = now()
    read(session, later("26-9", "correction", 5, linked_keys=("26-1",)))
    told = {item["reference"]: item for item in copy.follow(limit=1, since=before)}
    assert (told["boamp-26-9"]["change"], told["boamp-26-9"]["moved_to"]) == (
        "joined", "boamp-26-1",
    )  # fmt: skip
    assert set(copy.held) == {"boamp-26-1", "boamp-26-5"}
    assert copy.held["boamp-26-1"]["references"] == ["boamp-26-1", "boamp-26-9"]

    before = now()
    read(session, later("26-9", "correction", 5))  # it cites nothing any more
    copy.follow(since=before)
    assert set(copy.held) == {"boamp-26-1", "boamp-26-9", "boamp-26-5"}

    before = now()
    with writing(session):
        remove_source(session, "boamp")
    assert {item["change"] for item in copy.follow(since=before)} == {"removed"}
    assert copy.held == {}
    assert session.scalar(select(Contract.id).limit(1)) is None


REFUSED = (
    ("structures?updated_since=hier", "updated_since"),
    ("structures?updated_since=0001-01-01T00:00:00%2B23:59", "updated_since"),
    ("contracts?cursor=zz", "cursor"),
    ("contracts?social=oui", "social"),
    ("structures?limit=101", "limit"),
    ("structures?fields=key,zz", "fields"),
)


@pytest.mark.database("sqlite")
def test_what_changes_cannot_be_asked_is_refused(client: FlaskClient) -> None:
    for path, parameter in REFUSED:
        answer = client.get(f"/api/v1/changes/{path}")
        assert answer.status_code == 400
        assert [error["parameter"] for error in answer.get_json(force=True)["errors"]] == [
            parameter
        ]


@pytest.mark.database("sqlite")
def test_fields_choose_what_is_said_of_the_object(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "1.csv", [siae(1)]))
    (item,) = client.get("/api/v1/changes/structures?fields=siret,city").json["items"]
    assert item["structure"] == {"siret": siae(1)["siret"], "city": "Lille"}
    whole = client.get(f"/api/v1/structures/{siae(1)['siret']}?fields=city,wins")
    assert whole.json == {"city": "Lille", "wins": []}
    assert client.get(f"/api/v1/structures/{siae(1)['siret']}?q=1").status_code == 400


def test_an_answer_known_to_be_unchanged_is_given_before_anything_is_searched(
    run: Run, session: Session, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("import", "siae", write_csv(tmp_path / "1.csv", [siae(1)]))
    path = "/api/v1/structures?limit=20"
    first = client.get(path)
    had = {"If-None-Match": first.headers["ETag"]}
    engine = client.application.extensions["annuaire.engine"]
    with monkeypatch.context() as patched:
        patched.setattr(type(engine), "search", None)  # would fail
        again = client.get(path, headers=had)
        assert (again.status_code, again.data) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary", "RateLimit"):
            assert name in again.headers
    assert client.get(path, headers={"If-None-Match": '"autre"'}).status_code == 200
    # A change of the database alone, then of the index: both are seen at once.
    with writing(session):
        structure = session.scalars(select(Structure)).one()
        structure.phone = "0320000000"
    changed = client.get(path, headers=had)
    assert changed.status_code == 200
    run("import", "siae", write_csv(tmp_path / "2.csv", [siae(n) for n in (1, 2)]))
    now_has = client.get(path, headers={"If-None-Match": changed.headers["ETag"]})
    assert now_has.json["total"] == 2
