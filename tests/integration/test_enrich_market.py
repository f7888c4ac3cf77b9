"""`annuaire enrich --source marche` against a list that answers as the real one does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire.bench.files import invented_siret
from annuaire.structures.models import Structure
from tests.factories.commands import Run, last_json
from tests.factories.files import siae, write_csv
from tests.factories.publisher import (
    Publisher,
    lead_commands,
    publishing,
)
from tests.factories.registers import stored
from tests.factories.services import (
    LIST,
    MarketService,
    market_item,
)

KNOWN = siae(1)["siret"]


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing("lemarche.inclusion.gouv.fr") as one:
        yield one


@pytest.fixture(autouse=True)
def local_client(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    lead_commands(publisher, monkeypatch)


@pytest.fixture
def register(run: Run, tmp_path: Path) -> Run:
    """A register of five structures of the SIAE directory."""
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(n) for n in range(1, 6)]))
    return run


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNUAIRE_MARCHE_TOKEN", "jeton")


def market(publisher: Publisher, *items: dict[str, Any]) -> MarketService:
    service = MarketService(items)
    publisher.answering(LIST, service)
    return service


def test_the_market_needs_a_token(run: Run, publisher: Publisher) -> None:
    result = run("enrich", "--source", "marche")
    assert result.exit_code != 0
    assert "ANNUAIRE_MARCHE_TOKEN" in str(result.exception)
    assert publisher.asked == []


@pytest.mark.usefixtures("token")
def test_the_market_tells_more_of_known_structures_and_lists_ea(
    register: Run, session: Session, publisher: Publisher, client: FlaskClient
) -> None:
    items = [market_item(n, invented_siret(n), "EI") for n in range(1, 250)]
    market(publisher, *items, market_item(900, invented_siret(900), "EA"))
    found = last_json(register("enrich", "--source", "marche", "--json"))
    assert (found["read"], found["accepted"], found["created"], found["updated"]) == (250, 6, 1, 5)
    known = stored(session, KNOWN)
    assert known.name == "PROPRETE D'ESSAI 1"
    assert (known.website, known.description) == (
        "https://essai.example", "Nettoyage : Bureaux et ateliers.",
    )  # fmt: skip
    assert [status.kind for status in known.statuses] == ["EI"]
    page = client.get(f"/structures/{KNOWN}").get_data(as_text=True)
    for said in (
        "Réseau du Spécimen",
        "Ville d&#39;essai",
        "Label d&#39;essai",
        "Nettoyage de loc",
    ):
        assert said in page
    listed = stored(session, invented_siret(900))
    assert (listed.name, listed.city) == ("STRUCTURE D'ESSAI 900", "Lille")
    assert [(s.kind, s.source) for s in listed.statuses] == [("EA", "marche")]
    for told in ("reseau=Réseau du Spécimen", "label=Label d'essai"):
        assert last_json(register("search", "", "--filter", told, "--json"))["total"] == 6
    page = client.get("/structures").get_data(as_text=True)
    assert 'name="reseau" value="Réseau du Spécimen"' in page
    hits = last_json(register("search", "", "--filter", "type=EA", "--json"))["hits"]
    assert [hit["siret"] for hit in hits] == [invented_siret(900)]
    again = last_json(register("enrich", "--source", "marche", "--json"))
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 6)


@pytest.mark.usefixtures("token")
def test_networks_and_labels_are_found_and_forgotten_as_the_market_tells_them(
    register: Run, publisher: Publisher, client: FlaskClient
) -> None:
    def found(told: str) -> int:
        total: int = last_json(register("search", "", "--filter", told, "--json"))["total"]
        return total

    assert 'name="label"' not in client.get("/structures").get_data(as_text=True)
    items = [market_item(n, invented_siret(n), "EI") for n in range(1, 250)]
    first = items[0] | {"networks": [{"name": "Premier"}, {"name": "Second"}]}
    market(publisher, first, *items[1:])
    register("enrich", "--source", "marche")
    assert [found("reseau=Premier"), found("reseau=Second"), found("reseau=Tiers")] == [1, 1, 0]
    market(publisher, first | {"networks": [{"name": "Tiers"}]}, *items[1:])
    register("enrich", "--source", "marche")
    assert [found("reseau=Premier"), found("reseau=Second"), found("reseau=Tiers")] == [0, 0, 1]


@pytest.mark.usefixtures("token")
def test_a_list_of_the_market_that_breaks_ends_nothing(
    register: Run, session: Session, publisher: Publisher
) -> None:
    items = [market_item(n, invented_siret(n)) for n in range(1000, 1150)]
    service = market(publisher, *items)
    register("enrich", "--source", "marche")
    service.cut_at = 100
    result = register("enrich", "--source", "marche", "--json")
    assert result.exit_code == 1
    assert last_json(result)["failed"]
    living = select(func.count()).select_from(Structure).where(Structure.ended_on.is_(None))
    assert session.scalar(living) == 155
    session.rollback()


@pytest.mark.usefixtures("token")
def test_a_wrong_token_is_said_plainly(
    run: Run, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    market(publisher, market_item(1, KNOWN))
    monkeypatch.setenv("ANNUAIRE_MARCHE_TOKEN", "faux")
    result = run("enrich", "--source", "marche", "--json")
    assert result.exit_code == 2
    assert "jeton" in last_json(result)["failed"]
    assert "faux" not in result.output
