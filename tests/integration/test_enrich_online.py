"""`annuaire enrich` against a search service that answers as the real one does, and fails too."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.runs import ImportRun
from annuaire.structures.models import Enquiry, SourceRecord
from tests.factories.commands import Run, issues_of, last_json
from tests.factories.files import siae, write_csv
from tests.factories.publisher import (
    Patience,
    Publisher,
    Reply,
    json_reply,
    lead_commands,
    publishing,
)
from tests.factories.registers import stored
from tests.factories.services import (
    SEARCH,
    SearchService,
    company,
    office,
)
from tests.integration.conftest import StartFrom

SIRETS = [siae(number)["siret"] for number in range(1, 6)]
FINESS = "590000018"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing("recherche-entreprises.api.gouv.fr", "lemarche.inclusion.gouv.fr") as one:
        yield one


@pytest.fixture
def patience() -> Patience:
    return Patience()


@pytest.fixture(autouse=True)
def local_client(publisher: Publisher, patience: Patience, monkeypatch: pytest.MonkeyPatch) -> None:
    lead_commands(publisher, monkeypatch, patience)


def fill(run: Run, folder: Path) -> None:
    """A register of five structures of the SIAE directory."""
    run("import", "siae", write_csv(folder / "siae.csv", [siae(n) for n in range(1, 6)]))


@pytest.fixture
def register(run: Run, start_from: StartFrom) -> Run:
    """The commands of such a site of the test's own."""
    start_from(fill)
    return run


@pytest.fixture
def service(publisher: Publisher) -> SearchService:
    """The search service, which knows four of the five."""
    answering = SearchService(*(company(office(siret)) for siret in SIRETS[:4]))
    publisher.answering(SEARCH, answering)
    return answering


def enquiries(session: Session) -> dict[str, bool]:
    session.rollback()
    found = {one.number: one.known for one in session.scalars(select(Enquiry))}
    session.rollback()
    return found


def counts(result: Any) -> tuple[int, ...]:
    found = last_json(result)
    return tuple(found[name] for name in ("read", "accepted", "updated", "refused", "left"))


def test_each_structure_is_asked_about_once_until_it_is_old(
    register: Run, service: SearchService, session: Session
) -> None:
    first = register("enrich", "--json")
    assert first.exit_code == 0
    assert counts(first) == (5, 5, 4, 0, 0)
    assert sorted(service.asked) == SIRETS
    assert enquiries(session) == dict.fromkeys(SIRETS[:4], True) | {SIRETS[4]: False}
    assert [issue["code"] for issue in issues_of(first)] == ["inconnu"]
    assert counts(register("enrich", "--json")) == (0, 0, 0, 0, 0)
    assert len(service.asked) == 5
    # What was asked about longer ago than that is asked again, and writes nothing if it is as
    # before.
    with writing(session):
        session.execute(
            update(Enquiry)
            .where(Enquiry.number == SIRETS[0])
            .values(asked_at=datetime.now(UTC) - timedelta(days=31))
        )
    assert counts(register("enrich", "--json")) == (1, 1, 0, 0, 0)
    assert service.asked[5:] == [SIRETS[0]]


def test_what_the_service_knows_is_kept_and_no_leader_is_asked_for(
    register: Run, service: SearchService, session: Session, publisher: Publisher
) -> None:
    register("enrich")
    structure = stored(session, SIRETS[0])
    assert (structure.name, structure.brand) == ("PROPRETE D'ESSAI 1", "ATELIER DU SPECIMEN")
    assert (structure.head_office, structure.ess, structure.open) == (True, True, True)
    assert structure.employees_range == "10 à 19 salariés"
    assert structure.origins["ess"][0] == "recherche_entreprises"
    for asked in publisher.asked:
        assert asked.query["minimal"] == "true"
        assert asked.query["include"] == "siege,complements,matching_etablissements"


def test_a_closing_ends_and_a_reopening_gives_life_back(
    register: Run, service: SearchService, session: Session
) -> None:
    closed = office(SIRETS[0], etat_administratif="F", date_fermeture="2026-06-30")
    service.companies[0] = company(closed)
    register("enrich")
    structure = stored(session, SIRETS[0])
    assert (structure.ended_on, structure.open) == (date(2026, 6, 30), False)
    service.companies[0] = company(office(SIRETS[0]))
    register("enrich", "--older-than", "0")
    assert stored(session, SIRETS[0]).ended_on is None


def test_limit_asks_some_and_says_how_many_are_left(register: Run, service: SearchService) -> None:
    assert counts(register("enrich", "--limit", "2", "--json")) == (2, 2, 2, 0, 3)
    assert counts(register("enrich", "--json"))[0] == 3
    assert sorted(service.asked) == SIRETS


def test_a_limit_of_the_service_is_waited_for_as_long_as_it_asks(
    register: Run, service: SearchService, patience: Patience
) -> None:
    service.before = [None, Reply(429, b"", {"Retry-After": "7"}), None]
    result = register("enrich", "--json")
    assert counts(result)[:2] == (5, 5)
    assert 7 in patience.slept
    assert len(service.asked) == 6


def test_requests_keep_under_seven_a_second(
    register: Run, service: SearchService, patience: Patience
) -> None:
    register("enrich")
    assert patience.now >= 4 / 7  # five requests


