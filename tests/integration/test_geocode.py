"""`annuaire geocode` against a local service that answers as the address base does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annuaire.addresses import NOT_FOUND_DAYS, AddressAnswer
from annuaire.db import writing
from annuaire.runs import ImportIssue
from annuaire.structures.models import Structure
from tests.factories.ban import Ban, centred, feature, job, running_ban
from tests.factories.commands import Run, last_json
from tests.factories.files import siae, write_csv


@pytest.fixture
def ban(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ban]:
    with running_ban() as server:
        monkeypatch.setenv("ANNUAIRE_GEOCODER_DOMAIN", server.address)
        yield server


def shown(session: Session, number: int) -> tuple[float | None, str | None, str | None]:
    """Where a structure stands: latitude, precision, and the source that says it."""
    session.rollback()
    found = session.scalars(select(Structure).where(Structure.siret == siae(number)["siret"])).one()
    values = found.lat, found.geo_precision, (found.origins.get("lat") or [None])[0]
    session.rollback()
    return values


def test_address_is_placed_and_an_import_does_not_undo_it(
    run: Run, session: Session, ban: Ban, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "siae.csv", [centred(1), siae(2)])
    run("import", "siae", path)
    assert shown(session, 1)[1:] == ("commune", "siae")
    ban.features = [feature()]
    said = last_json(run("geocode", "--json"))
    assert (said["candidates"], said["asked"], said["placed"]) == (1, 1, 1)
    assert said["precisions"] == {"number": 2}
    assert ban.asked == ["1 rue Inventée 59000 Lille"]
    assert shown(session, 1) == (50.64, "number", "ban")
    changed = write_csv(tmp_path / "new.csv", [centred(1, name="AUTRE NOM"), siae(2)])
    run("import", "siae", changed)
    assert shown(session, 1) == (50.64, "number", "ban")


def test_placed_structure_is_found_by_distance_and_its_page_says_how(
    run: Run, ban: Ban, client: Any, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [centred(1)]))
    ban.features = [feature(lat=50.70)]
    run("geocode")
    hits = last_json(run("search", "", "--near", "Lille", "--radius", "20", "--json"))["hits"]
    assert hits[0]["distance_km"] > 5
    page = client.get(f"/structures/{siae(1)['siret']}").get_data(as_text=True)
    assert "trouvée dans la Base adresse nationale (BAN)" in page
    assert client.get("/sources/ban").status_code == 200


def test_point_of_a_former_address_is_no_longer_shown(
    run: Run, session: Session, ban: Ban, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [centred(1)]))
    ban.features = [feature()]
    run("geocode")
    moved = centred(1, address="99 rue Nouvelle")
    run("import", "siae", write_csv(tmp_path / "moved.csv", [moved]))
    assert shown(session, 1)[1:] == ("commune", "siae")
    ban.features = [feature(lat=50.62)]
    assert last_json(run("geocode", "--json"))["placed"] == 1
    assert shown(session, 1) == (50.62, "number", "ban")


def test_true_point_of_a_directory_comes_back_before_the_looked_up_one(
    run: Run, session: Session, ban: Ban, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [centred(1)]))
    ban.features = [feature()]
    run("geocode")
    known = centred(1, lat="50.63", lon="3.06")
    run("import", "siae", write_csv(tmp_path / "known.csv", [known]))
    assert shown(session, 1) == (50.63, "number", "siae")


def test_structure_ends_with_its_directory_whatever_was_added(
    run: Run, session: Session, ban: Ban, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [centred(1), siae(2)]))
    ban.features = [feature()]
    run("geocode")
    run("import", "siae", write_csv(tmp_path / "less.csv", [siae(2)]), "--accept-removals")
    session.rollback()
    ended = session.scalar(select(Structure.ended_on).where(Structure.siret == siae(1)["siret"]))
    assert ended is not None


def test_distinct_address_is_asked_once(
    run: Run, session: Session, ban: Ban, tmp_path: Path
) -> None:
    rows = [centred(n, address="3 RUE  INVENTEE" if n % 2 else "3 rue Inventée") for n in (1, 2, 3)]
    run("import", "siae", write_csv(tmp_path / "siae.csv", rows))
    ban.features = [feature()]
    done = job(session, ban)
    assert (done.candidates, done.asked, done.placed) == (3, 1, 3)
    again = job(session, ban)
    assert (again.candidates, again.asked, again.placed) == (0, 0, 0)


def test_second_run_writes_nothing(run: Run, session: Session, ban: Ban, tmp_path: Path) -> None:
    rows = [centred(1), centred(2, address="2 rue Perdue")]
    run("import", "siae", write_csv(tmp_path / "siae.csv", rows))
    ban.by_words = {"Perdue": [], "Inventée": [feature()]}
    first = job(session, ban)
    assert (first.placed, first.not_found) == (1, 1)
    again = job(session, ban)
    assert (again.asked, again.placed, again.not_found, again.run_id) == (0, 0, 1, None)


def test_unknown_address_is_asked_again_after_a_time_or_on_demand(
    run: Run, session: Session, ban: Ban, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [centred(1)]))
    assert job(session, ban).not_found == 1
    assert job(session, ban).asked == 0
    assert job(session, ban, retry_failed=True).asked == 1
    with writing(session):
        old = datetime.now(UTC) - timedelta(days=NOT_FOUND_DAYS + 1)
        session.execute(update(AddressAnswer).values(asked_at=old))
    ban.features = [feature()]
    assert job(session, ban).placed == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (feature(score=0.3), "score"),
        (feature("municipality"), "imprecis"),
        (feature(citycode="59512"), "autre_commune"),
        (feature(citycode="69123", lat=45.76, lon=4.85), "autre_departement"),
        (feature(lat=0, lon=0), "hors"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_answer_is_a_remark_and_the_centre_stays(
    run: Run, session: Session, ban: Ban, tmp_path: Path, answer: dict[str, Any], code: str
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [centred(1)]))
    ban.features = [answer]
    done = job(session, ban)
    assert (done.placed, done.refused, done.exit_code) == (0, 1, 0)
    assert shown(session, 1)[1:] == ("commune", "siae")
    issue = session.scalars(select(ImportIssue).where(ImportIssue.run_id == done.run_id)).one()
    assert issue.code == code
    assert siae(1)["siret"] in issue.message
    session.rollback()
    assert job(session, ban).asked == 0
    assert job(session, ban, retry_failed=True).asked == 1


def test_limit_counts_requests(run: Run, session: Session, ban: Ban, tmp_path: Path) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [centred(n) for n in range(1, 6)]))
    ban.features = [feature()]
    said = last_json(run("geocode", "--limit", "2", "--json"))
    assert (said["asked"], said["placed"]) == (2, 2)


def test_without_anything_to_place_the_service_is_not_asked(
    run: Run, ban: Ban, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1)]))
    result = run("geocode")
    assert result.exit_code == 0
    assert "0 structures sans point précis" in result.stdout
    assert ban.asked == []