def test_cuts_and_passing_errors_are_tried_again(register: Run, service: SearchService) -> None:
    service.before = [
        Reply(503),
        Reply(200, b'{"results": [' + b" " * 4_000, cut_after=100),
    ]
    assert counts(register("enrich", "--json"))[:2] == (5, 5)


@pytest.mark.parametrize("wrong", [b"<html>maintenance</html>", b'{"results": 1}', b"[]", b'"x"'])
def test_a_broken_answer_costs_that_structure_which_is_asked_about_again(
    register: Run, service: SearchService, session: Session, wrong: bytes
) -> None:
    service.before = [Reply(200, wrong, {"Content-Type": "application/json"})]
    result = register("enrich", "--json")
    assert result.exit_code == 1
    assert counts(result) == (5, 4, 3, 1, 1)
    assert [issue["code"] for issue in issues_of(result) if issue["refused"]] == ["json"]
    assert counts(register("enrich", "--json")) == (1, 1, 1, 0, 0)


def test_a_service_that_only_gives_nonsense_is_left_alone(
    register: Run, service: SearchService
) -> None:
    service.before = [Reply(200, b"nonsense")] * 50
    result = register("enrich", "--json")
    assert result.exit_code == 2
    assert "illisibles" in last_json(result)["failed"]
    assert len(service.asked) == 5


def test_a_refused_number_is_not_asked_about_again_and_again(
    register: Run, service: SearchService, session: Session
) -> None:
    service.before = [json_reply({"erreur": "paramètre invalide"}, 400)]
    result = register("enrich", "--json")
    assert counts(result)[:2] == (5, 5)
    assert {issue["code"] for issue in issues_of(result)} == {"refuse", "inconnu"}
    assert enquiries(session)[SIRETS[0]] is False
    assert counts(register("enrich", "--json"))[0] == 0


def test_a_service_that_goes_away_leaves_what_was_asked_and_the_rest_for_later(
    register: Run, service: SearchService, session: Session
) -> None:
    service.before = [None, None, *[Reply(503)] * 40]
    result = register("enrich", "--json")
    assert result.exit_code == 1
    found = last_json(result)
    assert (found["accepted"], found["left"]) == (2, 3)
    assert "Relancez" in found["failed"]
    assert len(enquiries(session)) == 2
    session.rollback()
    latest = session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()
    assert (latest.source, latest.state) == ("recherche_entreprises", "failed")
    assert latest.file_name == "recherche-entreprises.api.gouv.fr"
    session.rollback()
    service.before = []
    assert counts(register("enrich", "--json")) == (3, 3, 2, 0, 0)
    assert stored(session, SIRETS[0]).brand == "ATELIER DU SPECIMEN"


def test_a_company_known_alone_is_asked_about_by_its_siren(
    run: Run, session: Session, tmp_path: Path, publisher: Publisher
) -> None:
    path = tmp_path / "esus.csv"
    siren = SIRETS[0][:9]
    path.write_text(f"SIREN,Raison sociale\n{siren},SOLIDAIRE D'ESSAI\n", encoding="utf-8")
    run("import", "esus", path)
    service = SearchService(company(office(SIRETS[0])))
    publisher.answering(SEARCH, service)
    run("enrich")
    assert service.asked == [siren]
    structure = stored(session, f"siren:{siren}")
    assert (structure.city, structure.naf) == ("Lille", "8121Z")
    service.companies = [
        company(office(SIRETS[0]), etat_administratif="C", date_fermeture="2026-01-15")
    ]
    run("enrich", "--older-than", "0")
    assert stored(session, f"siren:{siren}").ended_on == date(2026, 1, 15)


def finess_file(path: Path) -> Path:
    """FINESS with one ESAT that has no SIRET."""
    cells = [""] * 32
    cells[0:5] = ["structureet", FINESS, "590000000", "ESAT DU MODELE", ""]
    cells[12:16] = ["350", "59", "NORD", "59000 LILLE"]
    cells[18] = "246"
    path.write_text("finess;etalab;111;2026-05-12\n" + ";".join(cells) + "\n", encoding="utf-8")
    return path


def test_an_esat_without_siret_is_asked_about_by_its_finess_number(
    run: Run, session: Session, tmp_path: Path, publisher: Publisher
) -> None:
    run("import", "esat", finess_file(tmp_path / "finess.csv"))
    others = [office(siret, est_siege=False) for siret in SIRETS[1:3]]
    place = office(SIRETS[0], liste_finess=[FINESS], est_siege=False)
    service = SearchService(company(office(SIRETS[3]), *others), company(office(SIRETS[4]), place))
    publisher.answering(SEARCH, service)
    result = run("enrich", "--json")
    assert counts(result)[:2] == (1, 1)
    assert service.asked == [f"finess:{FINESS}"]
    record = session.scalars(
        select(SourceRecord).where(SourceRecord.source == "recherche_entreprises")
    ).one()
    assert (record.source_key, record.data["siret"]) == (SIRETS[0], SIRETS[0])
    assert record.data["finess"] == FINESS
    session.rollback()


def test_nothing_is_asked_without_a_structure(run: Run, publisher: Publisher) -> None:
    result = run("enrich", "--json")
    assert result.exit_code == 0
    assert counts(result)[0] == 0
    run("demo", "--no-serve")
    assert counts(run("enrich", "--json"))[0] == 0  # samples are invented
    assert publisher.asked == []
